/* test_cell.c - the walls of a cell hold, of each sort that works here; and the
 * choice among the sorts. What is done inside, deeds.c does.
 *
 * Each test of the walls runs once for each sort.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "sandbox/cell.h"
#include "cells.h"

enum { OUTPUT = 16 << 10, DEADLINE_MS = 20000, PROCESSES = 8,
       FORKS_TRIED = 200 };

/* What is drawn next, in this order; then it is random. The function comes before the
 * C library's. */
static uint32_t drawn[2];
static size_t n_drawn;

ssize_t getrandom(void *buffer, size_t size, unsigned flags)
{
	static size_t next;
	if (next == n_drawn || size != sizeof(drawn[0]))
		return syscall(SYS_getrandom, buffer, size, flags);
	memcpy(buffer, &drawn[next++], sizeof(drawn[0]));
	return sizeof(drawn[0]);
}

/* A cell of one sort in the folder of the test, which holds
 *	folder/		where it may write
 *	seen/listed	a file, and seen/all/ a folder, that it may read
 *	seen/beside	a file that it may not
 */
struct place {
	struct sandbox sandbox;
	struct cell cell;
	char folder[PATH_MAX], listed[PATH_MAX], all[PATH_MAX], deeds[PATH_MAX];
	char root[PATH_MAX];
	pid_t child;		/* of ours, outside of the cell */
};

/* Lets every user pass. */
static void open_folders(void)
{
	ck_assert_int_eq(chmod(suite_folder, 0755), 0);
	ck_assert_int_eq(chmod(own_folder, 0777), 0);
}

/* Lays the files out; of what the cell may read, all but the cell allows that
 * everybody writes it. */
static void lay_out(struct place *p)
{
	open_folders();
	remove_tree(own("folder"));
	ck_assert_int_eq(make_folders(own("folder")), 0);
	ck_assert_int_eq(make_folders(own("seen/all")), 0);
	own_file("seen/listed", "listed");
	own_file("seen/beside", "beside");
	own_file("seen/all/within", "within");
	strcpy(p->folder, own("folder"));
	strcpy(p->listed, own("seen/listed"));
	strcpy(p->all, own("seen/all"));
	strcpy(p->root, workbook());
	snprintf(p->deeds, PATH_MAX, "%.4000s/build/tests/deeds", workbook());
	ck_assert_int_eq(chmod(p->listed, 0666), 0);
	ck_assert_int_eq(chmod(p->all, 0777), 0);
}

/* Makes a child that stays as long as we do. */
static pid_t start_child(void)
{
	pid_t pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid > 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	for (;;)
		pause();
}

/* Makes the place with a cell of SORT: false where that does not work. */
static bool enter_place(struct place *p, enum sandbox_sort sort)
{
	lay_out(p);
	if (!enter_sandbox(p->root, sort, &p->sandbox))
		return false;
	ck_assert_int_eq(chmod(own_folder, 0777), 0);
	ck_assert_int_eq(sandbox_give(&p->sandbox, p->folder), 0);
	p->cell = (struct cell){
		.enclosure = CELL_ENCLOSURE,
		.sandbox = &p->sandbox, .processes = PROCESSES,
		.reads = { p->deeds, p->listed, p->all },
		.writes = { p->folder },
	};
	p->child = start_child();
	return true;
}

static void each_sort(void (*test)(struct place *p))
{
	ck_assert_int_eq(adopt_orphans(), 0);
	for (int sort = SANDBOX_LANDLOCK; sort <= SANDBOX_BUBBLEWRAP; sort++) {
		static struct place place;
		if (!enter_place(&place, (enum sandbox_sort)sort))
			continue;
		test(&place);
		ck_assert_msg(kill(place.child, 0) == 0, "%s: the child is gone",
			      sandbox_name(place.sandbox.sort));
		kill(place.child, SIGKILL);
		waitpid(place.child, NULL, 0);
	}
}

/* A test of the walls: what stands in braces gets the place as P. */
#define WALLS_TEST(name)						\
	static void in_##name(struct place *p);				\
	START_TEST(name)						\
	{								\
		each_sort(in_##name);					\
	}								\
	END_TEST							\
	static void in_##name(struct place *p)

/* Runs ARGV in the cell, which must stand. */
static struct ended run_argv(const struct place *p, const char *const argv[])
{
	static const char *const env[] = { "ADDED=new", NULL };
	struct program program = { .argv = argv, .enclosure = &p->cell.enclosure, .env = env,
				   .dir = p->folder, .output_max = OUTPUT,
				   .deadline_ms = DEADLINE_MS };
	struct ended ended;
	int rc = process_run(&program, &ended);
	ck_assert_msg(rc == 0, "%s: %d", sandbox_name(p->sandbox.sort), rc);
	return ended;
}

static struct ended run_shell(const struct place *p, const char *script)
{
	const char *const argv[] = { "sh", "-c", script, NULL };
	return run_argv(p, argv);
}

/* Does one deed: its errno, -1 when nothing came back. */
static int deed(const struct place *p, const char *name, const char *word)
{
	char order[PATH_MAX + 64];
	int err = -1;
	snprintf(order, sizeof(order), "%s=%s", name, word);
	const char *const argv[] = { p->deeds, order, NULL };
	struct ended ended = run_argv(p, argv);
	if (strncmp(ended.out, order, strlen(order)) == 0)
		sscanf(ended.out + strlen(order), "%d", &err);
	ended_release(&ended);
	return err;
}

/* Demands that a deed ends with ERR, or with OTHER where files are out of sight
 * instead of out of reach. */
static void expect(const struct place *p, const char *name, const char *word,
		   int err, int other)
{
	bool unseen = p->sandbox.sort == SANDBOX_BUBBLEWRAP;
	int got = deed(p, name, word);
	ck_assert_msg(got == (unseen ? other : err), "%s, %s=%s: errno %d, %s",
		      sandbox_name(p->sandbox.sort), name, word, got,
		      strerror(got));
}

/* The same of the child of ours outside. */
static void expect_of_child(const struct place *p, const char *name, int err,
			    int other)
{
	char pid[24];
	snprintf(pid, sizeof(pid), "%d", (int)p->child);
	expect(p, name, pid, err, other);
}

/* --- files --------------------------------------------------------------------- */

WALLS_TEST(what_is_listed_can_be_read_and_what_stands_beside_it_cannot)
{
	char passwd[] = "/etc/passwd", readme[PATH_MAX], within[PATH_MAX];
	snprintf(readme, PATH_MAX, "%.4000s/README.md", p->root);
	strcpy(within, own("seen/all/within"));
	expect(p, "read", p->listed, 0, 0);
	expect(p, "read", p->all, 0, 0);
	expect(p, "read", within, 0, 0);
	expect(p, "read", "/usr/bin/env", 0, 0);
	expect(p, "read", own("seen/beside"), EACCES, ENOENT);
	expect(p, "read", own("seen"), EACCES, 0);
	expect(p, "read", passwd, EACCES, ENOENT);
	expect(p, "read", readme, EACCES, ENOENT);
	expect(p, "read", "/var", EACCES, ENOENT);
	expect(p, "read", "/tmp", EACCES, 0);
}

WALLS_TEST(a_folder_above_what_is_listed_shows_nothing_else)
{
	char script[PATH_MAX + 8];
	snprintf(script, sizeof(script), "ls -a %s", own("seen"));
	struct ended ended = run_shell(p, script);
	ck_assert_ptr_null(strstr(ended.out, "beside"));
	ended_release(&ended);
	ended = run_shell(p, "ls -a /tmp");
	ck_assert_ptr_null(strstr(ended.out, "listed"));
	ended_release(&ended);
}

/* Demands that PATH cannot be written, whichever wall it is that stands before. */
static void expect_closed(const struct place *p, const char *deed_name,
			  const char *path)
{
	int got = deed(p, deed_name, path);
	ck_assert_msg(got == EACCES || got == EROFS || got == ENOENT,
		      "%s, %s=%s: errno %d", sandbox_name(p->sandbox.sort),
		      deed_name, path, got);
}

WALLS_TEST(its_own_folder_can_be_written_and_nothing_else)
{
	char made[PATH_MAX];
	snprintf(made, PATH_MAX, "%.4000s/made", p->folder);
	expect(p, "write", "made", 0, 0);
	expect(p, "write", made, 0, 0);
	ck_assert_int_eq(access(made, F_OK), 0);
	expect(p, "remove", made, 0, 0);
	snprintf(made, PATH_MAX, "%.4000s/made", p->all);
	expect(p, "write", made, EACCES, EROFS);
	expect(p, "write", p->listed, EACCES, EROFS);
	expect(p, "remove", own("seen/all/within"), EACCES, EROFS);
	expect(p, "write", "/dev/null", 0, 0);
	static const char *const closed[] = {
		"/made", "/usr/made", "/dev/made", "/etc/made",
		"/proc/sys/kernel/core_pattern" };
	for (size_t i = 0; i < sizeof(closed) / sizeof(*closed); i++)
		expect_closed(p, "write", closed[i]);
	expect_closed(p, "write", own("made"));
	expect_closed(p, "remove", own("seen/beside"));
	ck_assert_int_ne(access(own("made"), F_OK), 0);
	ck_assert_int_eq(access(own("seen/beside"), F_OK), 0);
}

/* The cell's own /tmp may hold the way to its folder. */
WALLS_TEST(the_way_to_its_folder_cannot_be_moved_nor_opened)
{
	char script[2 * PATH_MAX];
	snprintf(script, sizeof(script), "for d in '%.4000s'; do "
		 "while d=${d%%/*}; [ -n \"$d\" ]; do chmod 777 \"$d\"; "
		 "mv \"$d\" \"$d.away\" && echo moved; "
		 "echo >\"$d/made\" && [ \"$d\" != /tmp ] && echo made; done; done "
		 "2>/dev/null; echo stays", p->folder);
	struct ended ended = run_shell(p, script);
	ck_assert_str_eq(ended.out, "stays\n");
	ended_release(&ended);
}

/* A user's file outside is the user's inside, too, where nobody else runs there. */
WALLS_TEST(what_a_file_outside_is_like_cannot_be_changed)
{
	static const char *const changes[] = { "change_mode", "change_group",
					       "change_times", "change_attribute" };
	ck_assert_int_eq(chmod(p->listed, 0644), 0);
	for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++) {
		int got = deed(p, changes[i], own("seen/beside"));
		int seen = deed(p, changes[i], p->listed);
		ck_assert_msg(got == EPERM || got == EACCES || got == ENOENT,
			      "%s: errno %d", changes[i], got);
		ck_assert_msg(seen == EPERM || seen == EACCES || seen == EROFS,
			      "%s: errno %d", changes[i], seen);
	}
}

/* In the one sort /tmp is not to be written, in the other it is the cell's own. */
WALLS_TEST(what_it_writes_in_tmp_does_not_come_out)
{
	char path[64];
	struct stat status;
	snprintf(path, sizeof(path), "/tmp/brakes-deed-%d", (int)getpid());
	expect(p, "write", path, EACCES, 0);
	ck_assert_int_lt(stat(path, &status), 0);
}

WALLS_TEST(a_link_in_its_folder_leads_nowhere_else)
{
	expect(p, "follow", p->listed, 0, 0);
	expect(p, "follow", own("seen/beside"), EACCES, ENOENT);
	expect(p, "follow", "/etc/passwd", EACCES, ENOENT);
}

/* --- what the filter refuses ----------------------------------------------------- */

WALLS_TEST(no_socket_of_any_family_can_be_made)
{
	static const int families[] = { AF_UNIX, AF_INET, AF_INET6, AF_NETLINK,
					AF_PACKET };
	char family[16];
	for (size_t i = 0; i < sizeof(families) / sizeof(*families); i++) {
		snprintf(family, sizeof(family), "%d", families[i]);
		expect(p, "socket", family, EPERM, EPERM);
	}
}

WALLS_TEST(what_reaches_beyond_the_cell_is_refused)
{
	static const char *const refused[] = {
		"be_traced", "mount", "unshare", "new_user", "shared_memory",
		"queue", "semaphore", "type", "type_in_disguise",
	};
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		expect(p, refused[i], "", EPERM, EPERM);
	expect(p, "clone3", "", ENOSYS, ENOSYS);
	expect(p, "io_uring", "", ENOSYS, ENOSYS);
}

WALLS_TEST(a_process_outside_can_be_neither_signalled_nor_changed)
{
	static const char *const refused[] = { "trace", "limit", "step_back",
					       "move" };
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		expect_of_child(p, refused[i], EPERM, EPERM);
	expect_of_child(p, "signal", EPERM, ESRCH);
	ck_assert_int_eq(getpriority(PRIO_PROCESS, (id_t)p->child),
			 getpriority(PRIO_PROCESS, 0));
}

WALLS_TEST(a_call_of_another_architecture_ends_the_process)
{
	const char *const argv[] = { p->deeds, "old_call", "socket=1", NULL };
	struct ended ended = run_argv(p, argv);
	ck_assert_str_eq(ended.out, "");
	ck_assert(!ended_well(&ended) && !ended.timed_out);
	ended_release(&ended);
}

/* --- who it is -------------------------------------------------------------------- */

/* Demands that TEXT, a /proc/PID/status, has the line NAME with VALUE alone. */
static void expect_line(const char *text, const char *name, const char *value)
{
	const char *line = strstr(text, name);
	ck_assert_msg(line != NULL, "no line %s", name);
	line += strlen(name);
	line += strspn(line, " \t");
	size_t n = strcspn(line, "\n");
	ck_assert_msg(n == strlen(value) && memcmp(line, value, n) == 0,
		      "%s %.*s", name, (int)n, line);
}

WALLS_TEST(it_has_no_rights_and_can_get_none)
{
	static const char none[] = "0000000000000000";
	char user[64];
	struct ended ended = run_shell(p, "cat /proc/self/status");
	unsigned id = p->sandbox.user ? p->sandbox.user : geteuid();
	snprintf(user, sizeof(user), "%u\t%u\t%u\t%u", id, id, id, id);
	expect_line(ended.out, "\nUid:", user);
	expect_line(ended.out, "\nCapEff:", none);
	expect_line(ended.out, "\nCapPrm:", none);
	expect_line(ended.out, "\nCapAmb:", none);
	expect_line(ended.out, "\nNoNewPrivs:", "1");
	expect_line(ended.out, "\nSeccomp:", "2");
	if (geteuid() == 0) {
		ck_assert_uint_ne(id, 0);
		expect_line(ended.out, "\nGid:", user);
		expect_line(ended.out, "\nGroups:", "");
	}
	ended_release(&ended);
}

/* How often LINE, with its newline, stands in TEXT as a line. */
static int count_lines(const char *text, const char *line)
{
	int n = 0;
	for (const char *at = text; (at = strstr(at, line)) != NULL; at++)
		n += at == text || at[-1] == '\n';
	return n;
}

WALLS_TEST(of_our_variables_it_sees_those_that_everyone_has)
{
	char line[PATH_MAX + 16];
	ck_assert_int_eq(setenv("SECRET", "ours", 1), 0);
	const char *const argv[] = { "env", NULL };
	struct ended ended = run_argv(p, argv);
	const char *tmp = p->sandbox.sort == SANDBOX_BUBBLEWRAP ? "/tmp" :
			  p->folder;
	const char *const values[][2] = {
		{ "PATH", getenv("PATH") }, { "LC_ALL", "C.UTF-8" },
		{ "HOME", "/nonexistent" }, { "TMPDIR", tmp }, { "TEMP", tmp },
		{ "ADDED", "new" },
	};
	const size_t n = sizeof(values) / sizeof(*values);
	for (size_t i = 0; i < n; i++) {
		snprintf(line, sizeof(line), "%s=%s\n", values[i][0],
			 values[i][1]);
		ck_assert_msg(count_lines(ended.out, line) == 1, "%s: %s\n%s",
			      sandbox_name(p->sandbox.sort), line, ended.out);
	}
	size_t lines = 0;
	for (const char *at = ended.out; *at; at++)
		lines += *at == '\n';
	ck_assert_msg(lines == n, "%s: more than these:\n%s",
		      sandbox_name(p->sandbox.sort), ended.out);
	ended_release(&ended);
}

WALLS_TEST(it_holds_the_standard_descriptors_and_those_passed)
{
	static const char list[] = "for f in /proc/self/fd/*; do [ -e $f ] && "
				   "printf '%s ' ${f##*/}; done; :";
	const char *const argv[] = { "sh", "-c", list, NULL };
	int kept = open("/dev/null", O_RDONLY);		/* not closed on exec */
	ck_assert_int_ge(kept, 0);
	for (size_t n = 0; n <= 2; n++) {
		struct program program = {
			.argv = argv, .enclosure = &p->cell.enclosure, .dir = p->folder,
			.passed = { kept, kept }, .n_passed = n,
			.output_max = OUTPUT, .deadline_ms = DEADLINE_MS };
		static const char *const open_then[] = {
			"0 1 2 ", "0 1 2 3 ", "0 1 2 3 4 " };
		struct ended ended;
		ck_assert_int_eq(process_run(&program, &ended), 0);
		ck_assert_str_eq(ended.out, open_then[n]);
		ended_release(&ended);
	}
	close(kept);
}

/* --- how many, and for how long ------------------------------------------------- */

/* Whether process PID lives and is called NAME. Source: proc_pid_stat(5). */
static bool is_named(const char *pid, const char *name)
{
	char path[64], begin[32], *text;
	size_t size;
	snprintf(path, sizeof(path), "/proc/%.20s/stat", pid);
	snprintf(begin, sizeof(begin), " (%.20s) ", name);
	if (!isdigit((unsigned char)*pid) ||
	    read_file(path, 4096, &text, &size) < 0)
		return false;
	const char *found = strstr(text, begin);
	bool lives = found && found[strlen(begin)] != 'Z';
	free(text);
	return lives;
}

/* How many processes here are called NAME. */
static int count_named(const char *name)
{
	int n = 0;
	DIR *proc = opendir("/proc");
	ck_assert_ptr_nonnull(proc);
	for (struct dirent *e; (e = readdir(proc)) != NULL;)
		n += is_named(e->d_name, name);
	closedir(proc);
	return n;
}

/* A name of processes that no other test has. */
static const char *own_name(void)
{
	static char name[16];
	snprintf(name, sizeof(name), "deed%d", (int)getpid());
	return name;
}

/* Demands that a moment later no process of OWN_NAME is left; those of the sort
 * that has no namespace to end with it are swept. */
static void expect_none_left(const struct place *p)
{
	if (p->sandbox.sort == SANDBOX_BUBBLEWRAP) {
		for (int i = 0; i < 200 && count_named(own_name()) > 0; i++)
			poll(NULL, 0, 10);
		ck_assert_int_eq(count_named(own_name()), 0);
	}
	kill(p->child, SIGKILL);
	reap_descendants();
	ck_assert_int_eq(count_named(own_name()), 0);
}

WALLS_TEST(there_is_an_end_to_forking_and_nothing_of_it_stays)
{
	char order[32];
	int forked = -1, err = 0;
	snprintf(order, sizeof(order), "fork=%s", own_name());
	const char *const argv[] = { p->deeds, order, NULL };
	struct ended ended = run_argv(p, argv);
	ck_assert_int_eq(sscanf(ended.out, "forked %d\nfork=%*s %d", &forked,
				&err), 2);
	ended_release(&ended);
	ck_assert_int_eq(err, EAGAIN);
	ck_assert_int_ge(forked, 1);
	ck_assert_int_lt(forked, FORKS_TRIED);
	/* Only where others are of our user, more may be had, as these end. */
	if (p->sandbox.user || p->sandbox.sort == SANDBOX_BUBBLEWRAP)
		ck_assert_int_lt(forked, PROCESSES + RESTRAIN_OURS);
	expect_none_left(p);
	p->child = start_child();
}

/* Others of our user count as well, where it is not made up for this grading. */
WALLS_TEST(fewer_processes_than_we_may_have_at_all_are_allowed)
{
	enum { FEW = 40 };
	struct rlimit few = { FEW, FEW };
	if (geteuid() != 0) {
		puts("skip - not root: a limit of processes");
		return;
	}
	ck_assert_int_eq(setrlimit(RLIMIT_NPROC, &few), 0);
	struct ended ended = run_shell(p, "grep -c '^Max processes *40 *40 ' "
				       "/proc/self/limits; echo ran | cat");
	ck_assert_str_eq(ended.out, "1\nran\n");
	ended_release(&ended);
}

WALLS_TEST(a_deadline_ends_all_that_is_deaf_and_has_forked)
{
	char order[32];
	snprintf(order, sizeof(order), "stay=%s", own_name());
	const char *const argv[] = { p->deeds, order, NULL };
	struct program program = { .argv = argv, .enclosure = &p->cell.enclosure,
				   .dir = p->folder, .output_max = OUTPUT,
				   .deadline_ms = 1500 };
	struct ended ended;
	long begun = monotonic_ms();
	ck_assert_int_eq(process_run(&program, &ended), 0);
	ck_assert(ended.timed_out && !ended_well(&ended));
	ck_assert_int_lt(monotonic_ms() - begun, 10000);
	ck_assert_str_eq(ended.out, "stays 0\n");
	ended_release(&ended);
	expect_none_left(p);
	p->child = start_child();
}

/* --- how it ended ------------------------------------------------------------------ */

WALLS_TEST(exit_statuses_come_through_and_a_crash_is_none_of_success)
{
	struct ended ended = run_shell(p, "exit 7");
	ck_assert(WIFEXITED(ended.status));
	ck_assert_int_eq(WEXITSTATUS(ended.status), 7);
	ended_release(&ended);
	ended = run_shell(p, "exit 126");
	ck_assert_int_eq(WEXITSTATUS(ended.status), 126);
	ended_release(&ended);
	ended = run_shell(p, "echo out; echo err >&2");
	ck_assert(ended_well(&ended));
	ck_assert_str_eq(ended.out, "out\n");
	ck_assert_str_eq(ended.err, "err\n");
	ended_release(&ended);
	ended = run_shell(p, "sh -c 'kill -SEGV $$'; exit $?");
	ck_assert_int_eq(WEXITSTATUS(ended.status), 128 + SIGSEGV);
	ended_release(&ended);
	ended = run_shell(p, "kill -KILL $$; sh -c 'kill -SEGV $$'");
	ck_assert(!ended_well(&ended) && !ended.timed_out);
	ended_release(&ended);
}

WALLS_TEST(a_program_that_is_not_there_is_told_as_everywhere)
{
	const char *const argv[] = { "no-such-program-anywhere", NULL };
	struct ended ended = run_argv(p, argv);
	ck_assert(WIFEXITED(ended.status));
	ck_assert_int_eq(WEXITSTATUS(ended.status), PROCESS_NOT_STARTED);
	ended_release(&ended);
}

/* Demands that CELL cannot be entered, and that nothing of the program ran. */
static void expect_no_cell(const struct place *p, const struct cell *cell,
			   const char *dir)
{
	const char *const argv[] = { "sh", "-c", "echo ran", NULL };
	struct program program = { .argv = argv, .enclosure = cell_enclosure(cell), .dir = dir,
				   .output_max = OUTPUT,
				   .deadline_ms = DEADLINE_MS };
	struct ended ended;
	int rc = process_run(&program, &ended);
	ck_assert_msg(rc == -ENOEXEC, "%s: %d",
		      sandbox_name(p->sandbox.sort), rc);
	ck_assert_ptr_null(strstr(ended.out, "ran"));
	ended_release(&ended);
}

WALLS_TEST(a_cell_without_its_folder_is_not_entered)
{
	char none[PATH_MAX];
	struct cell cell = p->cell;
	strcpy(none, own("none"));
	expect_no_cell(p, &p->cell, none);
	cell.writes[0] = none;
	expect_no_cell(p, &cell, "/");
}

/* Copies a helper of the workbook's into the workbook of this test. */
static void copy_helper(const char *name)
{
	char from[PATH_MAX], to[PATH_MAX];
	snprintf(from, PATH_MAX, "build/%s", name);
	snprintf(to, PATH_MAX, "%s/%s", own("book/build"), name);
	ck_assert_int_eq(copy_file(from, to, 16 << 20), 0);
	ck_assert_int_eq(chmod(to, 0755), 0);
}

WALLS_TEST(without_its_helper_or_its_filter_a_cell_is_not_entered)
{
	char root[PATH_MAX];
	struct sandbox sandbox = p->sandbox;
	struct cell cell = p->cell;
	remove_tree(own("book"));
	strcpy(root, own("book"));
	ck_assert_int_eq(make_folders(own("book/build")), 0);
	sandbox.root = root;
	cell.sandbox = &sandbox;
	expect_no_cell(p, &cell, p->folder);
	copy_helper("confined");
	expect_no_cell(p, &cell, p->folder);
	own_file("book/build/seccomp.bpf", "");
	own_file("book/build/seccomp.shared.bpf", "");
	expect_no_cell(p, &cell, p->folder);
	copy_helper("seccomp.bpf");
	copy_helper("seccomp.shared.bpf");
	struct place whole = *p;
	whole.cell = cell;
	struct ended ended = run_shell(&whole, "exit 7");
	ck_assert_int_eq(WEXITSTATUS(ended.status), 7);
	ended_release(&ended);
}

/* --- the choice --------------------------------------------------------------------- */

/* Chooses what is ASKED for; the reason, "" for none, is good until the next. */
static int choose(const char *asked, struct sandbox *ret_sandbox,
		  const char **ret_why)
{
	static char *why;
	free(why);
	open_folders();
	int rc = sandbox_choose(workbook(), asked, own_folder, ret_sandbox, &why);
	*ret_why = why ? why : "";
	return rc;
}

START_TEST(an_unknown_sandbox_is_told_with_those_that_there_are)
{
	struct sandbox sandbox = { .user = 7 };
	const char *why;
	ck_assert_int_eq(choose("airbag", &sandbox, &why), -EINVAL);
	ck_assert_ptr_nonnull(strstr(why, "airbag"));
	for (int sort = 0; sort < SANDBOX_SORTS; sort++)
		ck_assert_ptr_nonnull(strstr(why,
			sandbox_name((enum sandbox_sort)sort)));
	ck_assert_int_eq(choose("", &sandbox, &why), -EINVAL);
	ck_assert_int_eq(sandbox.user, 7);
}
END_TEST

START_TEST(limits_can_always_be_had)
{
	struct sandbox sandbox = { .user = 7 };
	const char *why;
	ck_assert_int_eq(setenv("PATH", own_folder, 1), 0);
	ck_assert_int_eq(choose("limits", &sandbox, &why), 0);
	ck_assert_int_eq(sandbox.sort, SANDBOX_LIMITS);
	ck_assert_int_eq(sandbox.user, 0);
	ck_assert_str_eq(why, "");
}
END_TEST

START_TEST(where_bubblewrap_is_missing_landlock_takes_its_place)
{
	struct sandbox sandbox;
	const char *why;
	if (!enter_sandbox(workbook(), SANDBOX_LANDLOCK, &sandbox))
		return;
	ck_assert_int_eq(setenv("PATH", own_folder, 1), 0);
	ck_assert_int_eq(choose(NULL, &sandbox, &why), 0);
	ck_assert_int_eq(sandbox.sort, SANDBOX_LANDLOCK);
	ck_assert_ptr_nonnull(strstr(why, "bubblewrap"));
}
END_TEST

START_TEST(where_bubblewrap_is_missing_it_cannot_be_had)
{
	struct sandbox sandbox = { .user = 7 };
	const char *why;
	ck_assert_int_eq(setenv("PATH", own_folder, 1), 0);
	ck_assert_int_eq(choose("bubblewrap", &sandbox, &why), -ENOTSUP);
	ck_assert_ptr_nonnull(strstr(why, "bubblewrap does not work here"));
	ck_assert_int_eq(sandbox.user, 7);
}
END_TEST

START_TEST(where_the_helpers_are_missing_limits_alone_are_left)
{
	struct sandbox sandbox;
	char *why = NULL;
	ck_assert_int_eq(sandbox_choose(own_folder, NULL, own_folder, &sandbox,
					&why), 0);
	ck_assert_int_eq(sandbox.sort, SANDBOX_LIMITS);
	ck_assert_ptr_nonnull(strstr(why, "bubblewrap"));
	free(why);
}
END_TEST

START_TEST(a_sandbox_is_found_by_its_name)
{
	for (int sort = 0; sort < SANDBOX_SORTS; sort++) {
		struct sandbox sandbox;
		const char *name = sandbox_name((enum sandbox_sort)sort);
		bool drops = geteuid() == 0 && sort != SANDBOX_LIMITS;
		ck_assert_int_eq(sandbox_named("/root", name, &sandbox), 0);
		ck_assert_int_eq((int)sandbox.sort, sort);
		ck_assert_str_eq(sandbox.root, "/root");
		ck_assert_int_eq(sandbox.user != 0, drops);
	}
	struct sandbox none;
	ck_assert_int_eq(sandbox_named("/root", "Limits", &none), -EINVAL);
	ck_assert_int_eq(sandbox_named("/root", "", &none), -EINVAL);
}
END_TEST

START_TEST(root_goes_on_as_a_user_drawn_at_random_that_runs_nothing)
{
	enum { FIRST = 61184, LAST = 65519, TRIES = 20 };
	struct sandbox first, next;
	bool differs = false;
	if (geteuid() != 0) {
		puts("skip - not root: the user of a grading");
		return;
	}
	ck_assert_int_eq(sandbox_named("/", "bubblewrap", &first), 0);
	for (int i = 0; i < TRIES; i++) {
		ck_assert_int_eq(sandbox_named("/", "bubblewrap", &next), 0);
		ck_assert_uint_ge(next.user, FIRST);
		ck_assert_uint_le(next.user, LAST);
		differs = differs || next.user != first.user;
	}
	ck_assert(differs);
	pid_t child = fork();
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
		_exit(setuid(FIRST + 7) < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 ||
		      prctl(PR_SET_DUMPABLE, 1) < 0 || raise(SIGSTOP) != 0);
	}
	ck_assert_int_eq(waitpid(child, NULL, WUNTRACED), child);
	drawn[0] = 7;
	drawn[1] = 8;
	n_drawn = 2;
	ck_assert_int_eq(sandbox_named("/", "bubblewrap", &next), 0);
	ck_assert_uint_eq(next.user, FIRST + 8);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}
END_TEST

TEST_PROGRAM("cell",
	     what_is_listed_can_be_read_and_what_stands_beside_it_cannot,
	     a_folder_above_what_is_listed_shows_nothing_else,
	     its_own_folder_can_be_written_and_nothing_else,
	     the_way_to_its_folder_cannot_be_moved_nor_opened,
	     what_a_file_outside_is_like_cannot_be_changed,
	     what_it_writes_in_tmp_does_not_come_out,
	     a_link_in_its_folder_leads_nowhere_else,
	     no_socket_of_any_family_can_be_made,
	     what_reaches_beyond_the_cell_is_refused,
	     a_process_outside_can_be_neither_signalled_nor_changed,
	     a_call_of_another_architecture_ends_the_process,
	     it_has_no_rights_and_can_get_none,
	     of_our_variables_it_sees_those_that_everyone_has,
	     it_holds_the_standard_descriptors_and_those_passed,
	     there_is_an_end_to_forking_and_nothing_of_it_stays,
	     fewer_processes_than_we_may_have_at_all_are_allowed,
	     a_deadline_ends_all_that_is_deaf_and_has_forked,
	     exit_statuses_come_through_and_a_crash_is_none_of_success,
	     a_program_that_is_not_there_is_told_as_everywhere,
	     a_cell_without_its_folder_is_not_entered,
	     without_its_helper_or_its_filter_a_cell_is_not_entered,
	     an_unknown_sandbox_is_told_with_those_that_there_are,
	     limits_can_always_be_had,
	     where_bubblewrap_is_missing_landlock_takes_its_place,
	     where_bubblewrap_is_missing_it_cannot_be_had,
	     where_the_helpers_are_missing_limits_alone_are_left,
	     a_sandbox_is_found_by_its_name,
	     root_goes_on_as_a_user_drawn_at_random_that_runs_nothing)
