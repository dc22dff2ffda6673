/* suite.c - what recorder.h and send.h promise. The recorder is asked by
 * itself; send_lines is given a sink that takes everything, and the plan makes
 * that sink's calls fail. */
#include "judge.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "-EIO", "0" or a number that is neither. */
static const char *said(long value)
{
	static char number[24];
	const char *name = value < 0 ? strerrorname_np((int)-value) : NULL;
	if (name)
		snprintf(number, sizeof(number), "-%s", name);
	else
		snprintf(number, sizeof(number), "%ld", value);
	return number;
}

static long number(struct answer a, size_t i)
{
	return a.n > i ? strtol(a.text[i], NULL, 10) : -1;
}

/* --- the recorder ----------------------------------------------------------- */

/* The values of each answer about a recorder, in the driver's order. */
enum { RC, OPENS, PUTS, CLOSES, LATE_PUTS, EXTRA_CLOSES, SETTLED, FILLED };

/* Starts a recorder that is to fail so, and opens it. */
static struct answer open_recorder(int fail_put, int fail_put_at,
				   int fail_close)
{
	ask("recorder", "iiii", 0, fail_put, fail_put_at, fail_close);
	struct answer a = ask("recorder_open", "");
	demand("CONTRACT 1", a.value == 0, "recorder_open said %s, though "
	       "fail_open is 0", said(a.value));
	demand("CONTRACT 1", number(a, FILLED), "recorder_open said 0, and did "
	       "not fill *ret_sink");
	return a;
}

START_TEST(opened_put_to_and_closed)
{
	situation("when a recorder is opened, put to twice and closed");
	struct answer a = open_recorder(0, 0, 0);
	demand("CONTRACT 1", number(a, OPENS) == 1, "opens is %ld after one "
	       "open", number(a, OPENS));
	for (int i = 1; i <= 2; i++) {
		a = ask("put", "");
		demand("CONTRACT 3", a.value == 0, "put %d said %s, though "
		       "none is to fail", i, said(a.value));
		demand("CONTRACT 3", number(a, PUTS) == i, "puts is %ld after "
		       "put %d", number(a, PUTS), i);
	}
	a = ask("close", "");
	demand("CONTRACT 4", a.value == 0, "close said %s, though fail_close "
	       "is 0", said(a.value));
	demand("CONTRACT 6", number(a, OPENS) == 1 && number(a, PUTS) == 2,
	       "the close changed what was counted before it: now opens is %ld "
	       "and puts is %ld", number(a, OPENS), number(a, PUTS));
	demand("CONTRACT 4", number(a, CLOSES) == 1, "closes is %ld after one "
	       "close: count it, so that a test can tell one close from none "
	       "and from two", number(a, CLOSES));
	demand("CONTRACT 5", !number(a, LATE_PUTS) && !number(a, EXTRA_CLOSES),
	       "late_puts is %ld and extra_closes is %ld, though all of it came "
	       "while the sink was open", number(a, LATE_PUTS),
	       number(a, EXTRA_CLOSES));
	demand("CONTRACT 7", number(a, SETTLED), "recorder_settled says no, "
	       "though the one open was closed");
}
END_TEST

START_TEST(an_open_that_fails)
{
	situation("when the recorder's open is to fail (fail_open is EMFILE)");
	ask("recorder", "iiii", EMFILE, 0, 0, 0);
	struct answer a = ask("recorder_open", "");
	demand("CONTRACT 2", a.value == -EMFILE, "recorder_open said %s instead "
	       "of -EMFILE", said(a.value));
	demand("CONTRACT 2", number(a, OPENS) == 0, "opens is %ld: an open that "
	       "fails has opened nothing, and a test would wait for its close",
	       number(a, OPENS));
	demand("CONTRACT 2", !number(a, FILLED), "*ret_sink was filled: its "
	       "caller would put to a sink that is not there");
	demand("CONTRACT 7", number(a, SETTLED), "recorder_settled says no, "
	       "though nothing was opened");
}
END_TEST

/* Demands that of three puts the one at AT fails, and no other. */
static void demand_one_failure(int at)
{
	open_recorder(ENOSPC, at, 0);
	for (int i = 1; i <= 3; i++) {
		struct answer a = ask("put", "");
		demand("CONTRACT 3", i == at || a.value == 0, "put %d said %s: "
		       "only put number fail_put_at fails, counted from 1", i,
		       said(a.value));
		demand("CONTRACT 3", i != at || a.value == -ENOSPC, "put %d "
		       "said %s instead of -ENOSPC: fail_put_at is %d, counted "
		       "from 1", i, said(a.value), at);
		demand("CONTRACT 3", number(a, PUTS) == i, "puts is %ld after "
		       "put %d: a put that fails counts too", number(a, PUTS),
		       i);
	}
}

START_TEST(one_put_fails)
{
	situation("when the recorder's put 2 of 3 is to fail");
	demand_one_failure(2);
	situation("when the recorder's put 1 of 3 is to fail");
	demand_one_failure(1);
	situation("when the recorder's put 3 of 3 is to fail");
	demand_one_failure(3);
}
END_TEST

/* Closes once more: it must count as extra, as the NTH such. */
static void demand_extra_close(int nth)
{
	struct answer a = ask("close", "");
	long closes = number(a, CLOSES), extra = number(a, EXTRA_CLOSES);
	demand("CONTRACT 5", extra == nth || closes == 1 + nth, "close number "
	       "%d is counted nowhere (closes is %ld, extra_closes is %ld): the "
	       "recorder knows that close happened, not how often", 1 + nth,
	       closes, extra);
	demand("CONTRACT 5", extra == nth, "close number %d found nothing open, "
	       "and is counted in closes instead of extra_closes", 1 + nth);
	demand("CONTRACT 5", closes <= 1, "close number %d is counted in closes "
	       "as well as in extra_closes", 1 + nth);
	demand("CONTRACT 5", a.value == -EBADF, "close number %d said %s instead "
	       "of -EBADF", 1 + nth, said(a.value));
}

START_TEST(a_close_too_many)
{
	situation("when a recorder's sink is closed more than once");
	open_recorder(0, 0, 0);
	ask("close", "");
	demand_extra_close(1);
	demand_extra_close(2);
}
END_TEST

START_TEST(a_close_that_fails)
{
	situation("when the recorder's close is to fail (fail_close is EIO)");
	open_recorder(0, 0, EIO);
	struct answer a = ask("close", "");
	demand("CONTRACT 4", a.value == -EIO, "close said %s instead of -EIO",
	       said(a.value));
	demand("CONTRACT 4", number(a, CLOSES) == 1, "closes is %ld: a close "
	       "that fails has still closed, and counts", number(a, CLOSES));
	demand("CONTRACT 7", number(a, SETTLED), "recorder_settled says no: a "
	       "close that fails has still closed");
	a = ask("close", "");
	demand("CONTRACT 4", number(a, EXTRA_CLOSES) == 1, "a second close is "
	       "not counted in extra_closes: a close that fails has still "
	       "closed, so the next one is one too many");
	demand("CONTRACT 5", a.value == -EBADF, "a second close said %s instead "
	       "of -EBADF: the sink is not open any more", said(a.value));
}
END_TEST

START_TEST(a_put_too_late)
{
	situation("when a recorder's sink is put to after its close");
	open_recorder(0, 0, 0);
	ask("put", "");
	ask("close", "");
	struct answer a = ask("put", "");
	demand("CONTRACT 5", number(a, LATE_PUTS) == 1 && number(a, PUTS) == 1,
	       "late_puts is %ld and puts is %ld: that put came late, and "
	       "counts in late_puts alone", number(a, LATE_PUTS),
	       number(a, PUTS));
	demand("CONTRACT 5", a.value == -EBADF, "it said %s instead of -EBADF",
	       said(a.value));
}
END_TEST

/* Asks COMMAND and demands what recorder_settled says after it, and WHY. */
static void demand_settled(const char *command, bool settled, const char *why)
{
	struct answer a = ask(command, "");
	demand("CONTRACT 7", number(a, SETTLED) == settled, "recorder_settled "
	       "says %s: %s", settled ? "no" : "yes", why);
}

START_TEST(settled_or_not)
{
	situation("when a recorder is new");
	demand_settled("recorder", true, "nothing was opened, so nothing is "
		       "owed");
	situation("when a recorder's sink is open");
	demand_settled("recorder_open", false, "the sink was not closed yet");
	situation("when a recorder's sink was opened and closed");
	demand_settled("close", true, "every open was closed");
	situation("when a recorder's sink is put to after its close");
	demand_settled("put", false, "a put came late");
	situation("when a recorder's sink is closed twice");
	open_recorder(0, 0, 0);
	ask("close", "");
	demand_settled("close", false, "a close came that was one too many");
	situation("when a recorder is opened twice and closed once");
	open_recorder(0, 0, 0);
	if (ask("recorder_open", "").value == 0)
		demand_settled("close", false, "only one of the two was closed");
}
END_TEST

START_TEST(opened_again)
{
	situation("when a recorder is opened again after its close");
	open_recorder(0, 0, 0);
	ask("put", "");
	ask("close", "");
	struct answer a = ask("recorder_open", "");
	demand("CONTRACT 1", a.value == 0 && number(a, FILLED), "recorder_open "
	       "said %s and did %sfill *ret_sink", said(a.value),
	       number(a, FILLED) ? "" : "not ");
	demand("CONTRACT 1", number(a, OPENS) == 2, "opens is %ld after two "
	       "opens", number(a, OPENS));
	demand("CONTRACT 7", !number(a, SETTLED), "recorder_settled says yes: "
	       "the second open was not closed yet");
	a = ask("put", "");
	demand("CONTRACT 3", a.value == 0 && number(a, PUTS) == 2, "the next "
	       "put said %s and puts is %ld: it is the second put, made while "
	       "the sink is open", said(a.value), number(a, PUTS));
	a = ask("close", "");
	demand("CONTRACT 4", a.value == 0 && number(a, CLOSES) == 2, "the next "
	       "close said %s and closes is %ld: it is the second close, made "
	       "while the sink is open", said(a.value), number(a, CLOSES));
	demand("CONTRACT 7", number(a, SETTLED), "recorder_settled says no, "
	       "though both opens were closed");
}
END_TEST

/* --- send_lines -------------------------------------------------------------- */

/* The values of an answer of send_lines after those it shares with above. */
enum { SINK_OPENS = 1, SINK_PUTS, SINK_CLOSES, SINK_TEXT, MISLED };

/* The lines of all scenarios, and as the sink should hold them. */
static const char *const all_lines = "one\ntwo\nthree\n";

static const char *text_of(struct answer a)
{
	return a.n > SINK_TEXT ? a.text[SINK_TEXT] : "";
}

/* Demands that each call was handed what it works on. */
static void demand_self(struct answer a)
{
	const char *misled = a.n > MISLED ? a.text[MISLED] : "";
	bool open = strcmp(misled, "open") == 0;
	demand("SEND 3", !*misled, "%s was handed something other than %s: it "
	       "works on whatever that points to", misled,
	       open ? "self" : "sink.self, which open filled in");
}

/* Demands the error of the sink's call that failed first. Of any other call,
 * such as malloc, it is enough that the failure was told. */
static void demand_first_error(struct answer a)
{
	const char *name = calls[a.fault_call].name;
	const char *err = strerrorname_np(a.fault_err);
	bool closing = a.fault_call == CALL_sink_close;
	bool putting = a.fault_call == CALL_sink_put;
	if (tells_errno(a) || (a.value < 0 && !calls[a.fault_call].pretend))
		return;
	demand("SEND 4", a.value != 0, "%s said %s and send_lines said 0: %s "
	       "and nobody knows", name, err, closing ? "the lines are lost" :
	       putting ? "a line is lost" : "it failed");
	demand("SEND 4", !putting || a.value !=
	       -calls[CALL_sink_close].errnos[1], "put said %s, then close "
	       "said %s, and that is what send_lines said: the error of close "
	       "hides the first error", err, said(a.value) + 1);
	demand("SEND 4", false, "%s said %s, and send_lines said %s: it "
	       "returns the first error that it met, as the sink gave it", name,
	       err, said(a.value));
}

/* Demands what follows from a fault in the send that was answered. */
static void demand_failure(struct answer a, int n)
{
	long opens = number(a, SINK_OPENS), puts = number(a, SINK_PUTS);
	size_t size = strlen(text_of(a));
	if (a.fault_call == CALL_sink_open)
		demand("SEND 1", opens == 0, "open was called again: it opens "
		       "once, and returns when that fails");
	if (a.fault_call == CALL_sink_put)
		demand("SEND 1", opens == 1, "the sink was opened %ld times: "
		       "it opens once", opens);
	if (a.fault_call == CALL_sink_put)
		demand("SEND 2", puts < n && strncmp(text_of(a), all_lines,
		       size) == 0, "it went on putting lines after the put "
		       "that failed: that one must be the last");
	demand_first_error(a);
}

/* Sends the first N of the lines and demands that it went as it had to. */
static void send_some(int n)
{
	static const char *const formats[] = { "", "s", "ss", "sss" };
	struct answer a = ask("send_lines", formats[n], "one", "two", "three");
	bool ours = calls[a.fault_call].pretend;
	demand_self(a);
	if (a.faulted && (ours || a.value < 0)) {
		demand_failure(a, n);
		return;
	}
	demand("SEND 4", a.value == 0, "send_lines said %s", said(a.value));
	demand("SEND 1", number(a, SINK_OPENS) == 1, "the sink was opened %ld "
	       "times instead of once", number(a, SINK_OPENS));
	demand("SEND 2", number(a, SINK_PUTS) == n, "the number of puts is "
	       "%ld instead of %d", number(a, SINK_PUTS), n);
	demand("SEND 2", strncmp(text_of(a), all_lines, strlen(text_of(a))) == 0,
	       "the lines were not put as they were given, one after the other");
	demand("SEND 3", number(a, SINK_CLOSES) == 1, "the sink was closed %ld "
	       "times instead of once", number(a, SINK_CLOSES));
}

START_TEST(three_lines)
{
	send_some(3);
}
END_TEST

START_TEST(one_line_twice)
{
	send_some(1);
	send_some(1);
}
END_TEST

START_TEST(no_lines)
{
	situation("when there are no lines");
	send_some(0);
}
END_TEST

START_TEST(many_times)
{
	for (int i = 0; i < 8; i++)
		send_some(1 + i % 3);
}
END_TEST

void judge_suite(struct suite *suite)
{
	add_scenario(suite, opened_put_to_and_closed, PLAIN);
	add_scenario(suite, an_open_that_fails, PLAIN);
	add_scenario(suite, one_put_fails, PLAIN);
	add_scenario(suite, a_close_too_many, PLAIN);
	add_scenario(suite, a_close_that_fails, PLAIN);
	add_scenario(suite, a_put_too_late, PLAIN);
	add_scenario(suite, settled_or_not, PLAIN);
	add_scenario(suite, opened_again, PLAIN);
	add_scenario(suite, three_lines, SWEPT);
	add_scenario(suite, one_line_twice, SWEPT);
	add_scenario(suite, no_lines, SWEPT);
	add_scenario(suite, many_times, PLAIN);
}
