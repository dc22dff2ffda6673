#!/bin/sh
# Kind: 12
# Says: A member of the archive is a device. It takes root to make one.
# Outcome: missing, rejected
# Most: 0
set -eu
cd "${1%/*}"
rm 12_global/day.c
mknod 12_global/day.c c 1 5 2>/dev/null || exit 77
tar -cf all.tar 12_global
printf '%s' "$PWD/all.tar"
