#!/bin/sh
# Kind: 9
# Says: UTF-8 with a byte order mark.
# Score: 100
set -eu
for file in day.c test_day.c; do
	{ printf '\357\273\277'; cat "$1/$file"; } >"$1/marked"
	mv "$1/marked" "$1/$file"
done
