/* test_session.c - the judge's end of the worker, against a worker that says
 * what no worker of ours would: the run comes to its end, under its right name,
 * and the next one is not touched by it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <time.h>
#include "suite.h"
#include "../judge/session.h"
#include "../worker/worker.h"

/* A child that is not there, so that nobody is killed: above any real one. */
#define CHILD "child 2000000000\n"
#define ENDED "status 0 0 0 0\n"

/* The session, and the ends of its pipes that are the worker's. */
static struct session session;
static int up, status;

static int open_pipe(int *ret_end)
{
	int ends[2];
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
	*ret_end = ends[1];
	return ends[0];
}

static void open_session(void)
{
	memset(&session, 0, sizeof(session));
	signal(SIGPIPE, SIG_IGN);
	session.orders = open("/dev/null", O_WRONLY | O_CLOEXEC);
	session.up.fd = open_pipe(&up);
	session.status.fd = open_pipe(&status);
	session.process.out = session.process.err = -1;
	session.run.status = STATUS_NONE;
	session.patience_ms = 200;
	snprintf(session.scratch, PATH_MAX, "%s", own("scratch"));
}

static void close_session(void)
{
	close(up);
	close(status);
	session_close(&session);
}

static void say(int to, const char *text)
{
	ck_assert_int_eq(wire_send(to, text, strlen(text)), 0);
}

/* Writes a line of N letters that has no end. */
static void say_without_end(int to, size_t n)
{
	for (; n > 0; n--)
		say(to, "A");
}

static int begin(void)
{
	return session_begin(&session, (struct plan){ 0 }, CHANGE_NONE, 0);
}

static bool ask(void)
{
	return session_ask(&session, "run", NULL, 0).came;
}

/* Begins a run whose child has said UP. */
static void begin_with(const char *text)
{
	open_session();
	say(status, CHILD);
	ck_assert_int_eq(begin(), 0);
	say(up, text);
}

START_TEST(a_run_that_answers_and_says_goodbye_was_in_order)
{
	begin_with("answer 0 0 7\n");
	ck_assert(ask());
	say(up, "bye\n");
	say(status, ENDED);
	session_end(&session);
	ck_assert_int_eq(session.run.ending, ENDING_ORDERLY);
	ck_assert(session.run.said_bye && !session.broken);
	close_session();
}
END_TEST

START_TEST(goodbye_in_the_midst_of_a_call_is_no_end_in_order)
{
	begin_with("bye\n");
	say(status, ENDED);
	ck_assert(!ask());
	ck_assert_int_eq(session.run.ending, ENDING_BROKEN_WIRE);
	close_session();
}
END_TEST

START_TEST(a_line_without_an_end_does_not_keep_the_judge)
{
	begin_with("");
	say_without_end(up, 3 * WIRE_LINE_MAX);
	say(status, ENDED);
	ck_assert(!ask());
	ck_assert_int_eq(session.run.ending, ENDING_BROKEN_WIRE);
	ck_assert(!session.broken);
	close_session();
}
END_TEST

START_TEST(what_is_left_of_one_run_is_not_found_by_the_next)
{
	begin_with("what\n");
	say_without_end(up, 2 * WIRE_LINE_MAX);
	say(up, "\nanswer 0 0 1\n");
	say(status, ENDED CHILD);
	ck_assert(!ask());
	ck_assert_int_eq(begin(), 0);
	ck_assert_int_eq(session.run.ending, ENDING_ORDERLY);
	say(up, "answer 0 0 2\n");
	ck_assert_int_eq(session_ask(&session, "run", NULL, 0).value, 2);
	say(status, ENDED);
	session_end(&session);
	close_session();
}
END_TEST

START_TEST(a_broken_line_after_goodbye_is_told)
{
	begin_with("answer 0 0 1\n");
	ck_assert(ask());
	say(up, "bye\nwhat\n");
	say(status, ENDED);
	session_end(&session);
	ck_assert_int_eq(session.run.ending, ENDING_BROKEN_WIRE);
	close_session();
}
END_TEST

START_TEST(a_broken_line_before_the_child_is_known_is_no_fault_of_ours)
{
	open_session();
	say(up, "what\n");
	say(status, CHILD ENDED);
	ck_assert_int_eq(begin(), 0);
	ck_assert(!ask());
	ck_assert_int_eq(session.run.ending, ENDING_BROKEN_WIRE);
	ck_assert(!session.broken);
	close_session();
}
END_TEST

START_TEST(a_child_whose_number_would_kill_every_process_is_not_believed)
{
	static const char *const lines[] = {
		"child 1\n", "child 0\n", "child -1\n", "child 4294967297\n",
		"child\n", "son 4\n", "child 4 4\n",
	};
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		open_session();
		say(status, lines[i]);
		ck_assert_msg(begin() == -EPIPE, "%s", lines[i]);
		ck_assert_int_eq(session.child, 0);
		close_session();
	}
}
END_TEST

START_TEST(a_status_out_of_its_range_is_not_believed)
{
	static const char *const lines[] = {
		"status -1 0 0 0\n", "status 65536 0 0 0\n",
		"status 4294967296 0 0 0\n", "status 0 -1 0 0\n",
		"status 0 0 0\n", "status 0 0 0 0 0\n",
	};
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		begin_with("answer 0 0 1\n");
		ck_assert(ask());
		say(status, lines[i]);
		session_end(&session);
		ck_assert_msg(session.broken, "%s", lines[i]);
		ck_assert_int_eq(session.run.ending, ENDING_GRADER);
		close_session();
	}
}
END_TEST

START_TEST(a_worker_whose_line_has_no_end_does_not_keep_the_judge)
{
	begin_with("answer 0 0 1\n");
	ck_assert(ask());
	say_without_end(status, 3 * WIRE_LINE_MAX);
	ck_assert(!ask());
	ck_assert(session.broken);
	close_session();
}
END_TEST

START_TEST(a_last_block_that_the_code_made_up_is_no_fault_of_ours)
{
	begin_with("answer 0 0 1\n");
	ck_assert(ask());
	say(up, "bye\n");
	say(status, "status 0 0 4294967040 4294967295\n");
	session_end(&session);
	ck_assert_int_eq(session.run.ending, ENDING_ORDERLY);
	ck_assert_uint_ge(session.run.last_module, WATCHED_MODULES);
	close_session();
}
END_TEST

START_TEST(a_line_out_of_its_range_is_refused)
{
	static const char *const lines[] = {
		"block 256:1\n", "block 4294967296:1\n", "block 0:100000000\n",
		"block 0:1x\n", "block 0\n", "answer 4294967296 0 1\n",
		"answer 0 2 1\n", "answer -2147483649 0 1\n",
		"step 0 0 0 186A1 0 0 1 0 -1 %-\n", "", "\n",
	};
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		begin_with(lines[i]);
		say(up, "answer 0 0 1\n");
		say(status, ENDED);
		ck_assert_msg(ask() == !*lines[i], "%s", lines[i]);
		close_session();
	}
}
END_TEST

START_TEST(one_step_more_than_a_run_may_have_is_told_as_such)
{
	begin_with("");
	session.run.n_steps = STEPS_MAX;
	say(up, "step 0 0 0 186A1 0 0 1 0 -1 %-\n");
	say(status, ENDED);
	ck_assert(!ask());
	ck_assert_int_eq(session.run.ending, ENDING_ENDLESS);
	close_session();
}
END_TEST

/* Says LINE without end, in a process of its own. */
static void flood(const char *line)
{
	char lines[1 << 14];
	size_t n = 0;
	if (fork() != 0)
		return;
	while (n + strlen(line) < sizeof(lines))
		n += (size_t)(stpcpy(lines + n, line) - (lines + n));
	fcntl(up, F_SETFL, 0);
	close(session.up.fd);
	while (wire_send(up, lines, n) == 0)
		continue;
	_exit(0);
}

START_TEST(lines_without_end_have_one)
{
	static const char *const lines[] = {
		"stain 1\n", "step 0 0 0 0 0 0 1 0 -1 %-\n", "block 0:1\n",
	};
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		begin_with("");
		flood(lines[i]);
		ck_assert(!ask());
		ck_assert_int_ne(session.run.ending, ENDING_ORDERLY);
		close_session();
	}
}
END_TEST

/* Records N acquisitions as if they had come up. */
static void acquire(size_t n)
{
	for (size_t i = 1; i <= n; i++) {
		const struct step step = { .call = CALL_malloc, .beneath = -1,
					   .got = { 2 * i, 2 * i + 1 } };
		enum ruling ruling;
		const struct entry *entry;
		ck_assert_int_eq(ledger_record(&session.run.ledger, &step,
					       &ruling, &entry), 0);
	}
}

START_TEST(lines_that_are_dear_to_look_up_do_not_keep_the_judge)
{
	enum { SECONDS = 6 };	/* a full flood of them takes a minute */
	struct timespec before, after;
	begin_with("");
	acquire(STEPS_MAX);
	flood("step C 0 0 0 0 7FFFFFFF 0 0 -1 %-\n");
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
	ck_assert(!ask());
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
	ck_assert_int_eq(session.run.ending, ENDING_HANG);
	ck_assert_int_lt(after.tv_sec - before.tv_sec, SECONDS);
	close_session();
}
END_TEST

TEST_PROGRAM("session",
	     a_run_that_answers_and_says_goodbye_was_in_order,
	     goodbye_in_the_midst_of_a_call_is_no_end_in_order,
	     a_line_without_an_end_does_not_keep_the_judge,
	     what_is_left_of_one_run_is_not_found_by_the_next,
	     a_broken_line_after_goodbye_is_told,
	     a_broken_line_before_the_child_is_known_is_no_fault_of_ours,
	     a_child_whose_number_would_kill_every_process_is_not_believed,
	     a_status_out_of_its_range_is_not_believed,
	     a_worker_whose_line_has_no_end_does_not_keep_the_judge,
	     a_last_block_that_the_code_made_up_is_no_fault_of_ours,
	     a_line_out_of_its_range_is_refused,
	     one_step_more_than_a_run_may_have_is_told_as_such,
	     lines_without_end_have_one,
	     lines_that_are_dear_to_look_up_do_not_keep_the_judge)
