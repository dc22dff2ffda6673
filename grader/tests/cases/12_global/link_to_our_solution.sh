#!/bin/sh
# Kind: 4
# Says: day.c is a symbolic link to the solution of the workbook.
# Outcome: rejected
# Score: 0
# Diagnosis: day.c is a symbolic link
set -eu
ln -sf "$PWD/solutions/12_global/day.c" "$1/day.c"
