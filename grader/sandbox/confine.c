/* confine.c - see confine.h. */
#include "confine.h"
#include "landlock.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NO_CELL = 126, FILTER_MAX = 4096, WORDS_BEFORE = 5 };

__attribute__((noreturn)) static void fail(const char *what)
{
	fprintf(stderr, "the cell: %s: %s\n", what, strerror(errno));
	_exit(NO_CELL);
}

/* --- Landlock ------------------------------------------------------------------ */

/* Allows what OPTION stands for at PATH. What is not there needs no rule, but a
 * folder to write in has to be. */
static void allow(int rules, char option, const char *path)
{
	int fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0 && option != 'w')
		return;
	if (fd < 0 || landlock_allow(rules, option, fd) < 0)
		fail(path);
	close(fd);
}

/* Follows the options up to "--", which *ARGV then names. */
static void shut_files(char ***argv)
{
	char **at = *argv;
	int rules = *at && **at == '-' && strcmp(*at, "--") != 0 ?
		    landlock_rules() : -1;
	if (*at && strcmp(*at, "--") != 0 && rules < 0)
		fail("Landlock");
	for (; *at && strcmp(*at, "--") != 0 && at[1]; at += 2)
		allow(rules, (*at)[1], at[1]);
	if (rules >= 0 && landlock_enter(rules) < 0)
		fail("Landlock");
	*argv = at;
}

/* --- seccomp ------------------------------------------------------------------- */

/* Source: seccomp(2). SPEC_ALLOW: the filter is no reason for the kernel to make
 * every branch slower. */
static void shut_calls(int fd)
{
	static struct sock_filter code[FILTER_MAX];
	ssize_t n = read(fd, code, sizeof(code));
	struct sock_fprog program = {
		.len = (unsigned short)(n > 0 ? (size_t)n / sizeof(*code) : 0),
		.filter = code,
	};
	close(fd);
	if (n <= 0 || syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
			      SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program) < 0)
		fail("seccomp");
}

/* --- who, and how many --------------------------------------------------------- */

static void become(uid_t user)
{
	if (user && (setgroups(0, NULL) < 0 ||
		     setresgid(user, user, user) < 0 ||
		     setresuid(user, user, user) < 0))
		fail("an unprivileged user");
}

/* How many tasks our user has in this /proc already. */
static unsigned long count_tasks(void)
{
	unsigned long n = 0;
	char path[64];
	struct stat status;
	DIR *proc = opendir("/proc");
	for (struct dirent *e; proc && (e = readdir(proc)) != NULL;) {
		if (e->d_name[0] < '1' || e->d_name[0] > '9')
			continue;
		snprintf(path, sizeof(path), "/proc/%.20s/task", e->d_name);
		if (stat(path, &status) == 0 && status.st_uid == geteuid())
			n += status.st_nlink > 2 ? status.st_nlink - 2 : 1;
	}
	if (proc)
		closedir(proc);
	return n;
}

/* Bounds the processes, with room for our own beside those of the learner's, and
 * within what we may have at all. The kernel counts them by user; in a user
 * namespace, and for a user made up for this grading, there are none but ours. */
static void limit_processes(unsigned long processes, bool shared)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NPROC, &limit) < 0)
		fail("RLIMIT_NPROC");
	rlim_t most = processes + RESTRAIN_OURS + (shared ? count_tasks() : 0);
	if (limit.rlim_max > most)
		limit.rlim_max = most;	/* RLIM_INFINITY is the greatest number */
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NPROC, &limit) < 0)
		fail("RLIMIT_NPROC");
}

/* A number of the command line. */
static unsigned long number(const char *text)
{
	return strtoul(text, NULL, 10);
}

/* Whether the words up to the paths are there. */
static bool complete(char **words)
{
	int n = 0;
	while (n <= WORDS_BEFORE && words[n])
		n++;
	return n > WORDS_BEFORE;
}

char **confine(char **words)
{
	if (!complete(words))
		fail("the command line");
	int filter = open(words[0], O_RDONLY | O_CLOEXEC);
	int started = (int)number(words[1]);
	uid_t user = (uid_t)number(words[2]);
	char **rest = words + WORDS_BEFORE;
	bool files = strcmp(*rest, "--") != 0;
	if (filter < 0)
		fail(words[0]);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		fail("no new privileges");
	shut_files(&rest);
	become(user);
	limit_processes(number(words[3]), files && !user);
	if (chdir(words[4]) < 0)
		fail(words[4]);
	unsetenv("PWD");	/* bubblewrap's, of another folder */
	/* It is cleared when the user changes. */
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	shut_calls(filter);
	if (!*rest || write(started, "+", 1) != 1)
		fail("the command line");
	close(started);
	return rest + 1;
}

char **confine_own(char **argv)
{
	if (!argv[0] || !argv[1] || strcmp(argv[1], CONFINE_WORD) != 0)
		return argv;
	char **rest = confine(argv + 2);
	rest[-1] = argv[0];
	return rest - 1;
}
