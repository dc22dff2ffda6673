/* test_runner.c - runs the learner's tests against versions of the code.
 *
 * Orders come from descriptor 4, results go to descriptor 3, a line each, in words
 * of wire.h:
 *
 *	version NUMBER TESTS WRAP SUBJECT SUPPORT COUNTERS CHANGE OFFSET SKIP STOP
 *		TOLD ONLY
 *
 * asks for one version: the library of the tests, one that stands before the
 * subject, and its own two (WRAP and SUPPORT "-" for none), a descriptor of the
 * folder for its counters (-1 for none), a CHANGE of the release at OFFSET. SKIP
 * lists the numbers of tests left out, ",3,5,". With STOP 1 the first test that
 * rejects ends it, and those that are likely to reject for little time are run
 * first. With TOLD 1 the lines "printed" and "pairs" are wanted. ONLY is the name of
 * the one test to be run, "-" for all of them. The results are
 *
 *	version NUMBER
 *	test TEST NAME RESULT TIME LINE ROUND
 *		[MODE POINT ERR STATE STRUCK WITHIN FAILED ERROR
 *		[FILE LINE CALLER MESSAGE]]
 *	printed TEST TEXT
 *	pairs TEST FIRST:SECOND,...
 *	memory TEST ...		a bad access to memory in it (memory_fault.h)
 *	done COUNT
 *	ended STATUS
 *
 * RESULT is accepts, rejects, leaves (the process ended inside the test), crashes,
 * hangs (it waited too long), slow (it used up its processor time), fills (a file
 * became too large) or untried (the tests before it had used up the version's time). TIME is its processor time in
 * microseconds, LINE where its START_TEST stands, ROUND the round of a test that
 * loops, "-" of another. Of a test that came to its end, or whose process could tell,
 * there follow the plan that it asked for last; how that fared: none, idle (no fault
 * struck), struck, or late (it struck after fault_struck() had said no); the first
 * call that it struck, and the function of the headers within which; the last call
 * that failed by itself under it, and its error. Of one that rejects there follow the
 * place of the assertion, the address in the test by which a helper was called that
 * holds it, 0 for none, and Check's message. FIRST and SECOND are addresses of the
 * subject's, in hexadecimal: two calls that failed under one plan; SECOND is 0 of the
 * first alone. TEST is -1 for what
 * was printed while the libraries were loaded. Without "done" the version did not come
 * to its end.
 *
 * Only this process holds the descriptors, and it loads nothing. Each version is
 * loaded in a fork, and each round of each test runs in a fork of that, in a folder of
 * its own. From there lines come up through a socket and are passed on: whatever the
 * tests do there, it is said of the version under way. They know neither which one
 * that is nor what was ordered. When a round is over it asks for the folder of the
 * counters, and gets it through the same socket:
 *
 *	counters
 */
#include "sandbox/confine.h"
#include "guarded_heap.h"
#include "load.h"
#include "memory_watch.h"
#include "protocol/test_runner.h"
#include "test_round.h"
#include "sandbox/landlock.h"
#include "fault_injection.h"
#include "protocol/scenario_runner.h"
#include "base/tree.h"
#include "base/process.h"
#include "protocol/wire.h"
#include "include/brakes.h"

#include <check.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	TESTS_MAX = TEST_RUNNER_TESTS_MAX,
	TEST_MS = TEST_RUNNER_TEST_MS,
	BUSY = 4,			/* how much longer a test may take that works */
	IDLE_SHARE = 50,		/* it works if it had more than this part */
	VERSION_START_MS = 10000,	/* after which no test is begun, */
	VERSION_MS = VERSION_START_MS + (BUSY + 1) * TEST_MS, /* and all is over */
	ROUNDS_MAX = 5000,		/* of one test */
	LINES_MAX = 20000,		/* that a version may say */
	PRINTED_MAX = 900,		/* bytes of a test's output that are kept, */
	PAIRS_MAX = 1900,		/* and of the pairs */
	GUARDED = 256,			/* blocks of one round */
	LOOK_EVERY_MS = 50,
};

static struct {
	int channel;			/* to the process that holds the orders */
	bool first;			/* which is process 1 of a namespace */
	char folder[PATH_MAX];		/* for the counters that nobody asks for */
	struct test_suite suite;
	int printed;			/* reads what the tests print */
	void (*dump)(void);		/* NULL when nothing is counted */
	void (*reset)(void);
	long cpu_us;			/* that the tests of this version took */
	long started;			/* when their first began, by monotonic_ms */
	enum change change;		/* what the subject is changed in */
	uint32_t change_offset;
	int test;			/* whose round this process is */
} runner;

/* --- brakes.h --------------------------------------------------------------- */

/* Asks for the fault PLAN. */
static void arm(struct plan plan)
{
	test_round_armed(plan);
	injection_plan(plan);
}

void fail_call(int nth, int err)
{
	arm((struct plan){ .mode = nth > 0 ? FAULT_ONCE : FAULT_NONE,
				  .point = (unsigned)nth, .err = err });
}

void fail_calls_from(int nth, int err)
{
	arm((struct plan){ .mode = nth > 0 ? FAULT_ON : FAULT_NONE,
				  .point = (unsigned)nth, .err = err });
}

void shorten_call(int nth, int bytes)
{
	arm((struct plan){
		.mode = nth > 0 && bytes > 0 ? FAULT_SHORT : FAULT_NONE,
		.point = (unsigned)nth, .bytes = (uint32_t)bytes,
		.transfers = true });
}

int fault_struck(void)
{
	bool struck = injection_struck();
	test_round_asked(struck);
	return struck;
}

int still_open(void)
{
	injection_lock();
	int live = (int)ledger_live(injection_ledger());
	injection_unlock();
	return live;
}

int closed_twice(void)
{
	injection_lock();
	int wrong = (int)injection_ledger()->wrong;
	injection_unlock();
	return wrong;
}

/* --- one test ------------------------------------------------------------------ */

/* Takes a descriptor out of a message, -1 when there is none in it. Source:
 * unix(7), SCM_RIGHTS. */
static int take_descriptor(int channel)
{
	char byte;
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec part = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	int fd = -1;
	if (recvmsg(channel, &message, MSG_CMSG_CLOEXEC) != 1)
		return -1;
	const struct cmsghdr *head = CMSG_FIRSTHDR(&message);
	if (head && head->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(head), sizeof(fd));
	return fd;
}

/* Writes the counters where nobody could write before: only now does this process
 * get the folder. */
static void write_counters(void)
{
	char folder[32];
	if (!runner.dump || wire_send(runner.channel, "counters\n", 9) < 0)
		return;
	int fd = take_descriptor(runner.channel);
	if (fd < 0)
		return;
	snprintf(folder, sizeof(folder), "/proc/self/fd/%d", fd);
	load_counters_into(folder);
	runner.dump();
	load_counters_into(runner.folder);
	close(fd);
}

/* Tells of a bad access to memory, which ends the test. */
static void tell_memory(const struct memory_fault *fault)
{
	char line[32 + MEMORY_FAULT_BYTES];
	char *end = memory_fault_put(line + sprintf(line, "memory %d",
						    runner.test), fault);
	*end++ = '\n';
	wire_send(runner.channel, line, (size_t)(end - line));
}

/* Sends LINE, which gets its newline, or ends this process. */
static void tell_line(int tell, char line[WIRE_LINE_MAX])
{
	strcat(line, "\n");
	if (wire_send(tell, line, strlen(line)) < 0)
		_exit(1);
}

/* Has all that is printed from now on be lost: 0 or a negative errno. */
static int print_nowhere(void)
{
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	int rc = nowhere < 0 || dup2(nowhere, 1) < 0 || dup2(nowhere, 2) < 0 ?
		 -errno : 0;
	if (nowhere > 2)
		close(nowhere);
	return rc;
}

/* The child of one round: it tells its result through TELL, or nothing. What was
 * counted before it began is not the test's doing. */
static void be_round(int tell, int number, int round, int cpu_ms)
{
	char line[WIRE_LINE_MAX] = "", pairs[WIRE_LINE_MAX];
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	setpgid(0, 0);
	close(runner.printed);
	restrain_processes(RESTRAIN_LOADED);
	if (!runner.first && !restrain_knows_signals())
		restrain();
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	if (runner.reset)
		runner.reset();
	test_round_begin();
	injection_change(runner.change, 0, runner.change_offset);
	injection_processor_time(cpu_ms);
	runner.test = number;
	guarded_heap_allow(GUARDED);
	memory_watch(tell_memory);
	test_round_run(&runner.suite, number, round, line);
	injection_processor_time(0);
	fflush(stdout);
	fflush(stderr);
	/* What gcov's library complains of is not the test's. */
	if (print_nowhere() == 0)
		write_counters();
	test_round_pairs(pairs);
	tell_line(tell, pairs);
	tell_line(tell, line);
	_exit(0);
}

/* How long a test is waited for. */
struct patience {
	long until, most;		/* by monotonic_ms */
	long worked_ms;			/* when that was last put off */
};

/* What is known of a test whose rounds are under way. */
struct result {
	struct patience patience;
	char said[WIRE_LINE_MAX];	/* by the last round, a newline at its end */
	char pairs[PAIRS_MAX];		/* of all rounds, "FIRST:SECOND,..." */
	char printed[PRINTED_MAX + 1];
	size_t n_printed;
	const char *end;		/* of a round that told nothing, or NULL */
	int round;
	long cpu_us;
};

/* Reads what waits of what the tests print, and keeps the beginning. */
static void take_printed(struct result *result)
{
	char bytes[4096];
	for (ssize_t n; (n = read(runner.printed, bytes, sizeof(bytes))) > 0;) {
		size_t room = PRINTED_MAX - result->n_printed;
		size_t kept = (size_t)n < room ? (size_t)n : room;
		memcpy(result->printed + result->n_printed, bytes, kept);
		result->n_printed += kept;
	}
}

/* The processor time of CHILD so far, in milliseconds. */
static long worked_ms(pid_t child)
{
	clockid_t clock;
	struct timespec time = { 0, 0 };
	if (clock_getcpuclockid(child, &clock) == 0)
		clock_gettime(clock, &time);
	return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* Milliseconds for which CHILD, which runs a round, may still be waited for, 0 for
 * none. Where others keep the processors busy, a test that works is waited for until
 * its processor time is used up. */
static int patience_left(struct result *result, pid_t child)
{
	struct patience *p = &result->patience;
	long now = monotonic_ms();
	if (now < p->until)
		return (int)(p->until - now);
	long worked = result->cpu_us / 1000 + worked_ms(child);
	if (now >= p->most || worked - p->worked_ms <= TEST_MS / IDLE_SHARE)
		return 0;
	p->worked_ms = worked;
	p->until = now + TEST_MS;
	return TEST_MS;
}

/* Waits for something from FD, which CHILD may send, or for output, which it takes:
 * whether there is something at FD, or it is late. */
static bool wait_round(int fd, pid_t child, struct result *result, bool *ret_late)
{
	struct pollfd polled[] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = runner.printed, .events = POLLIN },
	};
	int left = patience_left(result, child);
	int ready = left > 0 ? poll(polled, 2, left) : 0;
	if (polled[1].revents)
		take_printed(result);
	*ret_late = left == 0;
	return left == 0 || (ready > 0 && polled[0].revents);
}

/* Adds the pairs of one round, "FIRST:SECOND,...", those that are new. */
static void add_pairs(struct result *result, char *pairs)
{
	char *rest = NULL, sought[32];
	for (char *pair = strtok_r(pairs, ",", &rest); pair;
	     pair = strtok_r(NULL, ",", &rest)) {
		size_t n = strlen(result->pairs);
		snprintf(sought, sizeof(sought), "%s,", pair);
		if (!strstr(result->pairs, sought) && n + strlen(sought) < PAIRS_MAX)
			strcpy(result->pairs + n, sought);
	}
}

/* Takes the whole lines of TEXT, N bytes, which are the pairs and the result: whether
 * the result was among them. */
static bool take_said(struct result *result, char *text, size_t *n)
{
	static const char prefix[] = "pairs ";
	for (char *end; (end = memchr(text, '\n', *n)) != NULL;) {
		size_t size = (size_t)(end - text) + 1;
		bool pairs = strncmp(text, prefix, strlen(prefix)) == 0;
		if (pairs) {
			*end = '\0';
			add_pairs(result, text + strlen(prefix));
		} else {
			memcpy(result->said, text, size);
			result->said[size] = '\0';
			return true;
		}
		memmove(text, text + size, *n -= size);
	}
	return false;
}

/* Waits for the result line: 1, 0 when there is none, -ETIME when it is late. */
static int await_result(int fd, pid_t child, struct result *result)
{
	char text[WIRE_LINE_MAX];
	size_t n = 0;
	for (bool late;;) {
		if (!wait_round(fd, child, result, &late))
			continue;
		ssize_t got = late ? 0 : read(fd, text + n, sizeof(text) - 1 - n);
		if (got <= 0)
			return late ? -ETIME : 0;
		n += (size_t)got;
		if (take_said(result, text, &n))
			return 1;
	}
}

/* What to call a round that told nothing. */
static const char *end_named(int rc, int status)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF)
		return "slow";
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ)
		return "fills";
	return rc == -ETIME ? "hangs" : WIFSIGNALED(status) ? "crashes" : "leaves";
}

/* Waits until the child is gone, or with AT_ONCE not at all, and ends what it left. */
static void await_death(pid_t child, bool at_once, struct result *result,
			int *ret_status)
{
	struct rusage usage = { .ru_nivcsw = 0 };
	int process = at_once ? -1 : pidfd_open(child, 0);
	for (bool late; process >= 0;)
		if (wait_round(process, child, result, &late))
			break;
	if (process >= 0)
		close(process);
	kill(child, SIGKILL);
	wait4(child, ret_status, 0, &usage);
	result->cpu_us += (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
			  usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
	kill(-child, SIGKILL);
	reap_descendants();
}

/* Forks ROUND of test NUMBER: 1 when it came to its end, 0 when it told nothing, or a
 * negative errno of our own. */
static int fork_round(int number, int round, struct result *result)
{
	int tell[2], status = 0;
	int left_ms = TEST_RUNNER_TEST_CPU_MS - (int)(result->cpu_us / 1000);
	if (pipe2(tell, O_CLOEXEC) < 0)
		return -errno;
	fflush(NULL);
	pid_t child = fork();
	if (child == 0)
		be_round(tell[1], number, round, left_ms > 1 ? left_ms : 1);
	close(tell[1]);
	int rc = child < 0 ? -errno : await_result(tell[0], child, result);
	close(tell[0]);
	if (child < 0)
		return rc;
	/* One that closed its pipe untold is on its way out: it may end. */
	await_death(child, rc != 0, result, &status);
	take_printed(result);
	result->end = rc == 1 ? NULL : end_named(rc, status);
	return rc == 1;
}

/* Runs one round in a scratch folder of its own: 1 when it came to its end. */
static int run_in_folder(int number, int round, struct result *result)
{
	if (mkdir("scratch", 0700) < 0 || chdir("scratch") < 0)
		return -errno;
	int rc = fork_round(number, round, result);
	if (chdir("..") < 0)
		return -errno;
	remove_tree("scratch");
	return rc;
}

static bool accepts(const struct result *result)
{
	return !result->end && strncmp(result->said, "accepts", 7) == 0;
}

/* Runs the rounds of a test until one does not accept: 0 or a negative errno. */
static int run_rounds(int number, struct result *result)
{
	const struct registered_test *test = &runner.suite.test[number];
	long now = monotonic_ms();
	strcpy(result->said, "accepts\n");
	result->patience = (struct patience){ now + TEST_MS, now + BUSY * TEST_MS, 0 };
	for (int round = test->start; round < test->end; round++) {
		if (round - test->start == ROUNDS_MAX) {
			result->end = "slow";
			return 0;
		}
		result->round = round;
		int rc = run_in_folder(number, round, result);
		if (rc < 0 || !accepts(result))
			return rc < 0 ? rc : 0;
	}
	return 0;
}

/* Sends VERB, the number of a test and TEXT up. */
static int send_text(const char *verb, int number, const char *text)
{
	char word[16], line[WIRE_LINE_MAX], *at = stpcpy(line, verb);
	snprintf(word, sizeof(word), "%d", number);
	at = wire_put(at, sizeof(word) + 8, word);
	at = wire_put(at, WIRE_LINE_MAX - 64, text);
	strcpy(at, "\n");
	return wire_send(runner.channel, line, strlen(line));
}

/* The name of a test. */
static const char *name_of(int number)
{
	const TTest *test = runner.suite.test[number].test;
	return test && test->name ? test->name : "?";
}

/* Writes "test NUMBER NAME RESULT TIME LINE ROUND" into LINE: its end. END is the
 * result. */
static char *put_head(char *line, int number, const char *end,
		      const struct result *result)
{
	const struct registered_test *test = &runner.suite.test[number];
	char name[TEST_RUNNER_NAME_MAX], round[16] = "-";
	snprintf(name, sizeof(name), "%s", name_of(number));
	if (test_loops(test))
		snprintf(round, sizeof(round), "%d", result->round);
	char *at = line + sprintf(line, "test %d", number);
	at = wire_put(at, 3 * sizeof(name) + 8, name);
	return at + sprintf(at, " %s %ld %d %s", end, result->cpu_us,
			    test->test ? test->test->line : 0, round);
}

/* Sends up what is known of a test that was run. */
static int send_result(int number, const struct result *result)
{
	char line[2 * WIRE_LINE_MAX], word[16];
	snprintf(word, sizeof(word), "%.7s", result->said);
	char *at = put_head(line, number, result->end ? result->end : word, result);
	snprintf(at, WIRE_LINE_MAX, "%s", result->end ? "\n" : result->said + 7);
	line[WIRE_LINE_MAX - 2] = '\0';
	if (!strchr(line, '\n'))
		strcat(line, "\n");
	int rc = result->n_printed ?
		 send_text("printed", number, result->printed) : 0;
	if (rc == 0 && result->pairs[0])
		rc = send_text("pairs", number, result->pairs);
	return rc < 0 ? rc : wire_send(runner.channel, line, strlen(line));
}

/* Whether the tests so far have used up what a version may cost. */
static bool used_up(void)
{
	return runner.cpu_us / 1000 >= TEST_RUNNER_VERSION_CPU_MS ||
	       monotonic_ms() - runner.started > VERSION_START_MS;
}

/* Runs a test, if there is time for it, and sends its result up: 1 when it accepts. */
static int run_test(int number)
{
	struct result result = { .n_printed = 0 };
	int rc = 0;
	if (used_up())
		result.end = "untried";
	else
		rc = run_rounds(number, &result);
	runner.cpu_us += result.cpu_us;
	if (rc == 0)
		rc = send_result(number, &result);
	return rc < 0 ? rc : accepts(&result);
}

/* Whether LIST names NUMBER. */
static bool listed(const char *list, int number)
{
	char text[16];
	snprintf(text, sizeof(text), ",%d,", number);
	return strstr(list, text) != NULL;
}

/* What the tests that are to end a version have come to so far, all versions together. */
static struct record {
	long cpu_us;			/* when it ran last */
	int tries, rejections;
} records[TESTS_MAX];

/* The time that test NUMBER takes for each version that it rejects, as far as is known
 * (Laplace's rule of succession). */
static double price(int number)
{
	const struct record *r = &records[number];
	return (double)(r->cpu_us + 1) * (r->tries + 2) / (r->rejections + 1);
}

static int cheaper(const void *a, const void *b)
{
	int i = *(const int *)a, j = *(const int *)b;
	double difference = price(i) - price(j);
	return difference < 0 ? -1 : difference > 0 ? 1 : i - j;
}

/* Puts the numbers of N tests in the order in which they are run: where the first
 * rejection ends it, by what that is likely to take. */
static void put_in_order(int numbers[TESTS_MAX], int n, bool stop)
{
	for (int i = 0; i < n; i++)
		numbers[i] = i;
	if (stop)
		qsort(numbers, (size_t)n, sizeof(*numbers), cheaper);
}

/* Sends up what was printed while the libraries were loaded. */
static int send_loading(void)
{
	struct result result = { .n_printed = 0 };
	fflush(NULL);
	take_printed(&result);
	return result.n_printed ? send_text("printed", -1, result.printed) : 0;
}

/* --- one version ------------------------------------------------------------- */

/* One version as the order tells it, the first word left out. */
struct order {
	char number[16];
	char tests[PATH_MAX], wrap[PATH_MAX], subject[PATH_MAX], support[PATH_MAX];
	char skip[TEST_RUNNER_SKIP_MAX];
	int counters;			/* a descriptor, or -1 */
	enum change change;
	uint32_t offset;
	bool stop, told;
	char only[TEST_RUNNER_NAME_MAX];	/* "" for all */
};

/* Whether ORDER asks for test NUMBER. */
static bool wanted(const struct order *order, int number)
{
	return !listed(order->skip, number) &&
	       (!order->only[0] || strcmp(order->only, name_of(number)) == 0);
}

/* Runs every test that is wanted. */
static int run_all(const struct order *order)
{
	char line[32];
	int numbers[TESTS_MAX], n = runner.suite.n;
	put_in_order(numbers, n, order->stop);
	runner.started = monotonic_ms();
	for (int i = 0; i < n; i++) {
		int rc = wanted(order, numbers[i]) ? run_test(numbers[i]) : 1;
		if (rc < 0)
			return rc;
		if (rc == 0 && order->stop)
			break;
	}
	snprintf(line, sizeof(line), "done %d\n", n);
	return wire_send(runner.channel, line, strlen(line));
}

/* Loads one library that there may be none of. */
static bool load(const char *path, int module, void **ret_handle)
{
	*ret_handle = strcmp(path, "-") == 0 ? NULL : load_library(path, module);
	return *ret_handle || strcmp(path, "-") == 0;
}

/* Finds what counts in the subject, and has it write once: whatever the tests
 * do, there are counters to be read. */
static void begin_counters(void *subject)
{
	*(void **)&runner.dump = dlsym(subject, "brakes_coverage_dump");
	*(void **)&runner.reset = dlsym(subject, "brakes_coverage_reset");
	write_counters();
}

/* Has all that is printed from now on come out at runner.printed. While the libraries
 * are loaded this process cannot read it: what does not fit is lost. */
static int catch_output(void)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0 || dup2(ends[1], 1) < 0 ||
	    dup2(ends[1], 2) < 0)
		return -errno;
	runner.printed = ends[0];
	close(ends[1]);
	return 0;
}

/* Loads the libraries, the support before the subject that may call it, and
 * finds what is called in them. */
static int load_all(const struct order *order)
{
	void *subject, *other, *handle;
	if (!load(order->support, 1, &other) ||
	    !load(order->subject, 0, &subject) || !load(order->wrap, -1, &other))
		return TEST_RUNNER_NO_CODE;
	if (order->counters >= 0)
		begin_counters(subject);
	if (catch_output() < 0)
		return TEST_RUNNER_LOST;
	if (!load(order->tests, TESTS_MODULE, &handle))
		return TEST_RUNNER_NO_CODE;
	*(void **)&runner.suite.register_tests = dlsym(handle, "learner_tests");
	if (!runner.suite.register_tests)
		return TEST_RUNNER_NO_TESTS;
	test_suite_read(&runner.suite);
	return 0;
}

/* Tests wait until their output is taken. */
static int let_output_wait(void)
{
	return fcntl(1, F_SETFL, O_WRONLY) < 0 ? -errno : 0;
}

/* Closes all that is not the standard three or the channel, which becomes number
 * 3: what was ordered, where results go, and the folders of counters are out of
 * reach before any code of the learner's is loaded. */
static void close_all_but(int channel)
{
	runner.channel = dup2(channel, TEST_RUNNER_RESULTS);
	close_range(TEST_RUNNER_RESULTS + 1, ~0U, 0);
	if (print_nowhere() < 0)
		_exit(TEST_RUNNER_LOST);
}

/* The child of one version: its exit status tells what was wrong with it. */
static void be_version(const struct order *order, int channel)
{
	struct rlimit limit = { TEST_RUNNER_FILE_MAX, TEST_RUNNER_FILE_MAX };
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	setpgid(0, 0);
	/* Where that means to signal itself alone, it is for each test: this
	 * process has to end them. */
	restrain_processes(RESTRAIN_OURS - RESTRAIN_LOADED);
	runner.first = getppid() == 1;
	if (!runner.first && restrain_knows_signals())
		restrain();
	close_all_but(channel);
	if (mkdir("counters", 0700) < 0 ||
	    !realpath("counters", runner.folder))
		_exit(TEST_RUNNER_LOST);
	load_counters_into(runner.folder);
	if (adopt_orphans() < 0 || setrlimit(RLIMIT_FSIZE, &limit) < 0)
		_exit(TEST_RUNNER_LOST);
	injection_processor_time(TEST_RUNNER_TEST_CPU_MS);
	int status = load_all(order);
	injection_processor_time(0);
	int rc = runner.printed ? send_loading() : 0;
	if (status)
		_exit(status);
	runner.change = order->change;
	runner.change_offset = order->offset;
	if (rc == 0)
		rc = let_output_wait();
	if (rc == 0)
		rc = run_all(order);
	_exit(rc < 0 ? TEST_RUNNER_LOST : 0);
}

/* --- the process that holds the orders ---------------------------------------- */

/* Sends the descriptor FD with one byte; the byte alone when it is -1. */
static void give_descriptor(int channel, int fd)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { .bytes = { 0 } };
	struct iovec part = { "+", 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	if (fd >= 0) {
		message.msg_control = &control;
		message.msg_controllen = sizeof(control);
		struct cmsghdr *head = CMSG_FIRSTHDR(&message);
		head->cmsg_level = SOL_SOCKET;
		head->cmsg_type = SCM_RIGHTS;
		head->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(head), &fd, sizeof(fd));
	}
	sendmsg(channel, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* Notes what a test took, and whether it rejects, of what LINE tells. A correct version
 * among the broken ones meets the tests in the order in which they do. */
static void note_result(const struct order *order, const char *line)
{
	int number, n = 0;
	long cpu_us;
	char result[16];
	if (sscanf(line, "test %d %*s %15s %ld%n", &number, result, &cpu_us, &n) != 3
	    || n == 0 || number < 0 || number >= TESTS_MAX ||
	    strcmp(result, "untried") == 0)
		return;
	struct record *r = &records[number];
	r->cpu_us = cpu_us;
	r->tries += order->stop;
	r->rejections += order->stop && strcmp(result, "accepts") != 0;
}

/* Passes on one line of the version's, if it is one that it may tell: 1 when it
 * was the last, 0, or a negative errno of our own. */
static int pass_on(const struct order *order, int channel, char *line)
{
	size_t n = strlen(line);
	bool last = strncmp(line, "done ", 5) == 0;
	if (strcmp(line, "counters") == 0)
		give_descriptor(channel, order->counters);
	bool told = strncmp(line, "printed ", 8) == 0 ||
		    strncmp(line, "pairs ", 6) == 0;
	if (!last && strncmp(line, "test ", 5) != 0 &&
	    strncmp(line, "memory ", 7) != 0 && !(told && order->told))
		return 0;
	note_result(order, line);
	line[n] = '\n';
	int rc = wire_send(TEST_RUNNER_RESULTS, line, n + 1);
	return rc < 0 ? rc : last;
}

/* Looks at the disk, however much the version has to say meanwhile. */
static bool fills_the_disk(void)
{
	static long looked_at;
	long now = monotonic_ms();
	if (now - looked_at < LOOK_EVERY_MS)
		return false;
	looked_at = now;
	return folder_overflows(".");
}

/* Waits until there is something to read: false when the version has ended with
 * nothing left to be read, fills the disk, or is too late. */
static bool wait_for(int channel, int version, long deadline)
{
	struct pollfd polled[] = {
		{ .fd = channel, .events = POLLIN },
		{ .fd = version, .events = POLLIN },
	};
	for (long left; (left = deadline - monotonic_ms()) > 0;) {
		int slice = left < LOOK_EVERY_MS ? (int)left : LOOK_EVERY_MS;
		int ready = poll(polled, 2, slice);
		if (fills_the_disk())
			return false;
		if (ready != 0)
			return ready > 0 && polled[0].revents;
	}
	return false;
}

/* Passes on what a version tells until it is done, gone, too late or tells too
 * much: 0, or a negative errno of our own. */
static int listen_to(const struct order *order, int channel, int version)
{
	static struct wire wire;
	long deadline = monotonic_ms() + VERSION_MS;
	char *line;
	wire = (struct wire){ .fd = channel };
	for (int lines = 0; lines < LINES_MAX;) {
		int rc = wire_next(&wire, &line);
		if (rc > 0) {
			lines++;
			rc = pass_on(order, channel, line);
			if (rc != 0)
				return rc < 0 ? rc : 0;
		} else if (rc < 0 || !wait_for(channel, version, deadline) ||
			   wire_fill(&wire) <= 0) {
			return 0;
		}
	}
	return 0;
}

/* Ends a version that tells no more, a moment later at most: its exit status, -1
 * when it had to be killed. */
static int end_version(pid_t child, int version)
{
	struct pollfd polled = { .fd = version, .events = POLLIN };
	int status = 0;
	poll(&polled, 1, TEST_MS);
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	kill(-child, SIGKILL);
	reap_cell();
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Follows the forked version to its end: its status, or a negative errno. */
static int follow(const struct order *order, int channel, pid_t child,
		  int *ret_status)
{
	int version = pidfd_open(child, 0);
	int rc = version < 0 ? -errno : listen_to(order, channel, version);
	*ret_status = end_version(child, version);
	if (version >= 0)
		close(version);
	return rc;
}

/* Runs one version and tells how it ended. */
static int run_version(const struct order *order)
{
	char line[64];
	int channel[2], status = -1;
	int n = snprintf(line, sizeof(line), "version %.15s\n", order->number);
	int rc = wire_send(TEST_RUNNER_RESULTS, line, (size_t)n);
	if (rc < 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, channel) < 0)
		return rc < 0 ? rc : -errno;
	pid_t child = fork();
	if (child == 0)
		be_version(order, channel[1]);
	close(channel[1]);
	rc = child < 0 ? -errno : follow(order, channel[0], child, &status);
	close(channel[0]);
	empty_folder(".", NULL);
	if (getpid() == 1)
		empty_tmp();
	n = snprintf(line, sizeof(line), "ended %d\n", status);
	int sent = rc < 0 ? rc : wire_send(TEST_RUNNER_RESULTS, line, (size_t)n);
	return rc < 0 ? rc : sent;
}

/* Reads one order: 0 or -EPROTO. */
static int read_order(const struct words *words, struct order *order)
{
	enum { NUMBER = 1, TESTS, WRAP, SUBJECT, SUPPORT, COUNTERS, CHANGE, OFFSET,
	       SKIP, STOP, TOLD, ONLY, WORDS };
	long long counters, change, offset;
	if (words->n != WORDS || wire_number(words->word[COUNTERS], &counters) < 0 ||
	    wire_number(words->word[CHANGE], &change) < 0 ||
	    wire_number(words->word[OFFSET], &offset) < 0)
		return -EPROTO;
	*order = (struct order){
		.counters = (int)counters, .change = (enum change)change,
		.offset = (uint32_t)offset, .stop = words->word[STOP][0] == '1',
		.told = words->word[TOLD][0] == '1',
	};
	snprintf(order->number, sizeof(order->number), "%s",
		 words->word[NUMBER]);
	snprintf(order->tests, PATH_MAX, "%s", words->word[TESTS]);
	snprintf(order->wrap, PATH_MAX, "%s", words->word[WRAP]);
	snprintf(order->subject, PATH_MAX, "%s", words->word[SUBJECT]);
	snprintf(order->support, PATH_MAX, "%s", words->word[SUPPORT]);
	snprintf(order->skip, TEST_RUNNER_SKIP_MAX, "%s", words->word[SKIP]);
	if (strcmp(words->word[ONLY], "-") != 0)
		snprintf(order->only, sizeof(order->only), "%s",
			 words->word[ONLY]);
	return 0;
}

int main(int argc, char **argv)
{
	static struct wire orders = { .fd = TEST_RUNNER_ORDERS };
	static struct order order;
	struct words words;
	char *line;
	(void)argc;
	confine_own(argv);
	if (adopt_orphans() < 0 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return TEST_RUNNER_LOST;
	memory_watch_prepare();
	while (wire_read(&orders, &line) > 0)
		if (wire_split(line, &words) < 0 ||
		    read_order(&words, &order) < 0 ||
		    run_version(&order) < 0)
			return TEST_RUNNER_LOST;
	return 0;
}
