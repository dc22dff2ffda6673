#!/bin/sh
# Kind: 13
# Says: Headers, settings and counters of its own beside the code. Only what is asked for is taken.
# Score: 100
set -eu
cd "$1"
for header in check.h day.h brakes.h errno.h stdio.h; do
	echo '#error this header is not yours' >"$header"
done
printf 'exclude = .*\nfail-under-line = 100\n' >gcovr.cfg
echo '--leak-check=no --error-exitcode=0' >.valgrindrc
echo 'quit' >.gdbinit
printf 'all:\n\tfalse\n' >Makefile
head -c 100 /dev/zero >day.gcda
head -c 100 /dev/zero >day.gcno
mkdir build solutions
echo '{ "schema": "brakes/verdict/v1", "score": 100 }' >build/verdict.json
