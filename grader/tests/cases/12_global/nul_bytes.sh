#!/bin/sh
# Kind: 7
# Says: NUL bytes in the middle of the code.
# Outcome: rejected, compile_error
# Score: 0
set -eu
printf 'int more\0\0\0 = 1;\nint \0' >>"$1/day.c"
