/* sink.h - an object that takes lines: a file, a socket, or a fake of one.
 *
 * A sink is two functions and the object that they work on. The code that uses
 * the sink calls the functions and does not know what the object is.
 */
#ifndef SINK_H
#define SINK_H

struct sink {
	void *self; /* the object: the first argument of both functions */

	/* Takes one line. Returns 0 or a negative errno. */
	int (*put)(void *self, const char *line);

	/* Closes the sink. Returns 0 or a negative errno; it is closed either
	 * way. */
	int (*close)(void *self);
};

/* Opens a sink. Returns 0 and fills *ret_sink, which the caller owns and closes
 * once; or returns a negative errno, with *ret_sink unchanged and nothing to
 * close. */
typedef int sink_open_fn(void *self, struct sink *ret_sink);

#endif
