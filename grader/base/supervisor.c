/* supervisor.c - see supervisor.h. */
#include "supervisor.h"
#include "error.h"
#include "process.h"

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
#include <sys/wait.h>
#include <unistd.h>

/* Signals by which a user, or a system that goes down, ends a program. */
static const int typed[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

enum { N_TYPED = sizeof(typed) / sizeof(*typed) };

/* What all three share. */
struct kept {
	struct supervised supervised;
	struct sigaction before[N_TYPED];	/* what the signals did to us */
	char folder[PATH_MAX];
	int alive[2];		/* a pipe whose writing end the user's holds */
};

/* Ends all processes below us and removes the folder. */
static void clean_up(const struct kept *k)
{
	reap_descendants();
	remove_own_folder(k->folder);
}

/* The exit status of CHILD; FAULT when it was killed. */
static int status_of(pid_t child, int fault)
{
	int status = 0;
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return fault;
	return WIFEXITED(status) ? WEXITSTATUS(status) : fault;
}

/* The process that does the work. It is in the user's process group again, so
 * that what is typed at the terminal reaches it. */
static void be_grader(const struct kept *k, pid_t group)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	setpgid(0, group);
	for (size_t i = 0; i < N_TYPED; i++)
		sigaction(typed[i], &k->before[i], NULL);
	close(k->alive[0]);
	close(k->alive[1]);
	int status = k->supervised.work(k->supervised.data);
	fflush(NULL);
	reap_descendants();
	_exit(status);
}

/* Waits until the grader has ended, or who started us has: true in the first
 * case. */
static bool await_either(const struct kept *k, int grader)
{
	struct pollfd polled[] = {
		{ .fd = grader, .events = POLLIN },
		{ .fd = k->alive[0], .events = POLLIN },
	};
	while (poll(polled, 2, -1) < 0 && errno == EINTR)
		continue;
	return polled[0].revents != 0;
}

/* The keeper: the user's signals are not for it. */
static int be_keeper(const struct kept *k, pid_t group)
{
	for (size_t i = 0; i < N_TYPED; i++)
		signal(typed[i], SIG_IGN);
	setpgid(0, 0);
	close(k->alive[1]);
	adopt_orphans();
	pid_t child = fork();
	if (child == 0)
		be_grader(k, group);
	int grader = child < 0 ? -1 : pidfd_open(child, 0);
	bool ended = grader >= 0 && await_either(k, grader);
	int fault = k->supervised.fault;
	int status = ended ? status_of(child, fault) : fault;
	clean_up(k);
	return status;
}

int supervise(const struct supervised *supervised, char **ret_why)
{
	struct kept k = { .supervised = *supervised };
	pid_t group = getpgrp();
	int rc = make_own_folder_for(supervised->folder, k.folder,
				     sizeof(k.folder), ret_why);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < N_TYPED; i++)
		sigaction(typed[i], NULL, &k.before[i]);
	if (setenv("TMPDIR", k.folder, 1) < 0 || pipe2(k.alive, O_CLOEXEC) < 0)
		rc = -errno;
	fflush(NULL);
	pid_t keeper = rc < 0 ? -1 : fork();
	if (keeper == 0)
		_exit(be_keeper(&k, group));
	if (keeper < 0) {
		rc = rc < 0 ? rc : -errno;
		remove_own_folder(k.folder);
		return because(ret_why, rc, "no process can be started: %s; see "
			       "ulimit -u and ulimit -n", strerror(-rc));
	}
	close(k.alive[0]);
	int status = status_of(keeper, supervised->fault);
	clean_up(&k);
	return status;
}
