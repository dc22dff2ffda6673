/* recorder.h - a fake sink that counts what was done to it.
 *
 * A test declares `struct recorder r = {0};`, sets what should fail, and passes
 * `recorder_open` and `&r` to the code under test. The test owns the recorder:
 * it needs no memory and no close, and it outlives every sink that was opened
 * on it.
 *
 * CONTRACT 1  An open that succeeds counts one open and fills *ret_sink.
 * CONTRACT 2  If fail_open is set, open returns -fail_open, counts nothing and
 *             leaves *ret_sink unchanged.
 * CONTRACT 3  A put while the sink is open counts one put. Put number
 *             fail_put_at returns -fail_put, and it is counted too.
 * CONTRACT 4  A close while the sink is open counts one close and closes the
 *             sink, also when it returns -fail_close.
 * CONTRACT 5  While the sink is not open, a put is counted in late_puts and a
 *             close in extra_closes, and nowhere else. Both return -EBADF.
 * CONTRACT 6  The counts can still be read after the close.
 * CONTRACT 7  recorder_settled returns true if every open was closed, and no
 *             put was late and no close was extra.
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

/* Returns whether every open was closed, and nothing was late or extra. */
bool recorder_settled(const struct recorder *r);

#endif
