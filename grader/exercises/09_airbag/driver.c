/* driver.c - journals and bags in numbered slots, and the ways to leave.
 *
 * The memory of each path and WHAT stays as it is until "reuse" is asked for;
 * FILE is the literal "caller.c", which a note may keep. */
#include "airbag.h"
#include "runtime/driver.h"
#include "journal.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { SLOTS = 16, TEXT = 256, OWN_STATUS = 3 };

static struct airbag *bags[SLOTS];
static struct journal *journals[SLOTS];
static char texts[SLOTS][TEXT];
static char untouched;	/* where an out-parameter points before the call */

/* The slot that argument 0 names. */
static int slot_of(const struct command_call *c)
{
	return (int)(call_int(c, 0) & (SLOTS - 1));
}

/* The text in argument 1, in memory of its own. */
static const char *text_in_slot(const struct command_call *c)
{
	char *text = texts[slot_of(c)];
	snprintf(text, TEXT, "%s", call_text(c, 1));
	return text;
}

/* journal_open SLOT PATH LINE: what it returned, and whether *ret_journal was
 * touched. */
static void open_journal(struct command_call *c)
{
	struct journal *journal = (struct journal *)&untouched;
	const char *path = text_in_slot(c);
	errno = ERRNO_LEFT;
	reply_int(c, journal_open_at(path, "caller.c", (int)call_int(c, 2),
				     &journal));
	reply_int(c, journal != (struct journal *)&untouched);
	if (journal != (struct journal *)&untouched)
		journals[slot_of(c)] = journal;
}

/* journal_write SLOT TEXT: what it returned. */
static void write_journal(struct command_call *c)
{
	errno = ERRNO_LEFT;
	reply_int(c, journal_write(journals[slot_of(c)], call_text(c, 1)));
}

/* journal_close SLOT: what it returned, and whether *journal is NULL. */
static void close_journal(struct command_call *c)
{
	errno = ERRNO_LEFT;
	reply_int(c, journal_close(&journals[slot_of(c)]));
	reply_int(c, journals[slot_of(c)] == NULL);
}

/* airbag_arm SLOT WHAT LINE: what it returned, and whether *ret_bag was
 * touched. */
static void arm(struct command_call *c)
{
	struct airbag *bag = (struct airbag *)&untouched;
	const char *what = text_in_slot(c);
	errno = ERRNO_LEFT;
	reply_int(c, airbag_arm(what, "caller.c", (int)call_int(c, 2), &bag));
	reply_int(c, bag != (struct airbag *)&untouched);
	if (bag != (struct airbag *)&untouched)
		bags[slot_of(c)] = bag;
}

/* airbag_disarm SLOT: whether *bag is NULL. */
static void disarm(struct command_call *c)
{
	airbag_disarm(&bags[slot_of(c)]);
	reply_int(c, bags[slot_of(c)] == NULL);
}

/* airbag_report: what it returned, and what it wrote. */
static void report(struct command_call *c)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	if (!out)
		abort();
	reply_int(c, airbag_report(out));
	fclose(out);
	reply_text(c, text);
	free(text);
}

/* reuse: puts something else where each path and WHAT stood. */
static void reuse(struct command_call *c)
{
	for (int i = 0; i < SLOTS; i++)
		snprintf(texts[i], TEXT, "something else");
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

/* signal: as SIGTERM from outside would. */
static void leave_by_signal(struct command_call *c)
{
	(void)c;
	raise(SIGTERM);
}

const struct command driver_commands[] = {
	{ "journal_open", open_journal },
	{ "journal_write", write_journal },
	{ "journal_close", close_journal },
	{ "airbag_arm", arm },
	{ "airbag_disarm", disarm },
	{ "airbag_report", report },
	{ "reuse", reuse },
	{ "exit", leave_by_exit },
	{ "_exit", leave_at_once },
	{ "signal", leave_by_signal },
	{ 0 },
};
