#!/bin/sh
# Kind: 11
# Says: Files beside those that are asked for, with names that a careless command line takes for options.
# Score: 100
set -eu
cd "$1"
for name in -fplugin=x.c @o.c -o -rf --help '$(touch hostile)' 'a;b.c' \
	"it's.c" 'say "x".c' 'two
lines.c'; do
	printf '#error taken\n' >"./$name"
done
