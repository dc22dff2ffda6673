/* driver.h - what the driver of an exercise is written with: a table of
 * commands, each of which reads ints and strings, calls one function of the
 * learner's and replies ints and strings. It holds no expectation.
 *
 *	static void run(struct command_call *c)
 *	{
 *		long cents = call_int(c, 1);
 *		reply_int(c, day_run(call_text(c, 0), sales, 2, &cents));
 *		reply_int(c, cents);
 *	}
 *	const struct command driver_commands[] = { { "run", run }, { 0 } };
 *
 * The first value replied is the answer's value. errno is copied when the first
 * value is replied, so reply it at once.
 */
#ifndef RUNTIME_DRIVER_H
#define RUNTIME_DRIVER_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include "protocol/plan.h"
#include "protocol/wire.h"

enum { REPLY_MAX = 3072 };

struct command_call {
	const struct words *words;	/* "ask", its number, the command, and its
					 * arguments */
	int err;			/* errno after the call */
	size_t replied;			/* values so far */
	char reply[REPLY_MAX];
	char *end;			/* of the reply */
};

struct command {
	const char *name;
	void (*run)(struct command_call *call);
};

/* The driver's table, ended by an empty row. */
extern const struct command driver_commands[];

/* Argument N, counted from 0, as text; "" when there are fewer. */
static inline const char *call_text(const struct command_call *call, size_t n)
{
	return n + 3 < call->words->n ? call->words->word[n + 3] : "";
}

/* Argument N as a number. */
static inline long call_int(const struct command_call *call, size_t n)
{
	return strtol(call_text(call, n), NULL, 0);
}

/* How many arguments came. */
static inline size_t call_count(const struct command_call *call)
{
	return call->words->n - 3;
}

/* Replies a string; what does not fit is cut. */
static inline void reply_text(struct command_call *call, const char *text)
{
	if (call->replied++ == 0)
		call->err = errno;
	call->end = wire_put(call->end, (size_t)(call->reply + REPLY_MAX -
						 call->end), text);
}

/* Replies a number. */
static inline void reply_int(struct command_call *call, long value)
{
	int saved = errno;
	char text[32];
	snprintf(text, sizeof(text), "%ld", value);
	errno = saved;
	reply_text(call, text);
}

#endif
