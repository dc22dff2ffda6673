/* test_session.c - the judge's end of the session with a scenario runner, against one
 * that says what none of ours would: the run comes to its end, under its right name,
 * and the next one is not touched by it. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <time.h>
#include "drawn.h"
#include "suite.h"
#include "base/limits.h"
#include "oracle/session.h"
#include "protocol/scenario_runner.h"

/* What the scenario runner tells of its child: that it runs; that it has gone by itself,
 * or been ended as told; that it was ended when what it had open was counted.
 */
#define CHILD "child\n"
#define GONE "status 0 0 -1 0 0\n"
#define ENDED "status 9 0 5 0 0\n"

/* The session, and the ends of its pipes that are the scenario runner's. */
static struct session session;
static int up, status, control;

static int open_pipe(int *ret_end)
{
	int ends[2];
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
	*ret_end = ends[1];
	return ends[0];
}

/* The session after session_open, with no process behind it. */
static void open_session(void)
{
	memset(&session, 0, sizeof(session));
	signal(SIGPIPE, SIG_IGN);
	session.orders = open("/dev/null", O_WRONLY | O_CLOEXEC);
	session.up.fd = open_pipe(&up);
	session.status.fd = open_pipe(&status);
	control = open_pipe(&session.control);
	session.process.out = session.process.err = -1;
	session.run.status = STATUS_NONE;
	session.run.open = -1;
	session.patience_ms = 200;
	snprintf(session.room, PATH_MAX, "%s", own_folder);
	snprintf(session.scratch, PATH_MAX, "%s", own("scratch"));
}

static void close_session(void)
{
	close(up);
	close(status);
	close(control);
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
	begin_with("answer 1 0 0 7\n");
	ck_assert(ask());
	say(up, "bye\n");
	say(status, ENDED);
	session_end(&session);
	ck_assert_int_eq(session.run.ending, ENDING_ORDERLY);
	ck_assert(session.run.said_bye && !session.broken);
	close_session();
}
END_TEST

/* Says, in a process of its own, what a scenario runner says of a child MS milliseconds
 * after it was told what to do with it. */
static void obey_after(int ms)
{
	struct pollfd polled = { .fd = control, .events = POLLIN };
	char order = 0;
	if (fork() != 0)
		return;
	if (poll(&polled, 1, 1000) == 1 && read(control, &order, 1) == 1) {
		poll(NULL, 0, ms);
		say(status, order == CONTROL_END ? ENDED : GONE);
	}
	_exit(0);
}

START_TEST(who_has_said_goodbye_is_counted_before_it_is_ended)
{
	begin_with("answer 1 0 0 7\n");
	ck_assert(ask());
	say(up, "bye\n");
	obey_after(0);
	session_end(&session);
	ck_assert_int_eq(session.run.ending, ENDING_ORDERLY);
	ck_assert_int_eq(session.run.open, 5);
	close_session();
}
END_TEST

START_TEST(who_does_not_answer_is_ended_by_the_worker)
{
	begin_with("");
	obey_after(0);
	ck_assert(!ask());
	ck_assert_int_eq(session.run.ending, ENDING_HANG);
	ck_assert(!session.broken);
	close_session();
}
END_TEST

START_TEST(goodbye_in_the_midst_of_a_call_is_no_end_in_order)
{
	begin_with("bye\n");
	say(status, GONE);
	ck_assert(!ask());
	ck_assert_int_eq(session.run.ending, ENDING_FORGED);
	close_session();
}
END_TEST

START_TEST(who_says_goodbye_and_goes_before_it_is_counted_has_left)
{
	begin_with("answer 1 0 0 7\n");
	ck_assert(ask());
	say(up, "bye\n");
	say(status, GONE);
	session_end(&session);
	ck_assert_int_eq(session.run.ending, ENDING_EXIT);
	close_session();
}
END_TEST

START_TEST(an_answer_to_what_was_not_asked_is_forged)
{
	static const char *const lines[] = {
		"answer 2 0 0 7\n", "answer 0 0 0 7\n", "answer -1 0 0 7\n",
		"answer 4294967297 0 0 7\n",
	};
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		begin_with(lines[i]);
		say(status, GONE);
		ck_assert_msg(!ask(), "%s", lines[i]);
		ck_assert_int_eq(session.run.ending, ENDING_FORGED);
		close_session();
	}
}
END_TEST

START_TEST(a_second_answer_is_forged)
{
	begin_with("answer 1 0 0 7\nanswer 1 0 0 8\n");
	ck_assert(ask());
	say(up, "bye\n");
	say(status, ENDED);
	session_end(&session);
	ck_assert_int_eq(session.run.ending, ENDING_FORGED);
	close_session();
}
END_TEST

START_TEST(a_child_is_ready_once)
{
	begin_with("ready\nanswer 1 0 0 7\n");
	ck_assert(ask());
	say(up, "ready\n");
	say(status, GONE);
	ck_assert(!ask());
	ck_assert_int_eq(session.run.ending, ENDING_BROKEN_WIRE);
	close_session();
}
END_TEST

START_TEST(pipes_that_break_are_our_fault_until_the_code_is_loaded)
{
	char lost[32];
	snprintf(lost, sizeof(lost), "status %d 0 -1 0 0\n", SCENARIO_RUNNER_LOST << 8);
	for (int ready = 0; ready < 2; ready++) {
		begin_with(ready ? "ready\n" : "");
		say(status, lost);
		ck_assert(!ask());
		ck_assert_int_eq(session.run.ending, ready ?
				 ENDING_BROKEN_WIRE : ENDING_GRADER);
		close_session();
	}
}
END_TEST

START_TEST(a_line_without_an_end_does_not_keep_the_judge)
{
	begin_with("");
	say_without_end(up, 3 * WIRE_LINE_MAX);
	say(status, GONE);
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
	say(up, "\nanswer 1 0 0 1\n");
	say(status, GONE CHILD);
	ck_assert(!ask());
	ck_assert_int_eq(begin(), 0);
	ck_assert_int_eq(session.run.ending, ENDING_ORDERLY);
	say(up, "answer 1 0 0 2\n");
	ck_assert_int_eq(session_ask(&session, "run", NULL, 0).value, 2);
	say(status, ENDED);
	session_end(&session);
	close_session();
}
END_TEST

START_TEST(a_broken_line_after_goodbye_is_told)
{
	begin_with("answer 1 0 0 1\n");
	ck_assert(ask());
	say(up, "bye\nwhat\n");
	say(status, ENDED);
	session_end(&session);
	ck_assert_int_eq(session.run.ending, ENDING_BROKEN_WIRE);
	close_session();
}
END_TEST

START_TEST(a_bad_line_before_the_child_is_known_is_no_fault_of_ours)
{
	static const struct {
		const char *line;
		enum ending ending;
	} bad[] = {
		{ "what\n", ENDING_BROKEN_WIRE },
		{ "answer 1 0 0 7\n", ENDING_FORGED },
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		open_session();
		say(up, bad[i].line);
		say(status, CHILD GONE);
		ck_assert_int_eq(begin(), 0);
		ck_assert(!ask());
		ck_assert_int_eq(session.run.ending, bad[i].ending);
		ck_assert(!session.broken);
		close_session();
	}
}
END_TEST

/* Makes more files in the folder of this test than a scenario runner may. */
static void fill(void)
{
	for (int i = 0; i <= FOLDER_ENTRIES_MAX; i++) {
		char name[16];
		snprintf(name, sizeof(name), "%d", i);
		own_file(name, "");
	}
}

START_TEST(a_full_disk_does_not_keep_the_judge_when_the_worker_is_silent)
{
	begin_with("");
	fill();
	ck_assert(!ask());
	ck_assert(session.broken);
	ck_assert_int_eq(session.run.ending, ENDING_FILLED);
	close_session();
}
END_TEST

START_TEST(a_disk_that_stays_full_is_not_the_worker_s_fault)
{
	begin_with("");
	fill();
	obey_after(100);
	ck_assert(!ask());
	ck_assert(!session.broken);
	ck_assert_int_eq(session.run.ending, ENDING_FILLED);
	close_session();
}
END_TEST

START_TEST(what_is_no_word_of_the_worker_s_is_not_believed)
{
	static const char *const lines[] = {
		"child 4\n", "child \n", "children\n", "son\n", "\n",
	};
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		open_session();
		say(status, lines[i]);
		ck_assert_msg(begin() == -EPIPE, "%s", lines[i]);
		ck_assert(session.broken && !session.running);
		close_session();
	}
}
END_TEST

START_TEST(a_status_out_of_its_range_is_not_believed)
{
	static const char *const lines[] = {
		"status -1 0 -1 0 0\n", "status 65536 0 -1 0 0\n",
		"status 4294967296 0 -1 0 0\n", "status 0 -1 -1 0 0\n",
		"status 0 0 -2 0 0\n", "status 0 0 2147483648 0 0\n",
		"status 0 0 0 0\n", "status 0 0 0 0 0 0\n",
	};
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		begin_with("answer 1 0 0 1\n");
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
	begin_with("answer 1 0 0 1\n");
	ck_assert(ask());
	say_without_end(status, 3 * WIRE_LINE_MAX);
	ck_assert(!ask());
	ck_assert(session.broken);
	close_session();
}
END_TEST

START_TEST(a_last_block_that_the_code_made_up_is_no_fault_of_ours)
{
	begin_with("answer 1 0 0 1\n");
	ck_assert(ask());
	say(up, "bye\n");
	say(status, "status 9 0 5 4294967040 4294967295\n");
	session_end(&session);
	ck_assert_int_eq(session.run.ending, ENDING_ORDERLY);
	ck_assert_uint_ge(session.run.last_module, WATCHED_MODULES);
	close_session();
}
END_TEST

START_TEST(a_line_out_of_its_range_is_refused)
{
	static const char *const lines[] = {
		"block 256:1 0\n", "block 4294967296:1 0\n",
		"block 0:100000000 0\n", "block 0:1x 0\n", "block 0 0\n",
		"block 0:1\n", "block 0:1 -1\n", "block 0:1 186A1\n",
		"errno 0:1 5\n", "errno 0:1 2147483648 0\n",
		"errno 256:1 5 0\n", "answer 1 4294967296 0 1\n",
		"answer 1 0 2 1\n", "answer 1 -2147483649 0 1\n",
		"step 0 0 0 186A1 0 0 1 0 -1 0 0 %-\n", "", "\n",
	};
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		begin_with(lines[i]);
		say(up, "answer 1 0 0 1\n");
		say(status, GONE);
		ck_assert_msg(ask() == !*lines[i], "%s", lines[i]);
		close_session();
	}
}
END_TEST

START_TEST(what_follows_a_fault_is_kept_with_the_ask_that_it_fell_into)
{
	begin_with("block 0:1f 7\nerrno 1:2a 28 9\nanswer 1 28 1 -28\n");
	ck_assert(ask());
	const struct run *run = &session.run;
	ck_assert_uint_eq(run->n_trace, 2);
	ck_assert(!run->trace[0].is_errno && run->trace[1].is_errno);
	ck_assert_uint_eq(run->trace[0].offset, 0x1f);
	ck_assert_uint_eq(run->trace[0].steps, 7);
	ck_assert_uint_eq(run->trace[1].module, 1);
	ck_assert_int_eq(run->trace[1].err, 28);
	ck_assert_uint_eq(run->trace[1].ask, 1);
	ck_assert(run->ask_came[0]);
	ck_assert_int_eq(run->ask_value[0], -28);
	say(status, GONE);
	close_session();
}
END_TEST

START_TEST(one_step_more_than_a_run_may_have_is_told_as_such)
{
	begin_with("");
	session.run.n_steps = STEPS_MAX;
	say(up, "step 0 0 0 186A1 0 0 1 0 -1 0 0 %-\n");
	say(status, GONE);
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
		"stain 1\n", "step 0 0 0 0 0 0 1 0 -1 0 0 %-\n", "block 0:1 0\n",
		"errno 0:1 5 0\n",
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
	char line[64];
	snprintf(line, sizeof(line), "step %X 0 0 0 0 7FFFFFFF 0 0 -1 0 0 %%-\n",
		 (unsigned)CALL_free);
	begin_with("");
	acquire(STEPS_MAX);
	flood(line);
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
	     who_has_said_goodbye_is_counted_before_it_is_ended,
	     who_does_not_answer_is_ended_by_the_worker,
	     goodbye_in_the_midst_of_a_call_is_no_end_in_order,
	     who_says_goodbye_and_goes_before_it_is_counted_has_left,
	     an_answer_to_what_was_not_asked_is_forged,
	     a_second_answer_is_forged,
	     a_child_is_ready_once,
	     pipes_that_break_are_our_fault_until_the_code_is_loaded,
	     a_line_without_an_end_does_not_keep_the_judge,
	     what_is_left_of_one_run_is_not_found_by_the_next,
	     a_broken_line_after_goodbye_is_told,
	     a_bad_line_before_the_child_is_known_is_no_fault_of_ours,
	     a_full_disk_does_not_keep_the_judge_when_the_worker_is_silent,
	     a_disk_that_stays_full_is_not_the_worker_s_fault,
	     what_is_no_word_of_the_worker_s_is_not_believed,
	     a_status_out_of_its_range_is_not_believed,
	     a_worker_whose_line_has_no_end_does_not_keep_the_judge,
	     a_last_block_that_the_code_made_up_is_no_fault_of_ours,
	     a_line_out_of_its_range_is_refused,
	     what_follows_a_fault_is_kept_with_the_ask_that_it_fell_into,
	     one_step_more_than_a_run_may_have_is_told_as_such,
	     lines_without_end_have_one,
	     lines_that_are_dear_to_look_up_do_not_keep_the_judge)
