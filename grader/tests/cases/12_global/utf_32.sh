#!/bin/sh
# Kind: 8
# Says: UTF-32, four bytes a letter.
# Outcome: rejected, compile_error
# Score: 0
set -eu
iconv -f UTF-8 -t UTF-32 "$1/day.c" >"$1/other"
mv "$1/other" "$1/day.c"
