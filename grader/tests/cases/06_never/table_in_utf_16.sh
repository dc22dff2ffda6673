#!/bin/sh
# Kind: 8
# Says: The table in UTF-16.
# Outcome: judged, rejected
# Score: 0
set -eu
iconv -f UTF-8 -t UTF-16 "$1/table.txt" >"$1/other"
mv "$1/other" "$1/table.txt"
