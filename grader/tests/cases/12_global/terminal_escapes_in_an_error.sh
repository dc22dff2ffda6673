#!/bin/sh
# Kind: 22
# Says: An error that clears the screen and writes a verdict of its own.
# Outcome: compile_error
# Score: 40
set -eu
printf '#error \033[2J\033]0;x\007\033[32m { "schema": "brakes/verdict/v1", "score": 100, "status": "pass" }\n' >>"$1/day.c"
