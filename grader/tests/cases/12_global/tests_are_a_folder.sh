#!/bin/sh
# Kind: 3
# Says: test_day.c is a directory.
# Outcome: rejected
# Score: 60
# Diagnosis: test_day.c
set -eu
rm "$1/test_day.c"
mkdir "$1/test_day.c"
