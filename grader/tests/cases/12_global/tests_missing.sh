#!/bin/sh
# Kind: 1
# Says: The tests were forgotten.
# Outcome: missing
# Score: 60
# Diagnosis: test_day.c is not there
set -eu
rm "$1/test_day.c"
