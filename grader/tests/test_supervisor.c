/* test_supervisor.c - whoever of the three is killed, nothing stays behind.
 *
 * Who works says in shared memory which processes there are; only these are ever
 * signalled here.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "suite.h"
#include "base/supervisor.h"
#include "base/process.h"

enum { FAULT = 99, CHILDREN = 3, STAY_SECONDS = 60, PATIENCE_MS = 5000,
       SECOND_MS = 1000 };

/* Signals that a user may send. */
static const int typed[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

enum { N_TYPED = sizeof(typed) / sizeof(*typed) };

/* What the work tells. */
static struct told {
	pid_t keeper, grader, child[CHILDREN];
	bool there;		/* its folder, while it worked */
	char folder[PATH_MAX];
	volatile int ready;	/* children that are deaf, then all of it */
} *told;

/* Runs WORK with DATA under a keeper; it must be tried. */
static int keep(int (*work)(void *data), void *data)
{
	const struct supervised supervised = {
		.work = work, .data = data, .fault = FAULT,
		.folder = FOLDER_FOR_FILES,
	};
	char *why = NULL;
	int status = supervise(&supervised, &why);
	ck_assert_msg((status < 0) == (why != NULL), "%d: %s", status,
		      why ? why : "no reason");
	free(why);
	return status;
}

/* Makes what is told, and this process the parent of every orphan. */
static void begin(void)
{
	told = mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(told, MAP_FAILED);
	ck_assert_int_eq(adopt_orphans(), 0);
	ck_assert_int_eq(setenv("TMPDIR", own_folder, 1), 0);
}

/* A child that is deaf to all that can be ignored, in a session of its own. */
static void be_deaf(void)
{
	setsid();
	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_IGN);
	__atomic_add_fetch(&told->ready, 1, __ATOMIC_SEQ_CST);
	for (int i = 0; i < STAY_SECONDS; i++)
		sleep(1);
	_exit(0);
}

/* Says who there is, and starts children. */
static void tell(void)
{
	const char *folder = getenv("TMPDIR");
	struct stat status;
	snprintf(told->folder, PATH_MAX, "%s", folder ? folder : "");
	told->there = stat(told->folder, &status) == 0 &&
		      S_ISDIR(status.st_mode);
	told->keeper = getppid();
	told->grader = getpid();
	for (int i = 0; i < CHILDREN; i++) {
		pid_t child = fork();
		if (child == 0)
			be_deaf();
		told->child[i] = child;
	}
	while (told->ready < CHILDREN)
		poll(NULL, 0, 1);
	char path[PATH_MAX + 8];
	snprintf(path, sizeof(path), "%s/file", told->folder);
	write_text(path, "left");
	told->ready = CHILDREN + 1;
}

/* Kills PID, which is one of those that were told. */
static void end(pid_t pid, int signal)
{
	ck_assert_int_gt(pid, 1);
	ck_assert_int_eq(kill(pid, signal), 0);
}

/* Whether PID is gone; what has ended here is reaped. */
static bool is_gone(pid_t pid)
{
	while (waitpid(-1, NULL, WNOHANG) > 0)
		continue;
	return pid > 0 && kill(pid, 0) < 0 && errno == ESRCH;
}

static bool all_gone(void)
{
	bool gone = is_gone(told->keeper) && is_gone(told->grader);
	for (int i = 0; i < CHILDREN; i++)
		gone = is_gone(told->child[i]) && gone;
	return gone && access(told->folder, F_OK) < 0;
}

/* Demands that after MILLISECONDS at most nothing of it is left; what is left all
 * the same is ended. */
static void expect_all_gone(int milliseconds)
{
	long until = monotonic_ms() + milliseconds;
	bool gone;
	while (!(gone = all_gone()) && monotonic_ms() < until)
		poll(NULL, 0, 10);
	reap_descendants();
	ck_assert_msg(gone, "something is left");
	ck_assert(told->there);
}

/* --- what the work does ---------------------------------------------------------- */

static int work_well(void *data)
{
	tell();
	return *(int *)data;
}

static int work_and_die(void *data)
{
	(void)data;
	tell();
	kill(getpid(), SIGKILL);
	return 0;
}

static int work_and_crash(void *data)
{
	(void)data;
	tell();
	signal(SIGSEGV, SIG_DFL);
	raise(SIGSEGV);
	return 0;
}

static int work_and_leave(void *data)
{
	tell();
	_exit(*(int *)data);
}

static int work_and_kill_the_keeper(void *data)
{
	(void)data;
	tell();
	kill(told->keeper, SIGKILL);
	for (int i = 0; i < STAY_SECONDS; i++)
		sleep(1);
	return 0;
}

static int work_on(void *data)
{
	(void)data;
	tell();
	for (int i = 0; i < STAY_SECONDS; i++)
		sleep(1);
	return 0;
}

/* Works until the test says that it is enough. */
static int work_until_told(void *data)
{
	(void)data;
	tell();
	for (int i = 0; i < PATIENCE_MS && told->ready != CHILDREN + 2; i++)
		poll(NULL, 0, 1);
	return 7;
}

/* --- tests ------------------------------------------------------------------------- */

START_TEST(what_the_work_returns_is_returned)
{
	static const int statuses[] = { 0, 1, 7, 255 };
	for (size_t i = 0; i < sizeof(statuses) / sizeof(*statuses); i++) {
		int status = statuses[i];
		begin();
		ck_assert_int_eq(keep(work_well, &status), status);
		expect_all_gone(0);
	}
}
END_TEST

START_TEST(the_work_has_a_folder_of_its_own_as_tmpdir)
{
	int status = 0;
	begin();
	ck_assert_int_eq(keep(work_well, &status), 0);
	ck_assert(told->there);
	ck_assert_int_eq(strncmp(told->folder, own_folder, strlen(own_folder)),
			 0);
	ck_assert_ptr_nonnull(strstr(told->folder, "/brakes."));
	expect_all_gone(0);
}
END_TEST

START_TEST(work_that_leaves_leaves_nothing_behind)
{
	int status = 5;
	begin();
	ck_assert_int_eq(keep(work_and_leave, &status), 5);
	expect_all_gone(0);
}
END_TEST

START_TEST(work_that_is_killed_or_crashes_is_a_fault_and_leaves_nothing)
{
	begin();
	ck_assert_int_eq(keep(work_and_die, NULL), FAULT);
	expect_all_gone(0);
	begin();
	ck_assert_int_eq(keep(work_and_crash, NULL), FAULT);
	expect_all_gone(0);
}
END_TEST

START_TEST(a_keeper_that_is_killed_is_a_fault_and_leaves_nothing)
{
	begin();
	ck_assert_int_eq(keep(work_and_kill_the_keeper, NULL), FAULT);
	expect_all_gone(0);
}
END_TEST

/* Waits until the work has said that it is so far. */
static void await_ready(int wanted)
{
	for (int i = 0; i < PATIENCE_MS && told->ready < wanted; i++)
		poll(NULL, 0, 1);
	ck_assert_int_eq(told->ready, wanted);
}

/* Starts who calls keep(), as the leader of a process group, and waits until the
 * work goes on: its process. */
static pid_t start_caller(void)
{
	begin();
	pid_t caller = fork();
	if (caller == 0) {
		setpgid(0, 0);
		for (size_t i = 0; i < N_TYPED; i++)
			signal(typed[i], SIG_DFL);	/* Check's end us all */
		_exit(keep(work_on, NULL));
	}
	ck_assert_int_gt(caller, 1);
	await_ready(CHILDREN + 1);
	ck_assert(told->there);
	return caller;
}

START_TEST(who_waits_for_the_work_is_killed_and_a_second_later_nothing_is_left)
{
	end(start_caller(), SIGKILL);
	expect_all_gone(SECOND_MS);
}
END_TEST

START_TEST(what_is_typed_at_the_terminal_ends_the_work)
{
	for (size_t i = 0; i < N_TYPED; i++) {
		pid_t caller = start_caller();
		ck_assert_int_eq(getpgid(told->grader), caller);
		ck_assert_int_ne(getpgid(told->keeper), caller);
		ck_assert_int_eq(kill(-caller, typed[i]), 0);
		expect_all_gone(SECOND_MS);
	}
}
END_TEST

START_TEST(a_signal_that_the_caller_ignores_does_not_end_the_work)
{
	for (size_t i = 0; i < N_TYPED; i++) {
		begin();
		pid_t caller = fork();
		if (caller == 0) {
			setpgid(0, 0);
			signal(typed[i], SIG_IGN);
			_exit(keep(work_until_told, NULL));
		}
		ck_assert_int_gt(caller, 1);
		await_ready(CHILDREN + 1);
		ck_assert_int_eq(kill(-caller, typed[i]), 0);
		told->ready = CHILDREN + 2;
		int status = 0;
		ck_assert_int_eq(waitpid(caller, &status, 0), caller);
		ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 7,
			      "signal %d: status %#x", typed[i], status);
		expect_all_gone(SECOND_MS);
	}
}
END_TEST

START_TEST(the_keeper_heeds_no_signal_of_a_users)
{
	pid_t caller = start_caller();
	for (size_t i = 0; i < N_TYPED; i++)
		end(told->keeper, typed[i]);
	poll(NULL, 0, 100);
	ck_assert_int_eq(kill(told->keeper, 0), 0);
	ck_assert_int_eq(kill(told->grader, 0), 0);
	end(told->grader, SIGKILL);
	int status = 0;
	ck_assert_int_eq(waitpid(caller, &status, 0), caller);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == FAULT);
	expect_all_gone(SECOND_MS);
}
END_TEST

START_TEST(without_a_place_for_its_folder_the_work_does_not_begin)
{
	int status = 0;
	char *why = NULL;
	const struct supervised supervised = { .work = work_well,
					       .data = &status, .fault = FAULT };
	begin();
	ck_assert_int_eq(setenv("TMPDIR", own("none"), 1), 0);
	ck_assert_int_eq(supervise(&supervised, &why), -ENOENT);
	ck_assert_ptr_nonnull(strstr(why, "TMPDIR names "));
	ck_assert_ptr_nonnull(strstr(why, own("none")));
	ck_assert_int_eq(told->ready, 0);
	free(why);
}
END_TEST

TEST_PROGRAM("keeper",
	     what_the_work_returns_is_returned,
	     the_work_has_a_folder_of_its_own_as_tmpdir,
	     work_that_leaves_leaves_nothing_behind,
	     work_that_is_killed_or_crashes_is_a_fault_and_leaves_nothing,
	     a_keeper_that_is_killed_is_a_fault_and_leaves_nothing,
	     who_waits_for_the_work_is_killed_and_a_second_later_nothing_is_left,
	     what_is_typed_at_the_terminal_ends_the_work,
	     a_signal_that_the_caller_ignores_does_not_end_the_work,
	     the_keeper_heeds_no_signal_of_a_users,
	     without_a_place_for_its_folder_the_work_does_not_begin)
