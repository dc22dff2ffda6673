/* send.c - a correct version: labels, each named for what it still owes. */
#include "send.h"

/* Leaves by the label that undoes just what has been done. */
int send_lines(sink_open_fn *open, void *self,
	       const char *const lines[], size_t n)
{
	struct sink sink;
	int err, close_err;

	err = open(self, &sink);
	if (err)
		goto out;
	for (size_t i = 0; i < n; i++) {
		err = sink.put(sink.self, lines[i]);
		if (err)
			goto close_sink;
	}
close_sink:
	close_err = sink.close(sink.self);
	if (!err)
		err = close_err;
out:
	return err;
}
