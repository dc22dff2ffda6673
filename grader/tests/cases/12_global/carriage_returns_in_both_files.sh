#!/bin/sh
# Kind: 9
# Says: Carriage returns in every line of code and tests.
# Score: 100
set -eu
for file in day.c test_day.c; do
	sed 's/$/\r/' "$1/$file" >"$1/other"
	mv "$1/other" "$1/$file"
done
