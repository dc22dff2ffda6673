#!/bin/sh
# Kind: 12
# Says: A member is a symbolic link, and the next is a file beyond it.
# Outcome: judged, rejected
# Most: 100
set -eu
cd "${1%/*}"
ln -s /tmp 12_global/out
tar -cf all.tar 12_global
rm 12_global/out
mkdir 12_global/out
echo beyond >12_global/out/hostile-file
tar -rf all.tar 12_global/out/hostile-file
rm -r 12_global/out
printf '%s' "$PWD/all.tar"
