#!/bin/sh
# Kind: 9
# Says: A byte order mark, carriage returns, and no last newline.
# Outcome: judged
# Score: 100
set -eu
{ printf '\357\273\277'; sed 's/$/\r/' "$1/table.txt"; printf '# end'; } >"$1/other"
mv "$1/other" "$1/table.txt"
