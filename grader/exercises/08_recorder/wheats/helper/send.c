/* send.c - a correct version: a helper that may return as it likes. */
#include "send.h"

/* Puts until one fails; the sink is borrowed, so it stays open. */
static int put_all(const struct sink *sink, const char *const *line, size_t n)
{
	while (n--) {
		int put = sink->put(sink->self, *line++);
		if (put < 0)
			return put;
	}
	return 0;
}

/* Owns the sink around the helper: one open above it, one close below. */
int send_lines(sink_open_fn *open, void *self,
	       const char *const lines[], size_t n)
{
	struct sink sink;
	int opened = open(self, &sink);
	if (opened < 0)
		return opened;

	int sent = put_all(&sink, lines, n);
	int closed = sink.close(sink.self);
	if (sent < 0)
		return sent;
	return closed;
}
