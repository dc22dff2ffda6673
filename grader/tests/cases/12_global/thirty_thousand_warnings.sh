#!/bin/sh
# Kind: 19
# Says: Right code with thirty thousand warnings in it: no warning costs a point.
# Score: 100
# Needs: sandbox
set -eu
i=0
while [ "$i" -lt 30000 ]; do
	echo "#warning $i"
	i=$((i + 1))
done >>"$1/day.c"
