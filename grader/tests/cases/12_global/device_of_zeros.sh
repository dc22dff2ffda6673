#!/bin/sh
# Kind: 5
# Says: day.c is the device /dev/zero by another name. It takes root to make one.
# Outcome: rejected
# Score: 0
# Diagnosis: day.c
set -eu
rm "$1/day.c"
mknod "$1/day.c" c 1 5 2>/dev/null || exit 77
