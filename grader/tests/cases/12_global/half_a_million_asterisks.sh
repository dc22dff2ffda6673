#!/bin/sh
# Kind: 21
# Says: A pointer to a pointer to a pointer, half a million times.
# Outcome: compile_error, timeout, memory_limit
# Score: 40
# Needs: sandbox
set -eu
{
	printf 'int '
	head -c 500000 /dev/zero | tr '\0' '*'
	printf 'deep;\n'
} >>"$1/day.c"
