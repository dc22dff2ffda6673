#!/bin/sh
# Kind: 12
# Says: A member of the archive names an absolute path.
# Outcome: judged, rejected
# Most: 100
set -eu
cd "${1%/*}"
echo absolute >hostile-file
tar -cPf all.tar --transform 's,^hostile,/tmp/hostile,' \
	12_global hostile-file
rm hostile-file
printf '%s' "$PWD/all.tar"
