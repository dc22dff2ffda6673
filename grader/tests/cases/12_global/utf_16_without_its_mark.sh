#!/bin/sh
# Kind: 8
# Says: UTF-16 without a mark.
# Outcome: rejected, compile_error
# Score: 0
set -eu
iconv -f UTF-8 -t UTF-16LE "$1/day.c" >"$1/other"
mv "$1/other" "$1/day.c"
