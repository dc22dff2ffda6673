#!/bin/sh
# Kind: 12
# Says: A member of the archive climbs out of the folder by two dots.
# Outcome: judged, rejected
# Most: 100
set -eu
cd "${1%/*}"
echo climbed >hostile-file
tar -cPf all.tar --transform 's,^hostile,../../hostile,' \
	12_global hostile-file
rm hostile-file
printf '%s' "$PWD/all.tar"
