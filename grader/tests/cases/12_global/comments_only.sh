#!/bin/sh
# Kind: 2
# Says: The answer is a comment.
# Outcome: compile_error
# Score: 40
# Diagnosis: no function day_run is defined
set -eu
printf '/* int day_run(void) */\n// to be done\n' >"$1/day.c"
