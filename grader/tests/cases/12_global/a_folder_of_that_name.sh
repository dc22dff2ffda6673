#!/bin/sh
# Kind: 3
# Says: day.c is a directory that holds the real one.
# Outcome: rejected
# Score: 0
# Diagnosis: day.c
set -eu
mv "$1/day.c" "$1/inner"
mkdir "$1/day.c"
mv "$1/inner" "$1/day.c/day.c"
