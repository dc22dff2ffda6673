/* driver.c - lets the judge call send_lines on a sink that takes everything,
 * and a recorder by itself. */
#include "runtime/driver.h"
#include "recorder.h"
#include "send.h"

#include <string.h>

enum { LINES_MAX = 32, TEXT_MAX = 1024 };

/* --- a plain sink --------------------------------------------------------- */

/* What has happened to the sink. The two addresses stand for the opener and
 * for the sink itself: code that mixes them up is found out. */
static struct {
	char opener, itself;
	unsigned opens, puts, closes;
	const char *misled;	/* the first call handed another thing */
	char text[TEXT_MAX];	/* the lines, a newline after each */
} plain;

/* Notes that CALL was handed SELF. */
static void note_self(const char *call, const void *self, const char *right)
{
	if (self != right && !plain.misled)
		plain.misled = call;
}

/* Keeps the line, whatever it was handed as self. */
static int plain_put(void *self, const char *line)
{
	size_t n = strlen(plain.text);
	note_self("put", self, &plain.itself);
	plain.puts++;
	snprintf(plain.text + n, sizeof(plain.text) - n, "%s\n",
		 line ? line : "(NULL)");
	return 0;
}

/* Counts; that a close comes twice or never is for the ledger to tell. */
static int plain_close(void *self)
{
	note_self("close", self, &plain.itself);
	plain.closes++;
	return 0;
}

/* Opens whenever it is asked to. */
static int plain_open(void *self, struct sink *ret_sink)
{
	note_self("open", self, &plain.opener);
	plain.opens++;
	*ret_sink = (struct sink){ &plain.itself, plain_put, plain_close };
	return 0;
}

/* send_lines LINE...: replies what it returned, then opens, puts, closes, the
 * text of all puts and the name of a call that was misled. */
static void send_to_plain(struct command_call *c)
{
	const char *lines[LINES_MAX + 1];
	size_t n;
	for (n = 0; n < LINES_MAX && n < call_count(c); n++)
		lines[n] = call_text(c, n);
	lines[n] = "(beyond the last line)";
	memset(&plain, 0, sizeof(plain));
	errno = ERRNO_LEFT;
	reply_int(c, send_lines(plain_open, &plain.opener, lines, n));
	reply_int(c, plain.opens);
	reply_int(c, plain.puts);
	reply_int(c, plain.closes);
	reply_text(c, plain.text);
	reply_text(c, plain.misled ? plain.misled : "");
}

/* --- a recorder ----------------------------------------------------------- */

/* What is called when open said 0 and filled nothing. */
static int unfilled_put(void *self, const char *line)
{
	(void)self;
	(void)line;
	return -ENOSYS;
}

/* The same for close. */
static int unfilled_close(void *self)
{
	(void)self;
	return -ENOSYS;
}

/* What a sink holds before it is opened: an open that fails leaves it. */
static const struct sink unfilled = { NULL, unfilled_put, unfilled_close };

static struct recorder recorders[2];
static struct sink sinks[2];
static int active;	/* which of them the commands are about */

/* Replies RC, the five counts, whether all is settled, and whether the sink was
 * filled. */
static void reply_record(struct command_call *c, int rc)
{
	reply_int(c, rc);
	reply_int(c, recorders[active].opens);
	reply_int(c, recorders[active].puts);
	reply_int(c, recorders[active].closes);
	reply_int(c, recorders[active].late_puts);
	reply_int(c, recorders[active].extra_closes);
	reply_int(c, recorder_settled(&recorders[active]));
	const struct sink *sink = &sinks[active];
	reply_int(c, sink->self != unfilled.self || sink->put != unfilled.put ||
		     sink->close != unfilled.close);
}

/* turn_to NUMBER: from now on the commands are about this one, 0 or 1. */
static void turn_to(struct command_call *c)
{
	active = call_int(c, 0) != 0;
	reply_record(c, 0);
}

/* recorder OPEN PUT AT CLOSE: a fresh one that is to fail so. */
static void start_recorder(struct command_call *c)
{
	recorders[active] = (struct recorder){
		.fail_open = (int)call_int(c, 0),
		.fail_put = (int)call_int(c, 1),
		.fail_put_at = (unsigned)call_int(c, 2),
		.fail_close = (int)call_int(c, 3),
	};
	sinks[active] = unfilled;
	reply_record(c, 0);
}

/* recorder_open: into a sink that shows whether it was filled. */
static void open_recorder(struct command_call *c)
{
	sinks[active] = unfilled;
	reply_record(c, recorder_open(&recorders[active], &sinks[active]));
}

/* put: one line, to the sink that was opened last. */
static void put_recorder(struct command_call *c)
{
	reply_record(c, sinks[active].put(sinks[active].self, "a line"));
}

/* close: the sink that was opened last, however often. */
static void close_recorder(struct command_call *c)
{
	reply_record(c, sinks[active].close(sinks[active].self));
}

const struct command driver_commands[] = {
	{ "send_lines", send_to_plain },
	{ "turn_to", turn_to },
	{ "recorder", start_recorder },
	{ "recorder_open", open_recorder },
	{ "put", put_recorder },
	{ "close", close_recorder },
	{ 0 },
};
