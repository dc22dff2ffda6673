#!/bin/sh
# Kind: 6
# Says: A sparse file of one tebibyte, where the file system has such.
# Outcome: rejected
# Score: 0
# Diagnosis: day.c is larger than one mebibyte
set -eu
truncate -s 1T "$1/day.c" 2>/dev/null || exit 77
