/* send.h - sends lines to a sink, a real one or a fake.
 *
 * SEND 1  send_lines opens the sink once. If the open fails, it puts nothing
 *         and closes nothing.
 * SEND 2  It puts each line once, in order. The first put that fails is the
 *         last put.
 * SEND 3  It closes the sink that it opened exactly once, after the last put,
 *         on every path.
 * SEND 4  It returns 0, or the first error that it met. An error of close is
 *         an error too.
 */
#ifndef SEND_H
#define SEND_H

#include <stddef.h>
#include "sink.h"

/* Opens a sink by OPEN(SELF, ...), puts the N LINES, closes the sink. */
int send_lines(sink_open_fn *open, void *self,
	       const char *const lines[], size_t n);

#endif
