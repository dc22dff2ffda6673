/* day.h - one day's sales at the till, kept in one book.
 *
 * A book is a text file with one line for each sale, "NUMBER WHAT CENTS":
 * "1 bread 350".
 *
 * CONTRACT 1  Once day_run has returned, with success or with an error,
 *             everything that it opened is closed.
 * CONTRACT 2  Each run opens the book at its own PATH, once, replaces what
 *             that file held, and writes one line for each sale, numbered
 *             from 1: two runs in one process know nothing of each other.
 * CONTRACT 3  When its book cannot be opened, a run returns the negative
 *             errno, and the next run is none the worse.
 * CONTRACT 4  The first line that cannot be written ends the run: -EIO.
 * CONTRACT 5  A run whose book fails to close has failed: the close's
 *             negative errno is returned, or the earlier error if there
 *             was one.
 * CONTRACT 6  *ret_cents is the sum of the day on success; on failure it
 *             keeps the value that it had.
 */
#ifndef DAY_H
#define DAY_H

#include <stddef.h>

struct sale {
	const char *what;	/* one word, 40 bytes at most */
	int cents;
};

/* Writes SALES, N of them, into the book at PATH. 0 or a negative errno;
 * path and sales stay the caller's. */
int day_run(const char *path, const struct sale sales[], size_t n,
	    long *ret_cents);

#endif
