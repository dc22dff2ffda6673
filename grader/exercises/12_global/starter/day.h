/* day.h - writes one day's sales at the till into a book, and adds up what they
 * cost.
 *
 * A book is a text file with one line for each sale, such as "1 bread 350":
 *
 *	NUMBER WHAT CENTS
 *
 * CONTRACT 1  When day_run has returned, with success or with an error,
 *             nothing that it opened is open.
 * CONTRACT 2  Each run opens the book at its own PATH, once, replaces what the
 *             file held, and writes one line for each sale, numbered from 1.
 *             Two runs in one process are independent.
 * CONTRACT 3  A run that cannot open its book returns the negative errno of
 *             the open, and the next run is not affected.
 * CONTRACT 4  A line that cannot be written ends the run, which returns -EIO.
 * CONTRACT 5  When closing the book fails, the run has failed: it returns the
 *             negative errno of the close, unless there is an earlier error.
 * CONTRACT 6  *ret_cents is the sum on success and unchanged on failure.
 */
#ifndef DAY_H
#define DAY_H

#include <stddef.h>

struct sale {
	const char *what;	/* one word, at most 40 bytes */
	int cents;
};

/* Writes SALES, N of them, into the book at PATH. Returns 0 or a negative
 * errno. PATH and SALES are lent. */
int day_run(const char *path, const struct sale sales[], size_t n,
	    long *ret_cents);

#endif
