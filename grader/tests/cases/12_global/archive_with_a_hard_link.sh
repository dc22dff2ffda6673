#!/bin/sh
# Kind: 12
# Says: A member is a hard link to a file outside.
# Outcome: missing, rejected
# Most: 0
# Never: root:x
set -eu
cd "${1%/*}"
rm 12_global/day.c
echo outside >hostile-file
ln hostile-file 12_global/day.c
tar -cPf all.tar --transform 's,^hostile-file,/etc/passwd,' \
	hostile-file 12_global
rm hostile-file
printf '%s' "$PWD/all.tar"
