#!/bin/sh
# Kind: 1
# Says: Nothing was handed in: there is no folder.
# Outcome: missing
# Score: 0
# Diagnosis: 12_global is not there
set -eu
rm -rf "$1"
