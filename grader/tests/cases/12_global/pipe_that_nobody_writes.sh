#!/bin/sh
# Kind: 5
# Says: day.c is a FIFO: whoever opens it to read waits for ever.
# Outcome: rejected
# Score: 0
# Diagnosis: day.c
set -eu
rm "$1/day.c"
mkfifo "$1/day.c"
