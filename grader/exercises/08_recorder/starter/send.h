/* send.h - sends lines to a sink, and cannot tell a real one from a fake.
 *
 * SEND 1  It opens once. If that fails it neither puts nor closes.
 * SEND 2  The first put that fails is the last put.
 * SEND 3  The sink that it opened it closes exactly once, after the last
 *         put, on every path.
 * SEND 4  It returns 0, or the first error that it met; an error of close
 *         is an error too.
 */
#ifndef SEND_H
#define SEND_H

#include <stddef.h>
#include "sink.h"

/* Opens a sink by OPEN(SELF, ...), puts the N LINES, closes the sink. */
int send_lines(sink_open_fn *open, void *self,
	       const char *const lines[], size_t n);

#endif
