#!/bin/sh
# sample.sh: the part of the self-check that `make test` has time for.
exec build/selfcheck --sample "$@"
