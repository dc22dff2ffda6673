/* scenario_runner.c - the process that holds the learner's code: only ever in a
 * fork.
 *
 *	scenario_runner LIBRARY...	subject, support, then those not watched
 *
 * The runner itself loads nothing of the learner's. For each run it forks a
 * child in a fresh folder; the child loads the code, follows the plan and
 * answers. How the child ended is told through a pipe that it has closed.
 */
#include "sandbox/confine.h"
#include "driver.h"
#include "load.h"
#include "guarded_heap.h"
#include "memory_watch.h"
#include "quarantine.h"
#include "sandbox/landlock.h"
#include "fault_injection.h"
#include "trace.h"
#include "unwatched.h"
#include "protocol/scenario_runner.h"
#include "base/tree.h"
#include "base/process.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Processor time that one call may take, however busy the machine is; the judge
 * has a longer patience for a call that sleeps. */
enum { ASK_MS = 500 };

/* Blocks of a run that are guarded: in a sweep each costs as much as a fork does, so
 * fewer there. */
enum { GUARDED = 1024, GUARDED_IN_SWEEP = 64 };

/* Shared with each child, and read when it is dead. */
static volatile struct trail *trail;

static struct wire orders = { .fd = SCENARIO_RUNNER_ORDERS };

static void send_up(const char *line, size_t n)
{
	if (wire_send(SCENARIO_RUNNER_UP, line, n) < 0)
		_exit(SCENARIO_RUNNER_LOST);
}

static void tell_step(const struct step *step)
{
	char line[WIRE_LINE_MAX];
	send_up(line, wire_put_step(line, step));
}

static void tell_trace(const struct trace_event *event)
{
	char line[80];
	int n = event->is_errno ?
		snprintf(line, sizeof(line), "errno %u:%x %d %u\n", event->module,
			 event->offset, event->err, event->steps) :
		snprintf(line, sizeof(line), "block %u:%x %u\n", event->module,
			 event->offset, event->steps);
	send_up(line, (size_t)n);
}

static void tell_stain(uint64_t block)
{
	char line[64];
	int n = snprintf(line, sizeof(line), "stain %#llx\n",
			 (unsigned long long)block);
	send_up(line, (size_t)n);
}

static void tell_memory(const struct memory_fault *fault)
{
	char line[16 + MEMORY_FAULT_BYTES] = "memory";
	char *end = memory_fault_put(line + strlen(line), fault);
	*end++ = '\n';
	send_up(line, (size_t)(end - line));
}

/* Tells of blocks that were written around, or after they were freed. */
static void tell_stains(void)
{
	struct memory_fault fault;
	if (guarded_heap_check(&fault))
		memory_found(&fault);
	quarantine_check(tell_stain);
}

/* Ends a process that the code under test has forked and that came back from it, having
 * told of it; and gives the one that we forked the time to hear of such a one. */
static void end_twins(pid_t own)
{
	enum { TURNS = 200 };	/* of a millisecond */
	siginfo_t ended = { 0 };
	if (getpid() != own) {
		send_up("twin\n", 5);
		_exit(0);
	}
	for (int i = 0; i < TURNS && ended.si_pid == 0; i++) {
		if (waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) < 0)
			return;
		if (ended.si_pid == 0)
			poll(NULL, 0, 1);
	}
}

/* Runs the command of an "ask" line and answers, with the number that only who
 * was asked can know. */
static void answer(const struct command *table, const struct words *words)
{
	struct command_call call = { .words = words, .end = call.reply };
	while (table->name && strcmp(table->name, words->word[2]) != 0)
		table++;
	if (!table->name)
		_exit(SCENARIO_RUNNER_NO_COMMAND);
	pid_t own = getpid();
	unsigned before = injection_strikes();
	injection_processor_time(ASK_MS);
	errno = ERRNO_LEFT;
	table->run(&call);
	injection_processor_time(0);
	end_twins(own);
	injection_over();
	unwatched_leave();
	char line[WIRE_LINE_MAX];
	int n = snprintf(line, sizeof(line), "answer %.20s %d %d%s\n",
			 words->word[1], call.err, injection_strikes() > before,
			 call.reply);
	fflush(stdout);
	send_up(line, (size_t)n);
}

/* The scenario is over: whatever is live now is a leak. The process stays, to be
 * looked at from outside, until it is ended; under a debugger it goes. */
static void finish(void (*dump)(void))
{
	tell_stains();
	fflush(stdout);
	if (dump)
		dump();
	send_up("bye\n", 4);
	while (!getenv(LOAD_IN_PLACE))
		pause();
	_exit(0);
}

/* Loads everything in argument order and returns the driver's commands; but the
 * support comes before the subject, which may call it. */
static const struct command *load_all(char **libraries, void (**ret_dump)(void),
				      bool coverage)
{
	void *handle = NULL;
	for (int n = 0; libraries[n]; n++) {
		int i = n < 2 && libraries[1] ? 1 - n : n;
		if (strcmp(libraries[i], "-") == 0)
			continue;
		handle = load_library(libraries[i], i < WATCHED_MODULES ? i : -1);
		if (!handle)
			_exit(SCENARIO_RUNNER_NO_CODE);
		if (i == 0 && coverage)
			*(void **)ret_dump = dlsym(handle,
						   "brakes_coverage_dump");
	}
	return dlsym(handle, "driver_commands");
}

/* Takes the plan out of "run FOLDER MODE POINT COVERAGE CHANGE OFFSET". */
static void follow_order(const struct words *words)
{
	long long mode, point, change, offset;
	char beside[PATH_MAX];		/* the scratch folder: nobody looks there */
	if (words->n != 7 || wire_number(words->word[2], &mode) < 0 ||
	    wire_number(words->word[3], &point) < 0 ||
	    wire_number(words->word[5], &change) < 0 ||
	    wire_number(words->word[6], &offset) < 0 ||
	    chdir(words->word[1]) < 0)
		_exit(SCENARIO_RUNNER_LOST);
	snprintf(beside, sizeof(beside), "%s/..", words->word[1]);
	load_counters_into(*words->word[4] ? words->word[4] : beside);
	injection_start((struct listener){ .step = tell_step, .trace = tell_trace });
	injection_plan((struct plan){ .mode = (enum fault_mode)mode,
				  .point = (unsigned)point });
	guarded_heap_allow(mode == FAULT_NONE ? GUARDED : GUARDED_IN_SWEEP);
	memory_watch(tell_memory);
	injection_change((enum change)change, 0, (uint32_t)offset);
}

/* The child: one scenario, then gone. */
static void run_child(char **libraries, const struct words *words)
{
	void (*dump)(void) = NULL;
	char *line;
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	close(SCENARIO_RUNNER_STATUS);
	close(SCENARIO_RUNNER_CONTROL);
	setpgid(0, 0);
	restrain_processes(RESTRAIN_OURS);
	if (getppid() != 1)
		restrain();
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	follow_order(words);
	send_up("ready\n", 6);
	const struct command *table = load_all(libraries, &dump,
					       *words->word[4] != '\0');
	while (table && wire_read(&orders, &line) > 0) {
		struct words asked;
		if (wire_split(line, &asked) < 0)
			break;
		if (strcmp(asked.word[0], "end") == 0)
			finish(dump);
		if (asked.n >= 3)
			answer(table, &asked);
	}
	_exit(SCENARIO_RUNNER_LOST);
}

/* How many descriptors a child has open, 0 when that cannot be seen. */
static int count_open(pid_t child)
{
	char path[64];
	int n = -2;			/* "." and ".." */
	snprintf(path, sizeof(path), "/proc/%d/fd", (int)child);
	DIR *open = opendir(path);
	if (!open)
		return 0;
	while (readdir(open))
		n++;
	closedir(open);
	return n;
}

/* What the judge has written to us, 0 for nothing. */
static char read_control(void)
{
	char byte = 0;
	return read(SCENARIO_RUNNER_CONTROL, &byte, 1) == 1 ? byte : 0;
}

/* Waits until the child has ended by itself, or the judge has had enough of it. A
 * judge that is gone has had enough. */
static void await_end(pid_t child, int *ret_open)
{
	struct pollfd polled[] = {
		{ .fd = pidfd_open(child, 0), .events = POLLIN },
		{ .fd = SCENARIO_RUNNER_CONTROL, .events = POLLIN },
	};
	while (poll(polled, 2, -1) < 0 && errno == EINTR)
		continue;
	if (polled[1].revents && read_control() == CONTROL_END)
		*ret_open = count_open(child);
	if (!polled[0].revents)
		kill(child, SIGKILL);
	if (polled[0].fd >= 0)
		close(polled[0].fd);
}

/* Removes what the child has left where the next one could find it: beside the
 * scratch folder, which is the judge's, and in a /tmp of our own. */
static void clean_up(const char *scratch)
{
	char room[PATH_MAX];
	const char *name = strrchr(scratch, '/');
	if (!name)
		return;
	snprintf(room, sizeof(room), "%.*s", (int)(name - scratch), scratch);
	empty_folder(room, name + 1);
	if (getpid() == 1)
		empty_tmp();
}

/* Tells what became of the child, and ends what it left behind. */
static int tell_status(pid_t child, const char *scratch)
{
	int status = 0, open = -1;
	await_end(child, &open);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	kill(-child, SIGKILL);
	int left = reap_cell();
	clean_up(scratch);
	char line[80];
	int n = snprintf(line, sizeof(line), "status %d %d %d %u %u\n", status,
			 left, open, trail->module, trail->offset);
	return wire_send(SCENARIO_RUNNER_STATUS, line, (size_t)n);
}

/* One run order: this is the one place where a run is forked. */
static int run(char **libraries, const struct words *words)
{
	/* What was meant for an earlier child came too late for it. */
	while (read_control())
		continue;
	fflush(NULL);
	*trail = (struct trail){ 0 };
	pid_t child = fork();
	if (child == 0)
		run_child(libraries, words);
	if (child < 0)
		return -errno;
	int rc = wire_send(SCENARIO_RUNNER_STATUS, "child\n", 6);
	return rc < 0 ? rc : tell_status(child, words->word[1]);
}

int main(int argc, char **argv)
{
	char *line;
	struct words words;
	argv = confine_own(argv);
	if (argc < 2 || adopt_orphans() < 0 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return SCENARIO_RUNNER_LOST;
	trail = mmap(NULL, sizeof(*trail), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (trail == MAP_FAILED)
		return SCENARIO_RUNNER_LOST;
	injection_trail(trail);
	memory_watch_prepare();
	fcntl(SCENARIO_RUNNER_CONTROL, F_SETFL, O_NONBLOCK);
	while (wire_read(&orders, &line) > 0) {
		if (wire_split(line, &words) < 0)
			return SCENARIO_RUNNER_LOST;
		if (strcmp(words.word[0], "run") == 0 &&
		    run(argv + 1, &words) < 0)
			return SCENARIO_RUNNER_LOST;
	}
	return 0;
}
