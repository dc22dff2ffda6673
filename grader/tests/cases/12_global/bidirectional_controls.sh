#!/bin/sh
# Kind: 10
# Says: A comment that an editor shows as code, by controls of the direction of writing. It is judged by what it is, with a warning.
# Score: 100
# Evidence: direction
set -eu
printf '/* \342\200\256 } \342\201\246 if (closed) \342\201\251 \342\201\246 begin */\n' >>"$1/day.c"
