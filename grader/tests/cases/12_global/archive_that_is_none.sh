#!/bin/sh
# Kind: 12
# Says: What is said to be an archive is noise.
# Outcome: rejected
# Most: 0
set -eu
cd "${1%/*}"
rm -r 12_global
head -c 5000 day.noise >all.tar 2>/dev/null || head -c 5000 /dev/zero | tr '\0' 'x' >all.tar
printf '%s' "$PWD/all.tar"
