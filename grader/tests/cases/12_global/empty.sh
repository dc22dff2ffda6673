#!/bin/sh
# Kind: 2
# Says: A file without a byte in it.
# Outcome: compile_error
# Score: 40
# Diagnosis: no function day_run is defined
set -eu
: >"$1/day.c"
