#!/bin/sh
# Kind: 9
# Says: A name and a string in Latin-1.
# Score: 100
set -eu
printf '/* Andr\351 wrote this */\nstatic const char by[] = "Andr\351";\nconst char *author(void);\nconst char *author(void)\n{\n\treturn by;\n}' >>"$1/day.c"
