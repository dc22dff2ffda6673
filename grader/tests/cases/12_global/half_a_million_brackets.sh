#!/bin/sh
# Kind: 21
# Says: An expression in half a million brackets.
# Outcome: compile_error, timeout, memory_limit
# Score: 40
# Needs: sandbox
set -eu
{
	printf 'int deep = '
	head -c 500000 /dev/zero | tr '\0' '('
	printf '1;\n'
} >>"$1/day.c"
