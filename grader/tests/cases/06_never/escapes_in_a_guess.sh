#!/bin/sh
# Kind: 22
# Says: A guess that clears the screen of whoever reads the verdict.
# Outcome: judged, rejected
# Score: 0
set -eu
printf 'return \033[2J\033]0;hostile\007 yes yes\n' >"$1/table.txt"
