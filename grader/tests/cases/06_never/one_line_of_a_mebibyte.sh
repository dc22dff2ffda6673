#!/bin/sh
# Kind: 6
# Says: A table of one line.
# Outcome: judged, rejected
# Score: 0
set -eu
head -c 1048576 /dev/zero | tr '\0' 'y' >"$1/table.txt"
