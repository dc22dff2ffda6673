/* round.h - a round: from meter to meter, and add up what they show.
 *
 * ROUND 1  Each meter is closed before the next one is opened, and the last
 *          before round_run returns, with success or with an error.
 * ROUND 2  The first error ends the round and is returned. A close that
 *          fails is an error as any other.
 * ROUND 3  *ret_units is the sum on success, and untouched on failure.
 */
#ifndef ROUND_H
#define ROUND_H

#include <stddef.h>

/* Reads the meters at PATHS, N of them. 0 or a negative errno; the paths
 * stay the caller's. */
int round_run(const char *const paths[], size_t n, long *ret_units);

#endif
