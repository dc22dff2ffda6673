/* test_process.c - however a program behaves, it comes to its end, is told as it
 * was, and leaves nothing behind. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include "suite.h"
#include "base/process.h"

enum { KEPT = 4096 };

/* Runs SCRIPT by the shell, as PROGRAM says otherwise. */
static struct ended run_as(struct program program, const char *script)
{
	const char *const argv[] = { "sh", "-c", script, NULL };
	struct ended ended;
	program.argv = argv;
	if (!program.output_max)
		program.output_max = KEPT;
	ck_assert_int_eq(process_run(&program, &ended), 0);
	return ended;
}

static struct ended run(const char *script)
{
	return run_as((struct program){ .deadline_ms = 0 }, script);
}

/* Demands that SCRIPT prints just TEXT. */
static void expect_printed(struct program program, const char *script,
			   const char *text)
{
	struct ended ended = run_as(program, script);
	ck_assert_str_eq(ended.err, "");
	ck_assert_str_eq(ended.out, text);
	ck_assert(ended_well(&ended));
	ended_release(&ended);
}

/* Demands that every process that is now ours was killed, and waits for each:
 * one that lives on would keep this test from its end. */
static void expect_all_killed(int n)
{
	int status, found = 0;
	while (waitpid(-1, &status, 0) > 0) {
		ck_assert(WIFSIGNALED(status));
		ck_assert_int_eq(WTERMSIG(status), SIGKILL);
		found++;
	}
	ck_assert_int_eq(errno, ECHILD);
	ck_assert_int_eq(found, n);
}

START_TEST(the_exit_status_comes_back)
{
	struct ended ended = run("exit 7");
	ck_assert(WIFEXITED(ended.status));
	ck_assert_int_eq(WEXITSTATUS(ended.status), 7);
	ck_assert(!ended_well(&ended));
	ended_release(&ended);
	ended = run("exit 0");
	ck_assert(ended_well(&ended));
	ended_release(&ended);
	ck_assert_ptr_null(ended.out);
}
END_TEST

START_TEST(a_death_by_signal_comes_back)
{
	struct ended ended = run("kill -TERM $$");
	ck_assert(WIFSIGNALED(ended.status));
	ck_assert_int_eq(WTERMSIG(ended.status), SIGTERM);
	ck_assert(!ended_well(&ended) && !ended.timed_out);
	ended_release(&ended);
}
END_TEST

START_TEST(both_outputs_are_kept_apart)
{
	struct ended ended = run("echo one; echo two >&2; echo three");
	ck_assert_str_eq(ended.out, "one\nthree\n");
	ck_assert_uint_eq(ended.out_size, 10);
	ck_assert_str_eq(ended.err, "two\n");
	ck_assert_uint_eq(ended.err_size, 4);
	ended_release(&ended);
}
END_TEST

START_TEST(a_silent_program_has_empty_outputs)
{
	struct ended ended = run(":");
	ck_assert_str_eq(ended.out, "");
	ck_assert_str_eq(ended.err, "");
	ended_release(&ended);
}
END_TEST

START_TEST(there_is_nothing_to_read)
{
	expect_printed((struct program){ .dir = NULL }, "cat; echo end",
		       "end\n");
}
END_TEST

START_TEST(an_output_of_just_the_size_is_kept_whole)
{
	struct ended ended = run_as((struct program){ .output_max = 8 },
				    "printf 12345678; printf abcdefgh >&2");
	ck_assert(ended_well(&ended));
	ck_assert_str_eq(ended.out, "12345678");
	ck_assert_str_eq(ended.err, "abcdefgh");
	ended_release(&ended);
}
END_TEST

START_TEST(an_output_one_byte_too_long_is_cut_and_told)
{
	struct ended ended = run_as((struct program){ .output_max = 8 },
				    "printf 123456789");
	ck_assert(ended.flooded && !ended_well(&ended));
	ck_assert_uint_eq(ended.out_size, 8);
	ck_assert_str_eq(ended.out, "12345678");
	ended_release(&ended);
}
END_TEST

START_TEST(a_flood_is_cut_and_its_source_ended)
{
	static const char *const floods[] = { "yes", "yes >&2",
					      "yes & yes >&2" };
	ck_assert_int_eq(adopt_orphans(), 0);
	for (size_t i = 0; i < sizeof(floods) / sizeof(*floods); i++) {
		struct ended ended = run(floods[i]);
		ck_assert(ended.flooded && !ended.timed_out);
		ck_assert(ended.out_size == KEPT || ended.err_size == KEPT);
		ck_assert_uint_eq(strlen(ended.out), ended.out_size);
		ck_assert_uint_eq(strlen(ended.err), ended.err_size);
		ended_release(&ended);
	}
	while (waitpid(-1, NULL, 0) > 0)
		continue;
	ck_assert_int_eq(errno, ECHILD);
}
END_TEST

START_TEST(an_output_that_is_cut_ends_nobody)
{
	struct program cut = { .output_max = 8, .cut_output = true };
	struct ended ended = run_as(cut, "printf 123456789; "
		"head -c 1000000 /dev/zero; printf abc >&2; exit 3");
	ck_assert(!ended.flooded && !ended.timed_out);
	ck_assert_int_eq(WEXITSTATUS(ended.status), 3);
	ck_assert_str_eq(ended.out, "12345678");
	ck_assert_uint_eq(ended.out_size, 8);
	ck_assert_str_eq(ended.err, "abc");
	ended_release(&ended);
}
END_TEST

START_TEST(a_flood_that_is_cut_ends_at_the_deadline)
{
	struct program cut = { .cut_output = true, .deadline_ms = 300 };
	long begun = monotonic_ms();
	struct ended ended = run_as(cut, "exec yes");
	ck_assert(ended.timed_out && !ended.flooded);
	ck_assert_int_lt(monotonic_ms() - begun, 5000);
	ck_assert_uint_eq(ended.out_size, KEPT);
	ended_release(&ended);
}
END_TEST

START_TEST(a_flood_left_behind_is_not_read_for_ever)
{
	ck_assert_int_eq(adopt_orphans(), 0);
	struct program cut = { .cut_output = true, .deadline_ms = 20000 };
	long begun = monotonic_ms();
	struct ended ended = run_as(cut, "yes & sleep 0.1; exit 0");
	ck_assert(ended_well(&ended));
	ck_assert_int_lt(monotonic_ms() - begun, 10000);
	ended_release(&ended);
	expect_all_killed(1);
}
END_TEST

START_TEST(a_program_without_an_end_is_ended_at_its_deadline)
{
	struct ended ended = run_as((struct program){ .deadline_ms = 1000 },
				    "echo early; exec sleep 600");
	ck_assert(ended.timed_out && !ended.flooded);
	ck_assert(WIFSIGNALED(ended.status));
	ck_assert(!ended_well(&ended));
	ck_assert_str_eq(ended.out, "early\n");
	ended_release(&ended);
	expect_all_killed(0);
}
END_TEST

START_TEST(a_program_that_closes_its_outputs_early_is_waited_for)
{
	struct ended ended = run("exec >&- 2>&-; sleep 0.1; exit 5");
	ck_assert(WIFEXITED(ended.status));
	ck_assert_int_eq(WEXITSTATUS(ended.status), 5);
	ended_release(&ended);
}
END_TEST

START_TEST(a_silent_program_that_closed_its_outputs_has_a_deadline_too)
{
	struct ended ended = run_as((struct program){ .deadline_ms = 50 },
				    "exec >&- 2>&-; exec sleep 600");
	ck_assert(ended.timed_out);
	ended_release(&ended);
}
END_TEST

START_TEST(a_daemon_that_holds_the_pipes_is_not_waited_for)
{
	ck_assert_int_eq(adopt_orphans(), 0);
	struct ended ended = run("(trap '' TERM HUP; exec sleep 600) & "
				 "echo started");
	ck_assert(ended_well(&ended));
	ck_assert_str_eq(ended.out, "started\n");
	ended_release(&ended);
	expect_all_killed(1);
}
END_TEST

START_TEST(a_whole_tree_is_ended_with_its_root)
{
	ck_assert_int_eq(adopt_orphans(), 0);
	struct ended ended = run_as((struct program){ .deadline_ms = 1000 },
		"sleep 600 & (sleep 600 & exec sleep 600) & wait");
	ck_assert(ended.timed_out);
	ended_release(&ended);
	expect_all_killed(3);
}
END_TEST

START_TEST(a_program_that_is_not_there_ends_with_127)
{
	const char *const none[] = { "no-such-program-anywhere", NULL };
	const char *const text[] = { own_file("text", "no program"), NULL };
	const char *const here[] = { "true", NULL };
	const struct program programs[] = {
		{ .argv = none }, { .argv = text },
		{ .argv = here, .dir = own("none") },
	};
	for (size_t i = 0; i < 3; i++) {
		struct ended ended;
		ck_assert_int_eq(process_run(&programs[i], &ended), 0);
		ck_assert(WIFEXITED(ended.status));
		ck_assert_int_eq(WEXITSTATUS(ended.status), PROCESS_NOT_STARTED);
		ended_release(&ended);
	}
}
END_TEST

/* Opens a new file of this test at the descriptor NUMBER. */
static void open_at(const char *name, int number)
{
	int fd = open(own(name), O_RDWR | O_CREAT, 0600);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(dup2(fd, number), number);
	if (fd != number)
		close(fd);
}

/* Lists the open descriptors of the shell that runs it. */
static const char list_open[] = "for f in /proc/self/fd/*; do "
				"[ -e $f ] && printf '%s ' ${f##*/}; done; :";

/* Runs PROGRAM while our descriptors FIRST and FIRST + 1 are files of this
 * test. What they were (Check writes into one of them) comes back before
 * anything is demanded. */
static void run_between(struct program *program, int first,
			struct ended *ret_ended)
{
	int kept[2];
	for (int i = 0; i < 2; i++) {
		kept[i] = fcntl(first + i, F_DUPFD, 50);
		int fd = open(own(i ? "second" : "first"), O_RDWR | O_CREAT,
			      0600);
		dup2(fd, first + i);
		if (fd != first + i)
			close(fd);
	}
	int rc = process_run(program, ret_ended);
	for (int i = 0; i < 2; i++)
		if (kept[i] < 0 || dup2(kept[i], first + i) < 0)
			close(first + i);
	ck_assert_int_eq(rc, 0);
}

/* Demands that the file NAME of this test holds TEXT. */
static void expect_file(const char *name, const char *text)
{
	char *got;
	size_t size;
	ck_assert_int_eq(read_file(own(name), KEPT, &got, &size), 0);
	ck_assert_str_eq(got, text);
	free(got);
}

START_TEST(passed_descriptors_become_3_and_4_whatever_they_were)
{
	const char *const argv[] = { "sh", "-c", "echo a >&3; echo b >&4",
				     NULL };
	struct program program = { .argv = argv, .output_max = KEPT,
				   .passed = { 4, 3 }, .n_passed = 2 };
	struct ended ended;
	run_between(&program, 3, &ended);
	ck_assert(ended_well(&ended));
	ended_release(&ended);
	expect_file("second", "a\n");
	expect_file("first", "b\n");
}
END_TEST

START_TEST(the_same_descriptor_may_be_passed_twice)
{
	open_at("one", 30);
	struct program program = { .passed = { 30, 30 }, .n_passed = 2 };
	expect_printed(program, list_open, "0 1 2 3 4 ");
}
END_TEST

START_TEST(no_descriptor_but_those_passed_is_seen)
{
	for (int number = 10; number < 200; number += 13)
		open_at("many", number);
	expect_printed((struct program){ .n_passed = 0 }, list_open, "0 1 2 ");
	expect_printed((struct program){ .passed = { 36 }, .n_passed = 1 },
		       list_open, "0 1 2 3 ");
}
END_TEST

START_TEST(our_own_end_of_the_pipes_is_closed_afterwards)
{
	int before = open("/dev/null", O_RDONLY);
	close(before);
	for (int i = 0; i < 3; i++) {
		struct ended ended = run("echo");
		ended_release(&ended);
		ended = run("exec yes");
		ended_release(&ended);
	}
	ck_assert_int_eq(open("/dev/null", O_RDONLY), before);
	close(before);
}
END_TEST

START_TEST(the_environment_is_ours_and_what_is_added)
{
	static const char *const env[] = { "ADDED=new", "CHANGED=new", NULL };
	ck_assert_int_eq(setenv("KEPT", "old", 1), 0);
	ck_assert_int_eq(setenv("CHANGED", "old", 1), 0);
	expect_printed((struct program){ .env = env },
		       "echo $KEPT $ADDED $CHANGED", "old new new\n");
	ck_assert_str_eq(getenv("CHANGED"), "old");
	ck_assert_ptr_null(getenv("ADDED"));
}
END_TEST

START_TEST(the_work_folder_is_the_one_asked_for)
{
	char line[PATH_MAX + 1];
	snprintf(line, sizeof(line), "%s\n", own_folder);
	expect_printed((struct program){ .dir = own_folder }, "pwd -P", line);
	snprintf(line, sizeof(line), "%s\n", workbook());
	expect_printed((struct program){ .dir = NULL }, "pwd -P", line);
}
END_TEST

START_TEST(a_program_leads_a_process_group_of_its_own)
{
	expect_printed((struct program){ .dir = NULL },
		       "test $$ = $(cut -d' ' -f5 /proc/$$/stat) && echo own",
		       "own\n");
}
END_TEST

START_TEST(a_broken_pipe_kills_a_program_as_it_should)
{
	signal(SIGPIPE, SIG_IGN);
	struct ended ended = run("kill -PIPE $$; exit 3");
	ck_assert(WIFSIGNALED(ended.status));
	ck_assert_int_eq(WTERMSIG(ended.status), SIGPIPE);
	ended_release(&ended);
}
END_TEST

START_TEST(a_program_begins_with_every_signal_at_its_default)
{
	const char *const argv[] = { "grep", "-E", "^Sig(Blk|Ign)",
				     "/proc/self/status", NULL };
	struct program program = { .argv = argv, .output_max = KEPT };
	struct ended ended;
	sigset_t some;
	sigemptyset(&some);
	sigaddset(&some, SIGUSR1);
	sigaddset(&some, SIGTERM);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &some, NULL), 0);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	ck_assert_int_eq(process_run(&program, &ended), 0);
	unsigned long long blocked, ignored;
	ck_assert_int_eq(sscanf(ended.out, "SigBlk: %llx SigIgn: %llx", &blocked,
				&ignored), 2);
	ck_assert_uint_eq(blocked, 0);
	/* The C library keeps signals 32 and 33 for itself, and what it has started
	 * may ignore them: signal(2) cannot change that. */
	ck_assert_uint_eq(ignored & ~(3ULL << 31), 0);
	ended_release(&ended);
}
END_TEST

/* --- a process that inherited odd things -------------------------------------------- */

/* Calls BODY in a child, for what it changes would hinder Check: it must hold there.
 * BODY returns 0, or the line of what does not hold. */
static void expect_in_child(int (*body)(void))
{
	int status, line = -1, ends[2];
	ck_assert_int_eq(pipe(ends), 0);
	int end = fcntl(ends[1], F_DUPFD, 200);
	pid_t child = fork();
	if (child == 0) {
		line = body();
		_exit(write(end, &line, sizeof(line)) != sizeof(line));
	}
	close(end);
	close(ends[1]);
	ck_assert_int_gt(child, 0);
	ck_assert_int_eq(read(ends[0], &line, sizeof(line)), sizeof(line));
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_msg(line == 0, "line %d does not hold", line);
	close(ends[0]);
}

#define HOLD(claim) do { if (!(claim)) return __LINE__; } while (0)

/* Runs "echo yes": whether that was heard. */
static bool hears(void)
{
	const char *const argv[] = { "echo", "yes", NULL };
	struct program program = { .argv = argv, .output_max = KEPT };
	struct ended ended;
	if (process_run(&program, &ended) < 0)
		return false;
	bool heard = ended_well(&ended) && strcmp(ended.out, "yes\n") == 0;
	ended_release(&ended);
	return heard;
}

static int begin_with_closed(void)
{
	for (int fd = 0; fd < 3; fd++)
		close(fd);
	HOLD(process_prepare() == 0);
	int next = dup(0);
	HOLD(next >= 3);
	HOLD(close(next) == 0);
	HOLD(write(1, "x", 1) < 0 && errno == EBADF);
	HOLD(hears());
	return 0;
}

START_TEST(a_process_with_closed_descriptors_starts_programs)
{
	expect_in_child(begin_with_closed);
}
END_TEST

static int begin_with_ignored(void)
{
	signal(SIGCHLD, SIG_IGN);
	HOLD(process_prepare() == 0);
	HOLD(hears());
	return 0;
}

START_TEST(a_process_whose_caller_ignored_its_children_hears_of_them)
{
	expect_in_child(begin_with_ignored);
}
END_TEST

/* Lowers the limit of descriptors to SOFT and HARD. */
static bool lower_descriptors(rlim_t soft, rlim_t hard)
{
	struct rlimit limit = { soft, hard };
	return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

static int begin_with_low_limit(void)
{
	char *why = NULL;
	HOLD(lower_descriptors(64, 512));
	HOLD(process_check_descriptors(&why) == -EMFILE);
	free(why);
	HOLD(process_prepare() == 0);
	why = NULL;
	HOLD(process_check_descriptors(&why) == 0 && !why);
	return 0;
}

START_TEST(a_low_limit_of_descriptors_is_raised)
{
	expect_in_child(begin_with_low_limit);
}
END_TEST

static int begin_with_hard_limit(void)
{
	char *why = NULL;
	HOLD(lower_descriptors(64, 64));
	HOLD(geteuid() != 0 || setuid(65534) == 0);
	HOLD(process_prepare() == 0);
	HOLD(process_check_descriptors(&why) == -EMFILE);
	HOLD(why && strstr(why, "ulimit -n is 64, and 256 are needed"));
	free(why);
	return 0;
}

START_TEST(a_limit_of_descriptors_that_cannot_be_raised_is_said)
{
	expect_in_child(begin_with_hard_limit);
}
END_TEST

/* Passes as many descriptors as may be to a program that writes to the last. */
static int pass_many(struct ended *ended)
{
	const char *const argv[] = { "sh", "-c", "echo yes >/proc/self/fd/10", NULL };
	struct program program = { .argv = argv, .output_max = KEPT,
				   .n_passed = PROCESS_MAX_PASSED };
	int fd = open("/dev/null", O_WRONLY);
	for (size_t i = 0; i < PROCESS_MAX_PASSED; i++)
		program.passed[i] = fd;
	return fd < 0 ? -errno : process_run(&program, ended);
}

static int pass_with_few(void)
{
	struct ended ended;
	HOLD(lower_descriptors(32, 32));
	HOLD(pass_many(&ended) == 0);
	HOLD(ended_well(&ended));
	ended_release(&ended);
	HOLD(lower_descriptors(PROCESS_FIRST_FD + PROCESS_MAX_PASSED, 32));
	close_range(PROCESS_FIRST_FD, 199, 0);
	HOLD(pass_many(&ended) == 0);
	HOLD(WIFEXITED(ended.status) && WEXITSTATUS(ended.status) == 126);
	HOLD(strncmp(ended.err, "a file cannot be passed on: ", 28) == 0);
	ended_release(&ended);
	return 0;
}

START_TEST(descriptors_are_passed_within_a_low_limit_or_it_is_said)
{
	expect_in_child(pass_with_few);
}
END_TEST

START_TEST(the_limits_hold_in_the_program)
{
	struct program program = {
		.limits = { .cpu_seconds = 11, .memory_bytes = 100 << 20,
			    .file_bytes = 512 * 13, .descriptors = 17 },
	};
	expect_printed(program, "ulimit -t; ulimit -v; ulimit -f; ulimit -n; "
		       "ulimit -c", "11\n102400\n13\n17\n0\n");
}
END_TEST

START_TEST(a_limit_of_0_leaves_ours)
{
	struct rlimit ours;
	char text[32];
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &ours), 0);
	snprintf(text, sizeof(text), "%lu\n", (unsigned long)ours.rlim_cur);
	expect_printed((struct program){ .dir = NULL }, "ulimit -n", text);
}
END_TEST

START_TEST(a_file_cannot_grow_beyond_its_limit)
{
	struct stat status;
	struct ended ended = run_as((struct program){
		.dir = own_folder, .limits = { .file_bytes = 1000 } },
		"exec head -c 100000 /dev/zero >big");
	ck_assert(!ended_well(&ended));
	ended_release(&ended);
	ck_assert_int_eq(stat(own("big"), &status), 0);
	ck_assert_int_le(status.st_size, 1000);
}
END_TEST

START_TEST(a_program_dies_with_the_one_that_started_it)
{
	int ends[2], status;
	pid_t orphan = 0;
	ck_assert_int_eq(adopt_orphans(), 0);
	ck_assert_int_eq(pipe(ends), 0);
	pid_t parent = fork();
	if (parent == 0) {
		const char *const argv[] = { "sh", "-c",
			"echo started; exec sleep 600", NULL };
		struct program program = { .argv = argv, .output_max = KEPT };
		struct process process;
		char byte;
		if (process_start(&program, &process) == 0 &&
		    read(process.out, &byte, 1) == 1)
			write(ends[1], &process.pid, sizeof(process.pid));
		pause();
		_exit(1);
	}
	ck_assert_int_gt(parent, 0);
	ck_assert_int_eq(read(ends[0], &orphan, sizeof(orphan)),
			 sizeof(orphan));
	ck_assert_int_eq(kill(parent, SIGKILL), 0);
	ck_assert_int_eq(waitpid(parent, NULL, 0), parent);
	ck_assert_int_eq(waitpid(orphan, &status, 0), orphan);
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGKILL);
}
END_TEST

START_TEST(ending_a_process_twice_is_no_matter)
{
	const char *const argv[] = { "sleep", "600", NULL };
	struct program program = { .argv = argv, .output_max = KEPT };
	struct process process;
	ck_assert_int_eq(process_start(&program, &process), 0);
	ck_assert_int_gt(process.pid, 0);
	pid_t pid = process.pid;
	process_end(&process);
	ck_assert_int_eq(process.pid, 0);
	ck_assert_int_eq(process.out, -1);
	ck_assert_int_eq(process.err, -1);
	process_end(&process);
	ck_assert_int_eq(kill(pid, 0), -1);
	ck_assert_int_eq(errno, ESRCH);
}
END_TEST

/* Starts a process that stays, in a session of its own so that no group's end
 * is its end, with BYTES of memory that it holds. */
static pid_t start_staying(size_t bytes)
{
	int ends[2];
	char byte = 0;
	ck_assert_int_eq(pipe(ends), 0);
	pid_t pid = fork();
	if (pid == 0) {
		setsid();
		char *held = bytes ? mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) : &byte;
		memset(held, 1, bytes);
		write(ends[1], held, 1);
		for (;;)
			pause();
	}
	close(ends[1]);
	ck_assert_int_eq(read(ends[0], &byte, 1), 1);
	close(ends[0]);
	return pid;
}

START_TEST(a_sweep_finds_and_kills_an_orphan_in_a_session_of_its_own)
{
	int ends[2];
	pid_t orphan = 0;
	ck_assert_int_eq(adopt_orphans(), 0);
	ck_assert_int_eq(pipe(ends), 0);
	pid_t middle = fork();
	if (middle == 0) {
		orphan = start_staying(0);
		write(ends[1], &orphan, sizeof(orphan));
		_exit(0);
	}
	ck_assert_int_eq(waitpid(middle, NULL, 0), middle);
	ck_assert_int_eq(read(ends[0], &orphan, sizeof(orphan)),
			 sizeof(orphan));
	ck_assert_int_eq(kill(orphan, 0), 0);
	ck_assert_int_eq(reap_descendants(), 1);
	ck_assert_int_eq(kill(orphan, 0), -1);
	ck_assert_int_eq(errno, ESRCH);
	expect_all_killed(0);
}
END_TEST

/* Starts a child with a child, DEPTH of them, each in a session of its own; the
 * last one writes to FD. */
static void start_chain(int depth, int fd)
{
	if (fork() != 0)
		return;
	setsid();
	if (depth > 1)
		start_chain(depth - 1, fd);
	else if (write(fd, "x", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

START_TEST(a_sweep_goes_on_until_no_descendant_is_left)
{
	int ends[2];
	char byte;
	ck_assert_int_eq(adopt_orphans(), 0);
	ck_assert_int_eq(pipe(ends), 0);
	start_chain(4, ends[1]);
	ck_assert_int_eq(read(ends[0], &byte, 1), 1);
	ck_assert_int_ge(reap_descendants(), 4);
	expect_all_killed(0);
}
END_TEST

START_TEST(a_sweep_counts_each_process_once)
{
	enum { HEAVY = 64 << 20 };
	for (int i = 0; i < 3; i++)
		start_staying(HEAVY);
	ck_assert_int_eq(reap_descendants(), 3);
}
END_TEST

/* Waits until the child PID has ended, and leaves it to be reaped. */
static void await_end(pid_t pid)
{
	siginfo_t info;
	ck_assert_int_eq(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
}

START_TEST(a_sweep_counts_all_that_ended_by_themselves_alike)
{
	int counted[4];
	for (int n = 0; n < 4; n++) {
		for (int i = 0; i < n; i++) {
			pid_t pid = fork();
			if (pid == 0)
				_exit(0);
			await_end(pid);
		}
		counted[n] = reap_descendants();
		expect_all_killed(0);
	}
	ck_assert_int_eq(counted[0], 0);
	ck_assert_int_eq(counted[2], 2 * counted[1]);
	ck_assert_int_eq(counted[3], 3 * counted[1]);
}
END_TEST

TEST_PROGRAM("spawn",
	     the_exit_status_comes_back,
	     a_death_by_signal_comes_back,
	     both_outputs_are_kept_apart,
	     a_silent_program_has_empty_outputs,
	     there_is_nothing_to_read,
	     an_output_of_just_the_size_is_kept_whole,
	     an_output_one_byte_too_long_is_cut_and_told,
	     a_flood_is_cut_and_its_source_ended,
	     an_output_that_is_cut_ends_nobody,
	     a_flood_that_is_cut_ends_at_the_deadline,
	     a_flood_left_behind_is_not_read_for_ever,
	     a_program_without_an_end_is_ended_at_its_deadline,
	     a_program_that_closes_its_outputs_early_is_waited_for,
	     a_silent_program_that_closed_its_outputs_has_a_deadline_too,
	     a_daemon_that_holds_the_pipes_is_not_waited_for,
	     a_whole_tree_is_ended_with_its_root,
	     a_program_that_is_not_there_ends_with_127,
	     passed_descriptors_become_3_and_4_whatever_they_were,
	     the_same_descriptor_may_be_passed_twice,
	     no_descriptor_but_those_passed_is_seen,
	     our_own_end_of_the_pipes_is_closed_afterwards,
	     the_environment_is_ours_and_what_is_added,
	     the_work_folder_is_the_one_asked_for,
	     a_program_leads_a_process_group_of_its_own,
	     a_broken_pipe_kills_a_program_as_it_should,
	     a_program_begins_with_every_signal_at_its_default,
	     a_process_with_closed_descriptors_starts_programs,
	     a_process_whose_caller_ignored_its_children_hears_of_them,
	     a_low_limit_of_descriptors_is_raised,
	     a_limit_of_descriptors_that_cannot_be_raised_is_said,
	     descriptors_are_passed_within_a_low_limit_or_it_is_said,
	     the_limits_hold_in_the_program,
	     a_limit_of_0_leaves_ours,
	     a_file_cannot_grow_beyond_its_limit,
	     a_program_dies_with_the_one_that_started_it,
	     ending_a_process_twice_is_no_matter,
	     a_sweep_finds_and_kills_an_orphan_in_a_session_of_its_own,
	     a_sweep_goes_on_until_no_descendant_is_left,
	     a_sweep_counts_each_process_once,
	     a_sweep_counts_all_that_ended_by_themselves_alike)
