/* test_runner.c - runs the learner's tests against versions of the code.
 *
 * Orders come from descriptor 4, results go to descriptor 3, a line each, in words
 * of wire.h:
 *
 *	version NUMBER TESTS WRAP SUBJECT SUPPORT COUNTERS CHANGE OFFSET SKIP STOP
 *
 * asks for one version: the library of the tests, one that stands before the
 * subject, and its own two (WRAP and SUPPORT "-" for none), a descriptor of the
 * folder for its counters (-1 for none), a CHANGE of the release at OFFSET. SKIP
 * lists the numbers of tests left out, ",3,5,". With STOP 1 the first test that
 * rejects ends it; and the test that ended the one before is run first. The results
 * are
 *
 *	version NUMBER
 *	test TEST NAME RESULT FILE LINE MESSAGE
 *	done COUNT
 *	ended STATUS
 *
 * RESULT is accepts, rejects, leaves (the process ended inside the test), crashes
 * or hangs. Without "done" the version did not come to its end.
 *
 * Only this process holds the descriptors, and it loads nothing. Each version is
 * loaded in a fork, and each test runs in a fork of that, in a folder of its own.
 * From there "test" and "done" lines come up through a socket and are passed on:
 * whatever the tests do there, it is said of the version under way. They know
 * neither which one that is nor what was ordered. When a test is over it asks for
 * the folder of the counters, and gets it through the same socket:
 *
 *	counters
 */
#include "sandbox/confine.h"
#include "load.h"
#include "protocol/test_runner.h"
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
#include <unistd.h>

enum {
	TESTS_MAX = 200,
	TEST_MS = 4000,
	TEST_CPU_MS = 1000,
	VERSION_MS = 8000,
	NAME_MAX_SHOWN = 80,
	LINES_MAX = 2 * TESTS_MAX + 2,	/* that a version may say */
	FILE_SIZE_MAX = 1 << 20,
	LOOK_EVERY_MS = 50,
};

static struct {
	int channel;			/* to the process that holds the orders */
	bool first;			/* which is process 1 of a namespace */
	char folder[PATH_MAX];		/* for the counters that nobody asks for */
	void (*register_tests)(TCase *tests);
	void (*dump)(void);		/* NULL when nothing is counted */
	void (*reset)(void);
	bool expects_end;		/* a signal or an exit status */
	int chosen;			/* the test to be added, -1: count only */
	int n;				/* tests seen by this registration */
	const TTest *found[TESTS_MAX];
	enum change change;		/* what the subject is changed in */
	uint32_t change_offset;
} runner;

/* --- brakes.h --------------------------------------------------------------- */

void fail_call(int nth, int err)
{
	injection_plan((struct plan){ nth > 0 ? FAULT_ONCE : FAULT_NONE,
				  (unsigned)nth, err });
}

void fail_calls_from(int nth, int err)
{
	injection_plan((struct plan){ nth > 0 ? FAULT_ON : FAULT_NONE,
				  (unsigned)nth, err });
}

int fault_struck(void)
{
	return injection_struck();
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

/* --- one test alone --------------------------------------------------------- */

void __wrap__tcase_add_test(TCase *tests, const TTest *test, int signal,
			    int status, int start, int end);

/* Stands before Check's own, for the learner's library: lets one test pass and
 * counts them all. A looping test counts as one. */
void __wrap__tcase_add_test(TCase *tests, const TTest *test, int signal,
			    int status, int start, int end)
{
	if (runner.n < TESTS_MAX)
		runner.found[runner.n] = test;
	if (runner.n++ != runner.chosen)
		return;
	runner.expects_end = signal || status;
	_tcase_add_test(tests, test, signal, status, start, end);
}

/* Runs the chosen test under Check in this very process, which is one of its
 * own already; Check forks once more for a test that is to end its process. */
static void run_test(const char *name, char *line, size_t room)
{
	Suite *suite = suite_create("tests");
	TCase *tests = tcase_create("tests");
	runner.n = 0;
	runner.register_tests(tests);
	suite_add_tcase(suite, tests);
	SRunner *check = srunner_create(suite);
	srunner_set_fork_status(check, runner.expects_end ? CK_FORK : CK_NOFORK);
	srunner_run(check, NULL, NULL, CK_SILENT);
	bool rejects = srunner_ntests_failed(check) > 0;
	char *at = stpcpy(line, "test");
	char number[16];
	snprintf(number, sizeof(number), "%d", runner.chosen);
	at = wire_put(at, room, number);
	at = wire_put(at, room, name);
	at = wire_put(at, room, rejects ? "rejects" : "accepts");
	TestResult **results = rejects ? srunner_failures(check) : NULL;
	if (results) {
		snprintf(number, sizeof(number), "%d", tr_lno(results[0]));
		const char *file = tr_lfile(results[0]);
		const char *slash = file ? strrchr(file, '/') : NULL;
		at = wire_put(at, room, slash ? slash + 1 : file ? file : "?");
		at = wire_put(at, room, number);
		wire_put(at, room / 2, tr_msg(results[0]));
		free(results);
	}
}

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

/* The child of one test: it tells its result through TELL, or nothing. What was
 * counted before it began is not the test's doing. */
static void be_test(int tell, const char *name)
{
	char line[WIRE_LINE_MAX] = "";
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	setpgid(0, 0);
	restrain_processes(RESTRAIN_LOADED);
	if (!runner.first && !restrain_knows_signals())
		restrain();
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	if (runner.reset)
		runner.reset();
	injection_start((struct listener){ 0 });
	injection_change(runner.change, 0, runner.change_offset);
	injection_processor_time(TEST_CPU_MS);
	run_test(name, line, sizeof(line) / 2);
	injection_processor_time(0);
	fflush(stdout);
	fflush(stderr);
	write_counters();
	strcat(line, "\n");
	if (wire_send(tell, line, strlen(line)) < 0)
		_exit(1);
	_exit(0);
}

/* Waits for the result line: 1, 0 when there is none, -ETIME when it is late. */
static int await_line(int fd, char *line, size_t room)
{
	size_t n = 0;
	long deadline = monotonic_ms() + TEST_MS;
	for (;;) {
		struct pollfd polled = { .fd = fd, .events = POLLIN };
		long left = deadline - monotonic_ms();
		int ready = left > 0 ? poll(&polled, 1, (int)left) : 0;
		if (ready == 0)
			return -ETIME;
		ssize_t got = ready < 0 ? 0 : read(fd, line + n, room - 1 - n);
		n += got > 0 ? (size_t)got : 0;
		line[n] = '\0';
		if (n > 0 && line[n - 1] == '\n')
			return 1;
		if (got == 0 && ready > 0)
			return 0;
	}
}

/* What to call a test that told nothing. */
static const char *end_named(int rc, int status)
{
	if (rc == -ETIME || (WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF))
		return "hangs";
	return WIFSIGNALED(status) ? "crashes" : "leaves";
}

/* Waits until the child is gone, so long at most, and ends what it left. */
static void await_death(pid_t child, int milliseconds, int *ret_status)
{
	struct pollfd polled = { .fd = pidfd_open(child, 0), .events = POLLIN };
	if (polled.fd >= 0) {
		poll(&polled, 1, milliseconds);
		close(polled.fd);
	}
	kill(child, SIGKILL);
	waitpid(child, ret_status, 0);
	kill(-child, SIGKILL);
	reap_descendants();
}

/* Forks test NUMBER and passes its result on: 1 when it accepts. */
static int run_forked(int number, const char *name)
{
	char line[WIRE_LINE_MAX];
	int tell[2], status = 0;
	if (pipe(tell) < 0)
		return -errno;
	runner.chosen = number;
	fflush(NULL);
	pid_t child = fork();
	if (child == 0)
		be_test(tell[1], name);
	close(tell[1]);
	int rc = child < 0 ? -errno : await_line(tell[0], line, sizeof(line));
	close(tell[0]);
	if (child < 0)
		return rc;
	/* One that closed its pipe untold is on its way out: it may end. */
	await_death(child, rc == 0 ? TEST_MS : 0, &status);
	if (rc != 1) {
		char *at = line + sprintf(line, "test %d", number);
		at = wire_put(at, sizeof(line) / 2, name);
		at = wire_put(at, 64, end_named(rc, status));
		strcpy(at, "\n");
	}
	int sent = wire_send(runner.channel, line, strlen(line));
	return sent < 0 ? sent : strstr(line, " accepts") != NULL;
}

/* Runs one test in a scratch folder of its own. */
static int run_in_folder(int number)
{
	char name[NAME_MAX_SHOWN];
	const TTest *test = runner.found[number];
	snprintf(name, sizeof(name), "%s", test && test->name ? test->name : "?");
	if (mkdir("scratch", 0700) < 0 || chdir("scratch") < 0)
		return -errno;
	int rc = run_forked(number, name);
	if (chdir("..") < 0)
		return -errno;
	remove_tree("scratch");
	return rc;
}

/* Whether LIST names NUMBER. */
static bool listed(const char *list, int number)
{
	char text[16];
	snprintf(text, sizeof(text), ",%d,", number);
	return strstr(list, text) != NULL;
}

/* The number of the test that comes at place I when test FIRST is run before all others,
 * -1 for none. */
static int test_at(int i, int first)
{
	if (first < 0 || i > first)
		return i;
	return i == 0 ? first : i - 1;
}

/* Runs every test that is not skipped, FIRST before the others when there is one. */
static int run_all(const char *skip, int first, bool stop)
{
	char line[32];
	runner.chosen = -1;
	runner.register_tests(tcase_create("count"));
	injection_processor_time(0);
	int n = runner.n < TESTS_MAX ? runner.n : TESTS_MAX;
	for (int i = 0; i < n; i++) {
		int number = test_at(i, first < n ? first : -1);
		if (listed(skip, number))
			continue;
		int rc = run_in_folder(number);
		if (rc < 0)
			return rc;
		if (rc == 0 && stop)
			break;
	}
	snprintf(line, sizeof(line), "done %d\n", n);
	return wire_send(runner.channel, line, strlen(line));
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
	bool stop;
	int first;			/* the test to begin with, -1: the first */
};

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
	if (!load(order->tests, -1, &handle))
		return TEST_RUNNER_NO_CODE;
	*(void **)&runner.register_tests = dlsym(handle, "learner_tests");
	return runner.register_tests ? 0 : TEST_RUNNER_NO_TESTS;
}

/* Closes all that is not the standard three or the channel, which becomes number
 * 3: what was ordered, where results go, and the folders of counters are out of
 * reach before any code of the learner's is loaded. What tests print, nobody reads. */
static void close_all_but(int channel)
{
	runner.channel = dup2(channel, TEST_RUNNER_RESULTS);
	close_range(TEST_RUNNER_RESULTS + 1, ~0U, 0);
	int nowhere = open("/dev/null", O_WRONLY);
	if (nowhere < 0 || dup2(nowhere, 1) < 0 || dup2(nowhere, 2) < 0)
		_exit(TEST_RUNNER_LOST);
	close(nowhere);
}

/* The child of one version: its exit status tells what was wrong with it. */
static void be_version(const struct order *order, int channel)
{
	struct rlimit limit = { FILE_SIZE_MAX, FILE_SIZE_MAX };
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
	injection_processor_time(TEST_CPU_MS);
	int rc = load_all(order);
	if (rc)
		_exit(rc);
	runner.change = order->change;
	runner.change_offset = order->offset;
	rc = run_all(order->skip, order->first, order->stop);
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

/* The test that rejected the version before, in the second round, -1 for none: the next
 * version meets it first, for it is likely to be rejected by it too. So a correct version
 * among the broken ones meets the tests in the same order as they. */
static int likely = -1;

/* Notes which test rejects, of what LINE tells in the second round. */
static void note_rejection(const struct order *order, const char *line)
{
	int number;
	if (order->stop && !strstr(line, " accepts") &&
	    sscanf(line, "test %d ", &number) == 1 && number >= 0 &&
	    number < TESTS_MAX)
		likely = number;
}

/* Passes on one line of the version's, if it is one that it may tell: 1 when it
 * was the last, 0, or a negative errno of our own. */
static int pass_on(const struct order *order, int channel, char *line)
{
	size_t n = strlen(line);
	bool last = strncmp(line, "done ", 5) == 0;
	if (strcmp(line, "counters") == 0)
		give_descriptor(channel, order->counters);
	if (!last && strncmp(line, "test ", 5) != 0)
		return 0;
	note_rejection(order, line);
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
	       SKIP, STOP, WORDS };
	long long counters, change, offset;
	if (words->n != WORDS || wire_number(words->word[COUNTERS], &counters) < 0 ||
	    wire_number(words->word[CHANGE], &change) < 0 ||
	    wire_number(words->word[OFFSET], &offset) < 0)
		return -EPROTO;
	*order = (struct order){
		.counters = (int)counters, .change = (enum change)change,
		.offset = (uint32_t)offset, .stop = words->word[STOP][0] == '1',
		.first = likely,
	};
	snprintf(order->number, sizeof(order->number), "%s",
		 words->word[NUMBER]);
	snprintf(order->tests, PATH_MAX, "%s", words->word[TESTS]);
	snprintf(order->wrap, PATH_MAX, "%s", words->word[WRAP]);
	snprintf(order->subject, PATH_MAX, "%s", words->word[SUBJECT]);
	snprintf(order->support, PATH_MAX, "%s", words->word[SUPPORT]);
	snprintf(order->skip, TEST_RUNNER_SKIP_MAX, "%s", words->word[SKIP]);
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
	while (wire_read(&orders, &line) > 0)
		if (wire_split(line, &words) < 0 ||
		    read_order(&words, &order) < 0 ||
		    run_version(&order) < 0)
			return TEST_RUNNER_LOST;
	return 0;
}
