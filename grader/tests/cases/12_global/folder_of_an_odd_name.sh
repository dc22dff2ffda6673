#!/bin/sh
# Kind: 11
# Says: The folder that is graded has a name of blanks, quotes, a newline and a dash.
# Score: 100
set -eu
odd=${1%/*}/"-I it's \"odd\" \$(x) %s
and \`two\` lines"
mkdir "$odd"
mv "$1" "$odd"
printf '%s' "$odd"
