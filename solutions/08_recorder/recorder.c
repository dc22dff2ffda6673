/* recorder.c - a fake sink that keeps count of what was done to it. */
#include "recorder.h"

#include <errno.h>

/* Counts a put, as late when there is nothing open to put to. */
static int record_put(void *self, const char *line)
{
	struct recorder *r = self;
	(void)line;
	if (!r->is_open) {
		r->late_puts++;
		return -EBADF;
	}
	r->puts++;
	return r->puts == r->fail_put_at ? -r->fail_put : 0;
}

/* Counts a close, as extra when there is nothing open to close. */
static int record_close(void *self)
{
	struct recorder *r = self;
	if (!r->is_open) {
		r->extra_closes++;
		return -EBADF;
	}
	r->closes++;
	r->is_open = false;
	return -r->fail_close;
}

/* Hands out a sink whose every call ends up in the record. */
int recorder_open(void *recorder, struct sink *ret_sink)
{
	struct recorder *r = recorder;
	if (r->fail_open)
		return -r->fail_open;
	r->opens++;
	r->is_open = true;
	*ret_sink = (struct sink){ r, record_put, record_close };
	return 0;
}

/* Whether every open was closed, and nothing came late or extra. */
bool recorder_settled(const struct recorder *r)
{
	return r->opens == r->closes && !r->late_puts && !r->extra_closes;
}
