/* suite.c - what recorder.h and send.h promise. The recorder is asked by
 * itself; send_lines is given a sink that takes everything, and the plan makes
 * that sink's calls fail. */
#include "oracle/judge.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Value I of an answer as a number, and as text. */
static long number_at(struct answer a, size_t i)
{
	return a.n > i ? strtol(a.text[i], NULL, 10) : -1;
}

static const char *text_at(struct answer a, size_t i)
{
	return a.n > i ? a.text[i] : "";
}

/* --- the recorder --------------------------------------------------------- */

/* What a call on the recorder said, and what the record holds after it. */
struct record {
	long said;
	long opens, puts, closes, late_puts, extra_closes;
	bool settled;
	bool filled;	/* the struct sink that was handed to open */
};

/* In the order of the driver's reply. */
static struct record record_of(struct answer a)
{
	return (struct record){
		.said = a.value, .opens = number_at(a, 1),
		.puts = number_at(a, 2), .closes = number_at(a, 3),
		.late_puts = number_at(a, 4), .extra_closes = number_at(a, 5),
		.settled = number_at(a, 6) > 0, .filled = number_at(a, 7) > 0,
	};
}

/* Calls "recorder_open", "put" or "close". */
static struct record make_call(const char *command)
{
	return record_of(ask(command, ""));
}

/* Starts a recorder that is to fail so, and opens it. */
static struct record open_recorder(int fail_put, int fail_put_at,
				   int fail_close)
{
	ask("recorder", "iiii", 0, fail_put, fail_put_at, fail_close);
	struct record r = make_call("recorder_open");
	demand("CONTRACT 1", r.said == 0,
	       "recorder_open said %s, though fail_open is 0", said(r.said));
	demand("CONTRACT 1", r.filled,
	       "recorder_open said 0, and did not fill *ret_sink");
	return r;
}

START_TEST(opened_put_to_and_closed)
{
	situation("when a recorder is opened, put to twice and closed");
	struct record r = open_recorder(0, 0, 0);
	demand("CONTRACT 1", r.opens == 1, "opens is %ld after one open",
	       r.opens);
	for (int i = 1; i <= 2; i++) {
		r = make_call("put");
		demand("CONTRACT 3", r.said == 0,
		       "put %d said %s, though none is to fail", i,
		       said(r.said));
		demand("CONTRACT 3", r.puts == i, "puts is %ld after put %d",
		       r.puts, i);
	}
	r = make_call("close");
	demand("CONTRACT 4", r.said == 0,
	       "close said %s, though fail_close is 0", said(r.said));
	demand("CONTRACT 6", r.opens == 1 && r.puts == 2,
	       "the close changed what was counted before it: now opens is %ld "
	       "and puts is %ld", r.opens, r.puts);
	demand("CONTRACT 4", r.closes == 1,
	       "closes is %ld after one close: count it, so that a test can "
	       "tell one close from none and from two", r.closes);
	demand("CONTRACT 5", !r.late_puts && !r.extra_closes,
	       "late_puts is %ld and extra_closes is %ld, though all of it "
	       "came while the sink was open", r.late_puts, r.extra_closes);
	demand("CONTRACT 7", r.settled,
	       "recorder_settled says no, though the one open was closed");
}
END_TEST

START_TEST(an_open_that_fails)
{
	situation("when the recorder's open is to fail (fail_open is EMFILE)");
	ask("recorder", "iiii", EMFILE, 0, 0, 0);
	struct record r = make_call("recorder_open");
	demand("CONTRACT 2", r.said == -EMFILE,
	       "recorder_open said %s instead of -EMFILE", said(r.said));
	demand("CONTRACT 2", r.opens == 0,
	       "opens is %ld: an open that fails has opened nothing, and a "
	       "test would wait for its close", r.opens);
	demand("CONTRACT 2", !r.filled,
	       "*ret_sink was filled: its caller would put to a sink that is "
	       "not there");
	demand("CONTRACT 7", r.settled,
	       "recorder_settled says no, though nothing was opened");
}
END_TEST

/* Demands that of three puts the one at AT fails, and no other. */
static void demand_one_failure(int at)
{
	open_recorder(ENOSPC, at, 0);
	for (int i = 1; i <= 3; i++) {
		struct record r = make_call("put");
		demand("CONTRACT 3", i == at || r.said == 0,
		       "put %d said %s: only put number fail_put_at fails, "
		       "counted from 1", i, said(r.said));
		demand("CONTRACT 3", i != at || r.said == -ENOSPC,
		       "put %d said %s instead of -ENOSPC: fail_put_at is %d, "
		       "counted from 1", i, said(r.said), at);
		demand("CONTRACT 3", r.puts == i,
		       "puts is %ld after put %d: a put that fails counts too",
		       r.puts, i);
	}
	make_call("close");
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
	struct record r = make_call("close");
	demand("CONTRACT 5", r.extra_closes == nth || r.closes == 1 + nth,
	       "close number %d is counted nowhere (closes is %ld, "
	       "extra_closes is %ld): the recorder knows that close happened, "
	       "not how often", 1 + nth, r.closes, r.extra_closes);
	demand("CONTRACT 5", r.extra_closes == nth,
	       "close number %d found nothing open, and is counted in closes "
	       "instead of extra_closes", 1 + nth);
	demand("CONTRACT 5", r.closes <= 1,
	       "close number %d is counted in closes as well as in "
	       "extra_closes", 1 + nth);
	demand("CONTRACT 5", r.said == -EBADF,
	       "close number %d said %s instead of -EBADF", 1 + nth,
	       said(r.said));
}

START_TEST(a_close_too_many)
{
	situation("when a recorder's sink is closed more than once");
	open_recorder(0, 0, 0);
	make_call("close");
	demand_extra_close(1);
	demand_extra_close(2);
}
END_TEST

START_TEST(a_close_that_fails)
{
	situation("when the recorder's close is to fail (fail_close is EIO)");
	open_recorder(0, 0, EIO);
	struct record r = make_call("close");
	demand("CONTRACT 4", r.said == -EIO, "close said %s instead of -EIO",
	       said(r.said));
	demand("CONTRACT 4", r.closes == 1,
	       "closes is %ld: a close that fails has still closed, and counts",
	       r.closes);
	demand("CONTRACT 7", r.settled,
	       "recorder_settled says no: a close that fails has still closed");
	r = make_call("close");
	demand("CONTRACT 4", r.extra_closes == 1,
	       "a second close is not counted in extra_closes: a close that "
	       "fails has still closed, so the next one is one too many");
	demand("CONTRACT 5", r.said == -EBADF,
	       "a second close said %s instead of -EBADF: nothing is open any "
	       "more", said(r.said));
}
END_TEST

START_TEST(a_put_too_late)
{
	situation("when a recorder's sink is put to after its close");
	open_recorder(0, 0, 0);
	make_call("put");
	make_call("close");
	struct record r = make_call("put");
	demand("CONTRACT 5", r.late_puts == 1 && r.puts == 1,
	       "late_puts is %ld and puts is %ld: that put came late, and "
	       "counts in late_puts alone", r.late_puts, r.puts);
	demand("CONTRACT 5", r.said == -EBADF, "it said %s instead of -EBADF",
	       said(r.said));
}
END_TEST

/* Calls COMMAND and demands what recorder_settled says after it, and WHY. */
static void demand_settled(const char *command, bool settled, const char *why)
{
	struct record r = make_call(command);
	demand("CONTRACT 7", r.settled == settled, "recorder_settled says %s: "
	       "%s", settled ? "no" : "yes", why);
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
	make_call("close");
	demand_settled("close", false, "a close came that was one too many");
	situation("when a recorder is opened twice and closed once");
	open_recorder(0, 0, 0);
	if (make_call("recorder_open").said == 0)
		demand_settled("close", false, "only one of the two was "
			       "closed");
}
END_TEST

START_TEST(opened_again)
{
	situation("when a recorder is opened again after its close");
	open_recorder(0, 0, 0);
	make_call("put");
	make_call("close");
	struct record r = make_call("recorder_open");
	demand("CONTRACT 1", r.said == 0 && r.filled,
	       "recorder_open said %s and did %sfill *ret_sink", said(r.said),
	       r.filled ? "" : "not ");
	demand("CONTRACT 1", r.opens == 2, "opens is %ld after two opens",
	       r.opens);
	demand("CONTRACT 7", !r.settled, "recorder_settled says yes: the "
	       "second open was not closed yet");
	r = make_call("put");
	demand("CONTRACT 3", r.said == 0 && r.puts == 2,
	       "the next put said %s and puts is %ld: it is the second put, "
	       "made while the sink is open", said(r.said), r.puts);
	r = make_call("close");
	demand("CONTRACT 4", r.said == 0 && r.closes == 2,
	       "the next close said %s and closes is %ld: it is the second "
	       "close, made while the sink is open", said(r.said), r.closes);
	demand("CONTRACT 7", r.settled,
	       "recorder_settled says no, though both opens were closed");
}
END_TEST

/* Turns to recorder NUMBER: what it holds. */
static struct record turn_to(int number)
{
	return record_of(ask("turn_to", "i", number));
}

/* What is done to one recorder changes nothing in the other. */
START_TEST(two_at_once)
{
	situation("when two recorders are open at once");
	turn_to(0);
	open_recorder(ENOSPC, 2, 0);
	turn_to(1);
	open_recorder(0, 0, EIO);
	make_call("put");
	struct record r = make_call("close");
	demand("CONTRACT 4", r.said == -EIO && r.closes == 1 && r.puts == 1,
	       "the second was put to once and closed; its close said %s "
	       "instead of -EIO, puts is %ld and closes is %ld", said(r.said),
	       r.puts, r.closes);
	r = turn_to(0);
	demand("CONTRACT 1", r.opens == 1 && !r.puts && !r.closes,
	       "the first holds what was done to the second: opens is %ld, puts "
	       "is %ld and closes is %ld", r.opens, r.puts, r.closes);
	demand("CONTRACT 7", !r.settled, "recorder_settled says yes of the "
	       "first, which is still open");
	r = make_call("put");
	demand("CONTRACT 3", r.said == 0 && r.puts == 1, "the first put to the "
	       "first said %s, and puts is %ld", said(r.said), r.puts);
	r = make_call("put");
	demand("CONTRACT 3", r.said == -ENOSPC, "put 2 of the first said %s "
	       "instead of -ENOSPC", said(r.said));
	r = make_call("close");
	demand("CONTRACT 4", r.said == 0 && r.closes == 1 && r.settled, "the "
	       "close of the first said %s, closes is %ld, and recorder_settled "
	       "says %s", said(r.said), r.closes, r.settled ? "yes" : "no");
	turn_to(1);
	r = make_call("put");
	demand("CONTRACT 5", r.late_puts == 1 && r.puts == 1, "a put came late "
	       "to the second: late_puts is %ld and puts is %ld", r.late_puts,
	       r.puts);
}
END_TEST

START_TEST(late_calls_that_were_to_fail)
{
	situation("when a recorder whose puts and closes are to fail is called "
		  "after its close");
	open_recorder(ENOSPC, 1, EIO);
	make_call("close");
	struct record r = make_call("put");
	demand("CONTRACT 5", r.said == -EBADF && r.late_puts == 1 && !r.puts,
	       "the put said %s instead of -EBADF, late_puts is %ld and puts is "
	       "%ld", said(r.said), r.late_puts, r.puts);
	r = make_call("close");
	demand("CONTRACT 5", r.said == -EBADF && r.extra_closes == 1 &&
	       r.closes == 1, "the second close said %s instead of -EBADF, "
	       "extra_closes is %ld and closes is %ld", said(r.said),
	       r.extra_closes, r.closes);
}
END_TEST

/* --- send_lines ----------------------------------------------------------- */

/* The most lines that a scenario sends, as the sink is to hold them. */
static const char *const all_lines = "one\ntwo\nthree\n";

/* What the sink tells of a send. */
struct sent {
	long opens, puts, closes;
	const char *text;	/* every line that was put */
	const char *misled;	/* "put", when it was handed a wrong self */
};

/* In the order of the driver's reply. */
static struct sent sent_of(struct answer a)
{
	return (struct sent){
		.opens = number_at(a, 1), .puts = number_at(a, 2),
		.closes = number_at(a, 3), .text = text_at(a, 4),
		.misled = text_at(a, 5),
	};
}

/* Whether the lines that were put are the first of all, in their order. */
static bool in_order(struct sent sent)
{
	return strncmp(sent.text, all_lines, strlen(sent.text)) == 0;
}

/* Demands that each call was handed what it works on. */
static void demand_self(struct sent sent)
{
	bool open = strcmp(sent.misled, "open") == 0;
	demand("SEND 3", !*sent.misled,
	       "%s was handed something other than %s: it works on whatever "
	       "that points to", sent.misled,
	       open ? "self" : "sink.self, which open filled in");
}

/* Says what was lost with the error of CALL. */
static const char *loss_of(enum call call)
{
	return call == CALL_sink_close ? "the lines are lost" :
	       call == CALL_sink_put ? "a line is lost" : "it failed";
}

/* Whether VALUE is an error that a close may have said. */
static bool is_of_close(long value)
{
	const int *errnos = calls[CALL_sink_close].errnos;
	for (int i = 0; i < ERRNOS_MAX && errnos[i]; i++)
		if (value == -errnos[i])
			return true;
	return false;
}

/* Demands the error of the sink's call that failed first. Of any other call,
 * such as malloc, it is enough that the failure was told. */
static void demand_first_error(struct answer a)
{
	const char *name = calls[a.fault_call].name;
	const char *err = strerrorname_np(a.fault_err);
	if (tells_errno(a) || (a.value < 0 && !calls[a.fault_call].pretend))
		return;
	demand("SEND 4", a.value != 0,
	       "%s said %s and send_lines said 0: %s and nobody knows", name,
	       err, loss_of(a.fault_call));
	demand("SEND 4", a.fault_call != CALL_sink_put || !is_of_close(a.value),
	       "put said %s, then close said %s, and that is what send_lines "
	       "said: the error of close hides the first error", err,
	       said(a.value) + 1);
	demand("SEND 4", false,
	       "%s said %s, and send_lines said %s: it returns the first error "
	       "that it met, as the sink gave it", name, err, said(a.value));
}

/* Demands what follows from the failure of a put of N. */
static void demand_last_put(struct sent sent, int n)
{
	demand("SEND 1", sent.opens == 1,
	       "the sink was opened %ld times: it opens once", sent.opens);
	demand("SEND 2", sent.puts < n && in_order(sent),
	       "it went on putting lines after the put that failed: that one "
	       "must be the last");
}

/* Demands what follows from no failure in a send of N lines. */
static void demand_success(struct answer a, struct sent sent, int n)
{
	demand("SEND 4", a.value == 0, "send_lines said %s", said(a.value));
	demand("SEND 1", sent.opens == 1,
	       "the sink was opened %ld times instead of once", sent.opens);
	demand("SEND 2", sent.puts == n,
	       "the number of puts is %ld instead of %d", sent.puts, n);
	demand("SEND 2", in_order(sent),
	       "the lines were not put as they were given, one after the "
	       "other");
	demand("SEND 3", sent.closes == 1,
	       "the sink was closed %ld times instead of once", sent.closes);
}

/* Sends the first N of the lines and demands that it went as it had to. A
 * failing malloc may be coped with, a failing sink may not. */
static void send_some(int n)
{
	static const char *const formats[] = { "", "s", "ss", "sss" };
	struct answer a = ask("send_lines", formats[n], "one", "two", "three");
	struct sent sent = sent_of(a);
	demand_self(sent);
	if (!a.faulted || (a.value == 0 && !calls[a.fault_call].pretend)) {
		demand_success(a, sent, n);
		return;
	}
	if (a.fault_call == CALL_sink_open)
		demand("SEND 1", sent.opens == 0,
		       "open was called again: it opens once, and returns when "
		       "that fails");
	if (a.fault_call == CALL_sink_put)
		demand_last_put(sent, n);
	demand_first_error(a);
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
	add_scenario(suite, two_at_once, PLAIN);
	add_scenario(suite, late_calls_that_were_to_fail, PLAIN);
	add_scenario(suite, three_lines, SWEPT);
	add_scenario(suite, one_line_twice, SWEPT);
	add_scenario(suite, no_lines, SWEPT);
	add_scenario(suite, many_times, PLAIN);
}
