/* test_round.c - see test_round.h. */
#include "test_round.h"
#include "fault_injection.h"
#include "ledger/errors.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAIRS_MAX = 100, STACK_SPAN = 8 << 20, NUMBER_ROOM = 24 };

/* What Check is to do now: run one round of one test, or count what is registered. */
static struct {
	struct test_suite *counted;	/* NULL: run */
	int chosen, round;
	int n;				/* tests seen by this registration */
	bool expects_end;		/* a signal or an exit status */
} now;

/* What happened under the plan that the test asked for last. */
static struct {
	struct plan plan;
	bool asked;		/* fault_struck() has said no since */
	bool late;		/* the fault struck after that */
	bool over;		/* the test has failed: what follows is cleanup */
	unsigned strikes;
	struct step struck;	/* the first that was made to fail */
	struct step own;	/* the last that failed by itself */
	bool has_own;
	size_t n_pairs;
	uint32_t pair[PAIRS_MAX][2];
} seen;

static pid_t test_process;	/* in which the test was begun */
static uintptr_t caller;	/* in the test, of the helper that failed; 0: none */

/* --- what the code under test does --------------------------------------------- */

/* Notes that two calls failed under one plan, each pair of places once; SECOND is 0 of
 * the first that failed. */
static void note_pair(uint32_t first, uint32_t second)
{
	for (size_t i = 0; i < seen.n_pairs; i++)
		if (seen.pair[i][0] == first && seen.pair[i][1] == second)
			return;
	if (seen.n_pairs == PAIRS_MAX)
		return;
	seen.pair[seen.n_pairs][0] = first;
	seen.pair[seen.n_pairs++][1] = second;
}

/* Hears of each call of the code under test, one at a time. */
static void note_step(const struct step *step)
{
	if (seen.over)
		return;
	if (!step->faulted) {
		seen.has_own = seen.has_own || step->failed;
		if (step->failed)
			seen.own = *step;
		return;
	}
	seen.late = seen.late || seen.asked;
	bool first = seen.strikes++ == 0;
	if (first)
		seen.struck = *step;
	if (step->site.module[0] == 0 && seen.struck.site.module[0] == 0)
		note_pair(seen.struck.site.offset[0],
			  first ? 0 : step->site.offset[0]);
}

void test_round_begin(void)
{
	memset(&seen, 0, sizeof(seen));
	caller = 0;
	injection_start((struct listener){ .step = note_step });
}

void test_round_armed(struct plan plan)
{
	if (seen.over)
		return;
	seen.plan = plan;
	seen.asked = seen.late = seen.has_own = false;
	seen.strikes = 0;
}

void test_round_asked(bool struck)
{
	seen.asked = seen.asked || (!struck && seen.plan.mode != FAULT_NONE);
}

/* --- Check's own, with ours before it ------------------------------------------- */

void __wrap__tcase_add_test(TCase *tests, const TTest *test, int signal,
			    int status, int start, int end);

/* Stands before Check's own, for the learner's library: counts the tests, or lets one
 * round of one of them pass. */
void __wrap__tcase_add_test(TCase *tests, const TTest *test, int signal,
			    int status, int start, int end)
{
	int number = now.n++;
	if (now.counted && number < TEST_RUNNER_TESTS_MAX)
		now.counted->test[number] = (struct registered_test){ test, start, end };
	if (now.counted || number != now.chosen)
		return;
	now.expects_end = signal || status;
	_tcase_add_test(tests, test, signal, status, now.round, now.round + 1);
}

/* The address in the test from which the chain of its helpers was called that ends at
 * FRAME; 0 when there is no helper. The test is the last function of its library:
 * Check calls it. Source: the x86-64 and AArch64 psABI, frame layout. */
static uintptr_t find_caller(void *frame)
{
	uintptr_t *at = frame, first = (uintptr_t)frame, found = 0;
	Dl_info tests, other;
	if (!dladdr((void *)(at[1] - 1), &tests))
		return 0;
	for (int depth = 0;; depth++) {
		uintptr_t call = at[1] - 1, next = at[0];
		if (!dladdr((void *)call, &other) ||
		    other.dli_fbase != tests.dli_fbase)
			return found;
		found = depth > 0 ? call - (uintptr_t)tests.dli_fbase : 0;
		if (next <= (uintptr_t)at || next - first > STACK_SPAN ||
		    next % sizeof(void *))
			return found;
		at = (uintptr_t *)next;
	}
}

void __wrap__ck_assert_failed(const char *file, int line, const char *expr,
			      const char *format, ...)
	__attribute__((noreturn, format(printf, 4, 5)));

/* Stands before Check's own, for the learner's library: notes by which line of the test
 * a failing helper was called. */
void __wrap__ck_assert_failed(const char *file, int line, const char *expr,
			      const char *format, ...)
{
	char text[WIRE_LINE_MAX];
	va_list args;
	va_start(args, format);
	if (format)
		vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	caller = find_caller(__builtin_frame_address(0));
	seen.over = true;
	if (format)
		_ck_assert_failed(file, line, expr, "%s", text);
	_ck_assert_failed(file, line, expr, NULL);
}

/* --- the tests ------------------------------------------------------------------- */

void test_suite_read(struct test_suite *suite)
{
	now.counted = suite;
	now.n = 0;
	suite->register_tests(tcase_create("count"));
	now.counted = NULL;
	suite->n = now.n < TEST_RUNNER_TESTS_MAX ? now.n : TEST_RUNNER_TESTS_MAX;
}

bool test_loops(const struct registered_test *test)
{
	return test->start != 0 || test->end != 1;
}

/* Writes NUMBER to AT, in FORMAT, as one word: the new end. */
static char *put_number(char *at, const char *format, long number)
{
	char text[NUMBER_ROOM];
	snprintf(text, sizeof(text), format, number);
	return wire_put(at, NUMBER_ROOM + 8, text);
}

/* How the plan fared, in a word. */
static const char *state_of_plan(void)
{
	return seen.plan.mode == FAULT_NONE ? "none" : !seen.strikes ? "idle" :
	       seen.late ? "late" : "struck";
}

/* The function of the headers within which STEP was made, "" when not known. */
static const char *entered_by(const struct step *step)
{
	Dl_info info;
	int last = 0;
	while (last + 1 < SITE_DEPTH && step->site.offset[last + 1])
		last++;
	uintptr_t address = injection_address(step->site.module[last],
					      step->site.offset[last]);
	return address && dladdr((void *)address, &info) && info.dli_sname ?
	       info.dli_sname : "";
}

/* Writes what is known of the plan and of the calls under it. */
static char *put_plan(char *at)
{
	at = put_number(at, "%ld", seen.plan.mode);
	at = put_number(at, "%ld", seen.plan.point);
	at = put_number(at, "%ld", seen.plan.mode == FAULT_SHORT ?
			(long)seen.plan.bytes : seen.plan.err);
	at = wire_put(at, 16, state_of_plan());
	at = wire_put(at, 64, seen.strikes ? calls[seen.struck.call].name : "");
	at = wire_put(at, 128, seen.strikes ? entered_by(&seen.struck) : "");
	at = wire_put(at, 64, seen.has_own ? calls[seen.own.call].name : "");
	return wire_put(at, 32, seen.has_own ? error_name(seen.own.call,
							  seen.own.err) : "");
}

/* Writes what Check tells of a test that rejects. */
static void put_complaint(char *at, TestResult *result)
{
	const char *file = tr_lfile(result);
	const char *slash = file ? strrchr(file, '/') : NULL;
	at = wire_put(at, 128, slash ? slash + 1 : file ? file : "?");
	at = put_number(at, "%ld", tr_lno(result));
	at = put_number(at, "%ld", (long)caller);
	wire_put(at, WIRE_LINE_MAX / 2, tr_msg(result));
}

/* Runs before the test, in its process: those that it forks are others. */
static void begin_test(void)
{
	test_process = getpid();
}

/* Runs after the test, in each process that comes to its end. One that the test forked
 * ends here, as under Check: else it would send a result too. The test waits for it,
 * so that an assertion that fails there counts whichever process is faster. */
static void end_test(void)
{
	if (getpid() != test_process)
		exit(seen.over);
	while (wait(NULL) > 0 || errno == EINTR)
		continue;
}

/* Check forks once more for a test that is to end its process. */
void test_round_run(const struct test_suite *suite, int number, int round,
		    char line[WIRE_LINE_MAX])
{
	Suite *checks = suite_create("tests");
	TCase *tests = tcase_create("tests");
	now.chosen = number;
	now.round = round;
	now.n = 0;
	tcase_add_checked_fixture(tests, begin_test, end_test);
	suite->register_tests(tests);
	suite_add_tcase(checks, tests);
	SRunner *check = srunner_create(checks);
	srunner_set_fork_status(check, now.expects_end ? CK_FORK : CK_NOFORK);
	srunner_run(check, NULL, NULL, CK_SILENT);
	bool rejects = srunner_ntests_failed(check) > 0;
	char *at = put_plan(stpcpy(line, rejects ? "rejects" : "accepts"));
	TestResult **results = rejects ? srunner_failures(check) : NULL;
	if (results)
		put_complaint(at, results[0]);
	free(results);
}

void test_round_pairs(char line[WIRE_LINE_MAX])
{
	char *at = stpcpy(line, "pairs ");
	for (size_t i = 0; i < seen.n_pairs; i++)
		at += sprintf(at, "%s%x:%x", i ? "," : "", seen.pair[i][0],
			      seen.pair[i][1]);
}
