#!/bin/sh
# Kind: 7
# Says: As a disk hands a file back after a crash: the size is right, and all of it is NUL.
# Outcome: rejected, compile_error
# Score: 0
set -eu
head -c 1000 /dev/zero >"$1/day.c"
