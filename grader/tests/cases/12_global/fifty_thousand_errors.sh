#!/bin/sh
# Kind: 19
# Says: Fifty thousand errors: only the first is told.
# Outcome: compile_error
# Score: 40
# Needs: sandbox
set -eu
i=0
while [ "$i" -lt 50000 ]; do
	echo "int e = $i +;"
	i=$((i + 1))
done >>"$1/day.c"
