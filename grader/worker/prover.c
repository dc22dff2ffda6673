/* prover.c - runs the learner's tests against versions of the code.
 *
 *	prover TESTS WRAP [NUMBER SUBJECT SUPPORT COVERAGE CHANGE OFFSET SKIP
 *			   STOP]...
 *
 * TESTS is the library of the tests, WRAP one that stands before the subject, "-"
 * for none. Each version has a NUMBER, its SUBJECT and SUPPORT ("-" for none),
 * the folder of its counters ("" for none), and a CHANGE of the release at
 * OFFSET. SKIP lists the numbers of tests left out, ",3,5,". With STOP 1 the
 * first test that rejects ends it. Each version is loaded in a fork, and each
 * test runs in a fork of that, in a folder of its own. The results go to
 * descriptor 3, a line each, in words of wire.h:
 *
 *	version NUMBER
 *	test TEST NAME RESULT FILE LINE MESSAGE
 *	done COUNT
 *	ended STATUS
 *
 * RESULT is accepts, rejects, leaves (the process ended inside the test), crashes
 * or hangs. Without "done" the version did not come to its end.
 */
#include "load.h"
#include "prover.h"
#include "watch.h"
#include "worker.h"
#include "../folder.h"
#include "../spawn.h"
#include "../wire.h"
#include "../include/brakes.h"

#include <check.h>
#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TESTS_MAX = 200, TEST_MS = 4000, TEST_CPU_MS = 1000, VERSION_MS = 30000, NAME_MAX_SHOWN = 80 };

static struct {
	void (*register_tests)(TCase *tests);
	void (*dump)(void);
	bool expects_end;		/* a signal or an exit status */
	int chosen;			/* the test to be added, -1: count only */
	int n;				/* tests seen by this registration */
	const TTest *found[TESTS_MAX];
	enum change change;		/* what the subject is changed in */
	uint32_t change_offset;
} prover;

/* --- brakes.h --------------------------------------------------------------- */

void fail_call(int nth, int err)
{
	watch_plan((struct plan){ nth > 0 ? FAULT_ONCE : FAULT_NONE,
				  (unsigned)nth, err });
}

void fail_calls_from(int nth, int err)
{
	watch_plan((struct plan){ nth > 0 ? FAULT_ON : FAULT_NONE,
				  (unsigned)nth, err });
}

int fault_struck(void)
{
	return watch_struck();
}

int still_open(void)
{
	return (int)ledger_live(watch_ledger());
}

int closed_twice(void)
{
	return (int)watch_ledger()->wrong;
}

/* --- one test alone --------------------------------------------------------- */

void __wrap__tcase_add_test(TCase *tests, const TTest *test, int signal,
			    int status, int start, int end);

/* Stands before Check's own, for the learner's library: lets one test pass and
 * counts them all. A looping test counts as one. */
void __wrap__tcase_add_test(TCase *tests, const TTest *test, int signal,
			    int status, int start, int end)
{
	if (prover.n < TESTS_MAX)
		prover.found[prover.n] = test;
	if (prover.n++ != prover.chosen)
		return;
	prover.expects_end = signal || status;
	_tcase_add_test(tests, test, signal, status, start, end);
}

/* Runs the chosen test under Check in this very process, which is one of its
 * own already; Check forks once more for a test that is to end its process. */
static void run_test(const char *name, char *line, size_t room)
{
	Suite *suite = suite_create("tests");
	TCase *tests = tcase_create("tests");
	prover.n = 0;
	prover.register_tests(tests);
	suite_add_tcase(suite, tests);
	SRunner *runner = srunner_create(suite);
	srunner_set_fork_status(runner, prover.expects_end ? CK_FORK : CK_NOFORK);
	srunner_run(runner, NULL, NULL, CK_SILENT);
	bool rejects = srunner_ntests_failed(runner) > 0;
	char *at = stpcpy(line, "test");
	char number[16];
	snprintf(number, sizeof(number), "%d", prover.chosen);
	at = wire_put(at, room, number);
	at = wire_put(at, room, name);
	at = wire_put(at, room, rejects ? "rejects" : "accepts");
	TestResult **results = rejects ? srunner_failures(runner) : NULL;
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

/* The child of one test: it tells its result through TELL, or nothing. */
static void be_test(int tell, const char *name)
{
	char line[WIRE_LINE_MAX] = "";
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	setpgid(0, 0);
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	watch_start((struct listener){ 0 });
	watch_change(prover.change, 0, prover.change_offset);
	watch_processor_time(TEST_CPU_MS);
	run_test(name, line, sizeof(line) / 2);
	watch_processor_time(0);
	fflush(stdout);
	fflush(stderr);
	if (prover.dump)
		prover.dump();
	strcat(line, "\n");
	if (wire_send(tell, line, strlen(line)) < 0)
		_exit(1);
	_exit(0);
}

/* Waits for the result line: 1, 0 when there is none, -ETIME when it is late. */
static int await_line(int fd, char *line, size_t room)
{
	size_t n = 0;
	long deadline = spawn_now() + TEST_MS;
	for (;;) {
		struct pollfd polled = { .fd = fd, .events = POLLIN };
		long left = deadline - spawn_now();
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
	spawn_sweep();
}

/* Forks test NUMBER and passes its result on: 1 when it accepts. */
static int run_forked(int number, const char *name)
{
	char line[WIRE_LINE_MAX];
	int tell[2], status = 0;
	if (pipe(tell) < 0)
		return -errno;
	prover.chosen = number;
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
	int sent = wire_send(PROVER_RESULTS, line, strlen(line));
	return sent < 0 ? sent : strstr(line, " accepts") != NULL;
}

/* Runs one test in a scratch folder of its own. */
static int run_in_folder(int number)
{
	char name[NAME_MAX_SHOWN];
	const TTest *test = prover.found[number];
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

/* Runs every test that is not skipped. */
static int run_all(const char *skip, bool stop)
{
	char line[32];
	prover.chosen = -1;
	prover.register_tests(tcase_create("count"));
	watch_processor_time(0);
	int n = prover.n < TESTS_MAX ? prover.n : TESTS_MAX;
	for (int i = 0; i < n; i++) {
		if (listed(skip, i))
			continue;
		int rc = run_in_folder(i);
		if (rc < 0)
			return rc;
		if (rc == 0 && stop)
			break;
	}
	snprintf(line, sizeof(line), "done %d\n", n);
	return wire_send(PROVER_RESULTS, line, strlen(line));
}

/* One version, as the command line tells it. */
enum { NUMBER, SUBJECT, SUPPORT, COVERAGE, CHANGE, OFFSET, SKIP, STOP, WORDS };

/* Loads one library that there may be none of. */
static bool load(const char *path, int module, void **ret_handle)
{
	*ret_handle = strcmp(path, "-") == 0 ? NULL : load_library(path, module);
	return *ret_handle || strcmp(path, "-") == 0;
}

/* Loads the libraries, the support before the subject that may call it, and
 * finds what is called in them. */
static int load_all(char **version, const char *tests, const char *wrap)
{
	void *subject, *other, *handle;
	if (!load(version[SUPPORT], 1, &other) ||
	    !load(version[SUBJECT], 0, &subject) || !load(wrap, -1, &other) ||
	    !load(tests, -1, &handle))
		return PROVER_NO_CODE;
	if (*version[COVERAGE]) {
		load_counters_into(version[COVERAGE]);
		*(void **)&prover.dump = dlsym(subject, "brakes_coverage_dump");
	}
	*(void **)&prover.register_tests = dlsym(handle, "learner_tests");
	return prover.register_tests ? 0 : PROVER_NO_TESTS;
}

/* The child of one version: its exit status tells what was wrong with it. */
static void be_version(char **version, const char *tests, const char *wrap)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	setpgid(0, 0);
	if (spawn_adopt() < 0)
		_exit(PROVER_LOST);
	watch_processor_time(TEST_CPU_MS);
	int rc = load_all(version, tests, wrap);
	if (rc)
		_exit(rc);
	prover.change = (enum change)strtoul(version[CHANGE], NULL, 10);
	prover.change_offset = (uint32_t)strtoul(version[OFFSET], NULL, 10);
	rc = run_all(version[SKIP], version[STOP][0] == '1');
	_exit(rc < 0 ? PROVER_LOST : 0);
}

/* Runs one version and tells how it ended. */
static int run_version(char **version, const char *tests, const char *wrap)
{
	char line[64];
	int status = 0;
	int n = snprintf(line, sizeof(line), "version %.20s\n", version[NUMBER]);
	int rc = wire_send(PROVER_RESULTS, line, (size_t)n);
	pid_t child = rc < 0 ? -1 : fork();
	if (child == 0)
		be_version(version, tests, wrap);
	if (child < 0)
		return rc < 0 ? rc : -errno;
	await_death(child, VERSION_MS, &status);
	remove_tree("scratch");
	n = snprintf(line, sizeof(line), "ended %d\n",
		     WIFEXITED(status) ? WEXITSTATUS(status) : -1);
	return wire_send(PROVER_RESULTS, line, (size_t)n);
}

int main(int argc, char **argv)
{
	if (argc < 3 || spawn_adopt() < 0)
		return PROVER_LOST;
	for (int i = 3; i + WORDS <= argc; i += WORDS)
		if (run_version(argv + i, argv[1], argv[2]) < 0)
			return PROVER_LOST;
	return 0;
}
