#!/bin/sh
# Kind: 4
# Says: day.c is a symbolic link to itself.
# Outcome: rejected
# Score: 0
# Diagnosis: day.c
set -eu
ln -sf day.c "$1/day.c"
