/* round.h - a round, which reads meters and adds up the numbers that they show.
 *
 * ROUND 1  round_run closes each meter before it opens the next one, and the
 *          last one before it returns, with success or with an error.
 * ROUND 2  The first error ends the round and is returned. A close that fails
 *          is an error like any other.
 * ROUND 3  *ret_units is the sum on success and unchanged on failure.
 */
#ifndef ROUND_H
#define ROUND_H

#include <stddef.h>

/* Reads the N meters at PATHS; the sum fits into a long. Returns 0 or a
 * negative errno. The caller keeps the paths. */
int round_run(const char *const paths[], size_t n, long *ret_units);

#endif
