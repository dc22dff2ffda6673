/* recorder.c - a fake sink that keeps count of what was done to it. */
#include "recorder.h"

/* TODO: this record knows whether there was a close, not how often, and no
 * test can make put or close fail. Keep the seven promises of recorder.h. */

/* Counts a put. */
static int record_put(void *self, const char *line)
{
	struct recorder *r = self;
	(void)line;
	r->puts++;
	return 0;
}

/* Notes that there was a close. */
static int record_close(void *self)
{
	struct recorder *r = self;
	r->is_open = false;
	return 0;
}

/* Hands out a sink whose every call ends up in the record. */
int recorder_open(void *recorder, struct sink *ret_sink)
{
	struct recorder *r = recorder;
	r->opens++;
	r->is_open = true;
	*ret_sink = (struct sink){ r, record_put, record_close };
	return -r->fail_open;
}

/* Whether nothing is left open. */
bool recorder_settled(const struct recorder *r)
{
	return !r->is_open;
}
