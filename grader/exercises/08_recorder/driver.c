/* driver.c - lets the judge call send_lines on a sink that takes everything,
 * and a recorder by itself. */
#include "driver.h"
#include "recorder.h"
#include "send.h"

#include <string.h>

enum { LINES_MAX = 32, TEXT_MAX = 1024 };

/* --- a plain sink ----------------------------------------------------------- */

/* What has happened to the sink. The two addresses stand for the opener and for
 * the sink itself: code that mixes them up is found out. */
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

static int plain_put(void *self, const char *line)
{
	size_t n = strlen(plain.text);
	note_self("put", self, &plain.itself);
	plain.puts++;
	snprintf(plain.text + n, sizeof(plain.text) - n, "%s\n",
		 line ? line : "(NULL)");
	return 0;
}

static int plain_close(void *self)
{
	note_self("close", self, &plain.itself);
	plain.closes++;
	return 0;
}

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
	size_t n = call_count(c) < LINES_MAX ? call_count(c) : LINES_MAX;
	for (size_t i = 0; i < n; i++)
		lines[i] = call_text(c, i);
	lines[n] = "(beyond the last line)";
	memset(&plain, 0, sizeof(plain));
	errno = 0;
	reply_int(c, send_lines(plain_open, &plain.opener, lines, n));
	reply_int(c, plain.opens);
	reply_int(c, plain.puts);
	reply_int(c, plain.closes);
	reply_text(c, plain.text);
	reply_text(c, plain.misled ? plain.misled : "");
}

/* --- a recorder ---------------------------------------------------------------- */

static int unfilled_put(void *self, const char *line)
{
	(void)self;
	(void)line;
	return -ENOSYS;
}

static int unfilled_close(void *self)
{
	(void)self;
	return -ENOSYS;
}

/* What a sink holds before it is opened: an open that fails leaves it. */
static const struct sink unfilled = { NULL, unfilled_put, unfilled_close };

static struct recorder recorder;
static struct sink sink;

/* Replies RC, the five counts, whether settled, and whether the sink is filled. */
static void reply_record(struct command_call *c, int rc)
{
	reply_int(c, rc);
	reply_int(c, recorder.opens);
	reply_int(c, recorder.puts);
	reply_int(c, recorder.closes);
	reply_int(c, recorder.late_puts);
	reply_int(c, recorder.extra_closes);
	reply_int(c, recorder_settled(&recorder));
	reply_int(c, sink.self != unfilled.self || sink.put != unfilled.put ||
		     sink.close != unfilled.close);
}

/* recorder OPEN PUT AT CLOSE: a fresh one that is to fail so. */
static void start_recorder(struct command_call *c)
{
	recorder = (struct recorder){
		.fail_open = (int)call_int(c, 0),
		.fail_put = (int)call_int(c, 1),
		.fail_put_at = (unsigned)call_int(c, 2),
		.fail_close = (int)call_int(c, 3),
	};
	sink = unfilled;
	reply_record(c, 0);
}

static void open_recorder(struct command_call *c)
{
	sink = unfilled;
	reply_record(c, recorder_open(&recorder, &sink));
}

static void put_recorder(struct command_call *c)
{
	reply_record(c, sink.put(sink.self, "a line"));
}

static void close_recorder(struct command_call *c)
{
	reply_record(c, sink.close(sink.self));
}

const struct command driver_commands[] = {
	{ "send_lines", send_to_plain },
	{ "recorder", start_recorder },
	{ "recorder_open", open_recorder },
	{ "put", put_recorder },
	{ "close", close_recorder },
	{ 0 },
};
