/* sink.h - somewhere that lines go: a file, a socket, or a fake of one.
 *
 * A sink is two functions and the thing that they work on. Its user calls
 * the functions and never learns what the thing is.
 */
#ifndef SINK_H
#define SINK_H

struct sink {
	void *self; /* the thing itself: the first argument of both calls */

	/* Takes one line: 0, or a negative errno. */
	int (*put)(void *self, const char *line);

	/* Ends the sink: 0, or a negative errno. It is closed either way. */
	int (*close)(void *self);
};

/* Opens a sink: 0 and *ret_sink, which the caller owns and closes once;
 * or a negative errno, with *ret_sink untouched and nothing to close. */
typedef int sink_open_fn(void *self, struct sink *ret_sink);

#endif
