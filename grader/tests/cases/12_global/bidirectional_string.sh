#!/bin/sh
# Kind: 10
# Says: A string whose end looks as if it stood elsewhere, in the code that is judged.
# Score: 100
# Evidence: direction
set -eu
printf 'extern const char *const role;\nconst char *const role = "user\342\200\256 \342\201\246// admin\342\201\251 \342\201\246";\n' >>"$1/day.c"
