/* driver.c - a tally, the ways to leave, and others who clear up first.
 *
 * The name stays as it is until "reuse" is asked for. What is written to the
 * log after it was closed goes to the file late.txt: the stream itself is kept,
 * so that the judge can tell, and nothing breaks that the learner did not. */
#include "runtime/driver.h"
#include "tally.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { OWN_STATUS = 3 };

static char name[64];
static FILE *the_log;

/* Runs at exit, before what the tally has registered. */
static void close_log(void)
{
	int late = open("late.txt", O_CREAT | O_TRUNC | O_WRONLY, 0600);
	dup2(late, fileno(the_log));
	close(late);
}

/* start NAME: what tally_start returned. */
static void start(struct command_call *c)
{
	snprintf(name, sizeof(name), "%s", call_text(c, 0));
	the_log = fopen("log.txt", "w");
	if (!the_log)
		abort();
	setvbuf(the_log, NULL, _IONBF, 0);
	errno = ERRNO_LEFT;
	reply_int(c, tally_start(name, the_log));
	atexit(close_log);
}

/* tally_file PATH: what it returned. */
static void count(struct command_call *c)
{
	errno = ERRNO_LEFT;
	reply_int(c, tally_file(call_text(c, 0)));
}

/* tally_report: what it returned. */
static void report(struct command_call *c)
{
	errno = ERRNO_LEFT;
	reply_int(c, tally_report());
}

/* reuse: puts something else where the name stood. */
static void reuse(struct command_call *c)
{
	memset(name, 'x', strlen(name));
	reply_int(c, 0);
}

/* exit: as a return from main would. */
static void leave_by_exit(struct command_call *c)
{
	(void)c;
	exit(OWN_STATUS);
}

/* _exit: no function that was registered runs. */
static void leave_at_once(struct command_call *c)
{
	(void)c;
	_exit(OWN_STATUS);
}

/* quick_exit: only what was registered by at_quick_exit runs. */
static void leave_by_quick_exit(struct command_call *c)
{
	(void)c;
	quick_exit(OWN_STATUS);
}

/* abort: as a failed assert would. */
static void leave_by_abort(struct command_call *c)
{
	(void)c;
	abort();
}

/* free_descriptor_0: the next open gets it. */
static void free_descriptor_0(struct command_call *c)
{
	reply_int(c, close(0));
}

/* signal: as SIGTERM from outside would. */
static void leave_by_signal(struct command_call *c)
{
	(void)c;
	raise(SIGTERM);
}

const struct command driver_commands[] = {
	{ "tally_start", start },
	{ "tally_file", count },
	{ "tally_report", report },
	{ "reuse", reuse },
	{ "exit", leave_by_exit },
	{ "_exit", leave_at_once },
	{ "quick_exit", leave_by_quick_exit },
	{ "abort", leave_by_abort },
	{ "signal", leave_by_signal },
	{ "free_descriptor_0", free_descriptor_0 },
	{ 0 },
};
