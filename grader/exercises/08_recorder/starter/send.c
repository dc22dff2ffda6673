/* send.c - the client: it opens a sink, so it owes that sink a close. */
#include "send.h"

/* Puts the lines into a sink of its own.
 * TODO: one way out forgets what is owed. Let your recorder say which, and
 * only then mend it. */
int send_lines(sink_open_fn *open, void *self,
	       const char *const lines[], size_t n)
{
	struct sink sink;
	int rc = open(self, &sink);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < n; i++) {
		rc = sink.put(sink.self, lines[i]);
		if (rc < 0)
			return rc;
	}
	return sink.close(sink.self);
}
