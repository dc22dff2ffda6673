#!/bin/sh
# Kind: 4
# Says: A symbolic link to a file without an end.
# Outcome: rejected
# Score: 0
# Diagnosis: day.c is a symbolic link
set -eu
ln -sf /dev/zero "$1/day.c"
