#!/bin/sh
# Kind: 4
# Says: The table is a link to ours.
# Outcome: rejected
# Score: 0
# Diagnosis: table.txt is a symbolic link
set -eu
ln -sf "$PWD/solutions/06_never/table.txt" "$1/table.txt"
