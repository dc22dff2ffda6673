#!/bin/sh
# Kind: 4
# Says: day.c is a symbolic link out of the folder.
# Outcome: rejected
# Score: 0
# Diagnosis: day.c is a symbolic link
# Never: root:x
set -eu
ln -sf /etc/passwd "$1/day.c"
