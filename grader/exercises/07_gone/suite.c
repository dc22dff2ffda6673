/* suite.c - what tally.h promises. Expectations are kept as counts, and follow
 * from what each call answered: a file that said 0 was counted. */
#include "oracle/judge.h"

#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { OWN_STATUS = 3, CRASHED = 128 };

/* What must have been counted by now. */
static struct {
	const char *name;
	bool started;
	bool unarmed;		/* atexit failed in a start that said 0 */
	bool faulted;		/* a fault fell in a call that was asked */
	long lines, files, unread;
	size_t calls;		/* of tally_file */
	size_t blocks;		/* live before the last of them */
	bool grew;		/* a later one left a block behind */
} due;

/* --- words --------------------------------------------------------------- */

/* The words that are due. */
static const char *words_due(void)
{
	static char text[160];
	snprintf(text, sizeof(text), "%s: %ld lines, %ld files, %ld unread\n",
		 due.name, due.lines, due.files, due.unread);
	return text;
}

/* Files and descriptors that are open now. */
static size_t held_open(void)
{
	return live_now(KIND_STREAM) + live_now(KIND_DESCRIPTOR);
}

/* What the tally keeps in memory may stay to the end; an open file may not. */
static void excuse_memory(void)
{
	if (held_open() == 0)
		may_outlive();
}

/* A demand made before the scenario is settled: where it is not met, what the
 * tally keeps is no leak. */
#define demand_early(clause, condition, ...) \
	do { \
		bool met_ = (condition); \
		if (!met_) \
			excuse_memory(); \
		demand(clause, met_, __VA_ARGS__); \
	} while (0)

/* Whether CALL reads what a file holds, or looks for it. Of getline it cannot
 * be told whether the reading or the memory failed. */
static bool reads(enum call call)
{
	return calls[call].role == ROLE_USE || call == CALL_getline ||
	       call == CALL_getdelim;
}

/* --- what is asked ------------------------------------------------------- */

/* Starts a tally of NAME, whose memory is put to another use at once: whether it
 * has started. */
static bool started_as(const char *name)
{
	memset(&due, 0, sizeof(due));
	due.name = name;
	struct answer a = ask("tally_start", "s", name);
	demand_early("TALLY 1", a.value <= 0, "tally_start said %ld, which is "
	       "neither 0 nor a negative errno", a.value);
	demand_early("TALLY 1", a.value == 0 || a.faulted, "nothing had failed, and "
	       "tally_start said %s", said(a.value));
	due.started = a.value == 0;
	due.unarmed = due.started && a.faulted &&
		      strcmp(calls[a.fault_call].name, "atexit") == 0;
	due.faulted = a.faulted;
	ask("reuse", "");
	return due.started;
}

static bool started(void)
{
	return started_as("paper");
}

/* Demands what follows from a failure inside of tally_file. */
static void demand_unread(struct answer a)
{
	const struct call_info *call = &calls[a.fault_call];
	bool opens = call->got == KIND_STREAM || call->got == KIND_DESCRIPTOR;
	demand_early("TALLY 3", a.faulted, "nothing had failed, and tally_file said "
	       "%s", said(a.value));
	demand_early("TALLY 3", !opens || tells_errno(a), "%s left %s in errno, and "
	       "tally_file said %s", call->name, strerrorname_np(a.fault_err),
	       said(a.value));
	due.unread++;
}

/* Has a file counted that holds LINES lines. */
static void count(const char *path, long lines)
{
	due.blocks = live_now(KIND_HEAP);
	struct answer a = ask("tally_file", "s", path);
	bool lost = a.faulted && reads(a.fault_call);
	due.faulted |= a.faulted;
	due.grew |= due.calls++ > 0 && live_now(KIND_HEAP) > due.blocks;
	demand_early("TALLY 3", a.value <= 0, "tally_file said %ld, which is neither "
	       "0 nor a negative errno", a.value);
	if (a.value < 0) {
		demand_unread(a);
		return;
	}
	demand_early("TALLY 3", !lost, "%s said that it failed, and tally_file said "
	       "0, as if the whole file had been counted",
	       calls[a.fault_call].name);
	due.lines += lines;
	due.files++;
}

/* Has a file counted that is not there. */
static void count_missing(void)
{
	struct answer a = ask("tally_file", "s", "nowhere/at/all");
	demand_early("TALLY 3", a.value < 0, "the file is not there, and tally_file "
	       "said %s", said(a.value));
	demand_early("TALLY 3", a.faulted || a.value == -ENOENT, "the file is not "
	       "there, and tally_file said %s instead of -ENOENT",
	       said(a.value));
	due.unread++;
}

/* Demands of TEXT, said at WHERE, that it is what is due. */
static void demand_words(const char *clause, const char *text,
			 const char *where)
{
	const char *own = strchr(text, ':');
	if (strcmp(text, words_due()) == 0)
		return;
	demand_early("TALLY 2", !own || own - text != (long)strlen(due.name) ||
		     strspn(text, "x") != strlen(due.name),
	       "%s names what stands now where the caller had the name: "
	       "\"%s\". Its memory was not yours to keep", where, shown(text));
	demand_early(clause, false, "%s should be \"%.*s\", and is \"%s\"", where,
	       (int)strcspn(words_due(), "\n"), words_due(), shown(text));
}

/* Has the words written to the log, the only ones there, and reads them. */
static void report(void)
{
	struct answer a = ask("tally_report", "");
	due.faulted |= a.faulted;
	if (a.faulted && a.value < 0)
		return;
	demand_early("TALLY 4", a.value <= 0, "tally_report said %ld, which is "
	       "neither 0 nor a negative errno", a.value);
	demand_early("TALLY 4", a.value == 0, "nothing had failed, and tally_report "
	       "said %s", said(a.value));
	demand_early("TALLY 4", !a.faulted || calls[a.fault_call].role != ROLE_USE,
	       "%s said that it failed, and tally_report said 0",
	       calls[a.fault_call].name);
	const char *text = file_text("log.txt");
	demand_words("TALLY 4", text ? text : "", "the report in the log");
}

/* Ends a scenario without leaving: what the tally keeps in memory may stay.
 * What a file has left is told by the ledger, unless it would name the wrong
 * block first. */
static void settle(void)
{
	size_t open = held_open();
	if (!open && !due.grew)
		may_outlive();
	if (!due.started || (!open && !due.grew) ||
	    live_now(KIND_HEAP) == (size_t)due.grew)
		return;
	may_outlive();
	demand("TALLY 3", !open, "a file that tally_file opened is still open");
	demand("TALLY 3", false, "a block that tally_file allocated is never "
	       "freed");
}

/* --- the end ------------------------------------------------------------- */

/* Whether a call was made to fail that the last words make themselves. */
static bool refused_at_exit(void)
{
	return fault_fell() && (!due.faulted || all_fail());
}

/* Leaves by exit: the log is closed before the last words then. */
static void leave_all(void)
{
	char told[200];
	const char *late;
	leave("exit");
	snprintf(told, sizeof(told), "%s", left_err());
	demand("TALLY 6", left_status() <= CRASHED, "the program crashes at "
	       "exit, when the last words are due: they use what was released "
	       "before them");
	late = file_text("late.txt");
	demand("TALLY 6", !late || !*late, "the last words go to the log, "
	       "which another function has closed by then: what is registered "
	       "last runs first");
	demand("TALLY 5", left_status() == OWN_STATUS, "the exit status was "
	       "%d, and the last words made it %d", OWN_STATUS, left_status());
	if (!due.started)
		demand("TALLY 1", !*told, "tally_start failed, and at exit "
		       "words are said all the same: \"%s\"", shown(told));
	else if (!*told && due.unarmed)
		demand("TALLY 1", false, "atexit said that it failed, and "
		       "tally_start said 0: no last words are said");
	else if (!*told)
		demand(refused_at_exit() ? "TALLY 6" : "TALLY 5", false,
		       "stderr is told nothing at exit%s", refused_at_exit() ?
		       ": the last words ask for something that is refused" :
		       "");
	else
		demand_words("TALLY 5", told, "what stderr is told at exit");
}

START_TEST(counted_reported_and_said)
{
	write_file("two", "one\ntwo\n");
	write_file("one", "one\n");
	if (started()) {
		count("two", 2);
		count("one", 1);
		report();
	}
	if (held_open() || due.grew)
		settle();
	else
		leave_all();
}
END_TEST

START_TEST(a_long_name)
{
	situation("when the name has 40 bytes");
	write_file("two", "one\ntwo\n");
	started_as("the paper that is read in the whole town");
	count("two", 2);
	report();
	leave_all();
}
END_TEST

START_TEST(percent_signs)
{
	situation("when the name has percent signs in it");
	started_as("50%% paper, 100%%");
	report();
	leave_all();
}
END_TEST

/* Lines of 80 bytes, and of none: each ends with a newline. */
START_TEST(long_and_empty_lines)
{
	char text[2 * 81 + 3];
	situation("when lines have 80 bytes, or none");
	memset(text, 'a', sizeof(text));
	strcpy(text + 2 * 81, "\n\n");
	text[80] = text[2 * 81 - 1] = '\n';
	write_file("lines", text);
	write_file("newline", "\n");
	started();
	count("lines", 4);
	count("newline", 1);
	leave_all();
}
END_TEST

START_TEST(descriptor_0)
{
	situation("when descriptor 0 is free, and the open gets it");
	write_file("two", "one\ntwo\n");
	started();
	ask("free_descriptor_0", "");
	count("two", 2);
	settle();
}
END_TEST

START_TEST(two_reports)
{
	char both[400];
	situation("when two reports are made");
	write_file("two", "one\ntwo\n");
	started();
	report();
	snprintf(both, sizeof(both), "%s", words_due());
	count("two", 2);
	snprintf(both + strlen(both), sizeof(both) - strlen(both), "%s",
		 words_due());
	struct answer a = ask("tally_report", "");
	demand_early("TALLY 4", a.value == 0, "tally_report said %s",
		     said(a.value));
	const char *text = file_text("log.txt");
	demand_early("TALLY 4", text && strcmp(text, both) == 0, "the log should "
		     "hold two reports, \"%s\", and holds \"%s\"", shown(both),
		     shown(text ? text : ""));
	settle();
}
END_TEST

START_TEST(nothing_counted)
{
	situation("when no file was counted");
	started();
	leave_all();
}
END_TEST

START_TEST(counted_since_the_report)
{
	situation("when files are counted after a report");
	write_file("two", "one\ntwo\n");
	started();
	count("two", 2);
	report();
	count("two", 2);
	leave_all();
}
END_TEST

START_TEST(a_file_is_missing)
{
	situation("when a file is not there");
	write_file("two", "one\ntwo\n");
	started();
	count_missing();
	count("two", 2);
	count_missing();
	leave_all();
}
END_TEST

START_TEST(many_files)
{
	static char text[16 * 300 + 1];
	situation("when many files are counted");
	for (int i = 0; i < 300; i++)
		sprintf(text + 16 * i, "line %10d\n", i);
	write_file("none", "");
	write_file("many", text);
	started();
	for (int i = 0; i < 6; i++) {
		count("many", 300);
		count("none", 0);
	}
	report();
	settle();
}
END_TEST

/* Leaves by a way on which no last words are said. */
static void leave_silently(const char *how, int status)
{
	write_file("two", "one\ntwo\n");
	started();
	count("two", 2);
	leave(how);
	demand("TALLY 5", !*left_err(), "stderr is told \"%s\": last words are "
	       "for exit alone", shown(left_err()));
	demand("TALLY 5", left_status() == status, "it ended with %d instead "
	       "of %d", left_status(), status);
}

START_TEST(leaving_at_once)
{
	situation("when the process leaves by _exit");
	leave_silently("_exit", OWN_STATUS);
}
END_TEST

START_TEST(leaving_by_a_signal)
{
	situation("when the process is killed by a signal");
	leave_silently("signal", 128 + SIGTERM);
}
END_TEST

START_TEST(leaving_by_quick_exit)
{
	situation("when the process leaves by quick_exit");
	leave_silently("quick_exit", OWN_STATUS);
}
END_TEST

START_TEST(leaving_by_abort)
{
	situation("when the process leaves by abort");
	leave_silently("abort", 128 + SIGABRT);
}
END_TEST

void judge_suite(struct suite *suite)
{
	add_scenario(suite, counted_reported_and_said, SWEPT);
	add_scenario(suite, nothing_counted, PLAIN);
	add_scenario(suite, counted_since_the_report, PLAIN);
	add_scenario(suite, a_file_is_missing, PLAIN);
	add_scenario(suite, many_files, PLAIN);
	add_scenario(suite, a_long_name, PLAIN);
	add_scenario(suite, percent_signs, PLAIN);
	add_scenario(suite, long_and_empty_lines, PLAIN);
	add_scenario(suite, two_reports, PLAIN);
	add_scenario(suite, descriptor_0, PLAIN);
	add_scenario(suite, leaving_at_once, PLAIN);
	add_scenario(suite, leaving_by_quick_exit, PLAIN);
	add_scenario(suite, leaving_by_abort, PLAIN);
	add_scenario(suite, leaving_by_a_signal, PLAIN);
}
