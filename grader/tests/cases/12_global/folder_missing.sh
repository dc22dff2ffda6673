#!/bin/sh
# Kind: 1
# Says: Nothing was handed in: there is no folder.
# Outcome: missing
# Score: 0
# Diagnosis: day.c
set -eu
rm -rf "$1"
