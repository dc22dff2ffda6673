/* send.c - the client: it opens a sink, so it owes that sink a close. */
#include "send.h"

/* Once open has succeeded there is one way out, and it leads by the close. */
int send_lines(sink_open_fn *open, void *self,
	       const char *const lines[], size_t n)
{
	struct sink sink;
	int rc = open(self, &sink);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = sink.put(sink.self, lines[i]);
	int closed = sink.close(sink.self);
	return rc < 0 ? rc : closed;
}
