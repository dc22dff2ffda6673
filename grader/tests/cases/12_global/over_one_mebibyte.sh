#!/bin/sh
# Kind: 6
# Says: Our solution with two mebibytes of blanks after it.
# Outcome: rejected
# Score: 0
# Diagnosis: day.c is larger than one mebibyte
set -eu
head -c 2097152 /dev/zero | tr '\0' ' ' >>"$1/day.c"
