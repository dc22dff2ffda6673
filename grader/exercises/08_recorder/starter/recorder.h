/* recorder.h - a fake sink that keeps count of what was done to it.
 *
 * A test declares `struct recorder r = {0};`, says what is to fail, and
 * hands `recorder_open` and `&r` to the code under test. The recorder is
 * the test's own: it needs no memory and no close, and it outlives every
 * sink opened on it.
 *
 * CONTRACT 1  An open that succeeds counts one open and fills *ret_sink.
 * CONTRACT 2  With fail_open set, open returns -fail_open, counts nothing
 *             and leaves *ret_sink untouched.
 * CONTRACT 3  A put while open counts one put; put number fail_put_at
 *             returns -fail_put, and counts too.
 * CONTRACT 4  A close while open counts one close and ends the opening,
 *             also when it returns -fail_close.
 * CONTRACT 5  While not open, a put counts in late_puts and a close in
 *             extra_closes, and nowhere else; both return -EBADF.
 * CONTRACT 6  The counts can still be read after the close.
 * CONTRACT 7  recorder_settled: every open was closed, and nothing came
 *             late or extra.
 */
#ifndef RECORDER_H
#define RECORDER_H

#include <stdbool.h>
#include "sink.h"

struct recorder {
	/* Set by the test: positive errnos, and 0 where nothing fails. */
	int fail_open;
	int fail_put;
	unsigned fail_put_at; /* the put that fails, counted from 1 */
	int fail_close;

	/* Counted while the sink was open ... */
	unsigned opens, puts, closes;
	/* ... and while it was not. */
	unsigned late_puts, extra_closes;
	bool is_open;
};

/* A sink_open_fn; RECORDER points to a struct recorder. */
int recorder_open(void *recorder, struct sink *ret_sink);

/* Whether R has nothing to complain of. */
bool recorder_settled(const struct recorder *r);

#endif
