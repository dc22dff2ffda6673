/* compile_runner.c - see compile_runner.h. What the commands print is kept in
 * memory files: it is told even when the disk is full, which is then what it is
 * about. */
#include "compile_runner.h"
#include "sandbox/confine.h"

#include <errno.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { JOBS_MAX = 64, FAULT = 125, USAGE = 2 };

/* One library under way. */
struct job {
	pid_t pid;		/* of the command that runs; 0: this job is free */
	size_t number;
	char **next;		/* its next command in the list; NULL: none */
	int said;		/* a memory file */
};

/* The words of the list, and how far it has been read. */
struct list {
	char **word;		/* NULL in the place of each empty word */
	size_t n, at, libraries;
};

/* --- the list ----------------------------------------------------------- */

/* Cuts TEXT of SIZE bytes into words: 0 or a negative errno. */
static int cut_words(char *text, size_t size, struct list *list)
{
	list->word = calloc(size + 1, sizeof(*list->word));
	if (!list->word)
		return -ENOMEM;
	if (size && text[size - 1])
		return -EPROTO;
	for (size_t at = 0; at < size; at += strlen(text + at) + 1)
		list->word[list->n++] = text[at] ? text + at : NULL;
	bool ends = list->n < 2 || (!list->word[list->n - 1] &&
				    !list->word[list->n - 2]);
	return ends ? 0 : -EPROTO;
}

/* Maps the list, which is open as a memory file. */
static int read_list(struct list *list)
{
	struct stat status;
	if (fstat(COMPILE_RUNNER_LIST, &status) < 0)
		return -errno;
	size_t size = (size_t)status.st_size;
	void *text = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE,
			  COMPILE_RUNNER_LIST, 0);
	int rc = text == MAP_FAILED ? -errno : cut_words(text, size, list);
	close(COMPILE_RUNNER_LIST);
	return rc;
}

/* Goes beyond the words of the next library and returns where they begin. */
static char **take_library(struct list *list)
{
	char **first = &list->word[list->at];
	while (list->word[list->at] || list->word[list->at + 1])
		list->at++;
	list->at += 2;
	return first;
}

/* --- commands ----------------------------------------------------------- */

/* Starts the command at JOB->next: 0 or the errno that kept it from that. */
static int start_command(struct job *job)
{
	posix_spawn_file_actions_t actions;
	char **argv = job->next;
	int rc = posix_spawn_file_actions_init(&actions);
	if (rc != 0)
		return rc;
	rc = posix_spawn_file_actions_adddup2(&actions, job->said, STDOUT_FILENO);
	if (rc == 0)
		rc = posix_spawn_file_actions_adddup2(&actions, job->said,
						      STDERR_FILENO);
	if (rc == 0)
		rc = posix_spawnp(&job->pid, argv[0], &actions, NULL, argv,
				  environ);
	posix_spawn_file_actions_destroy(&actions);
	if (rc != 0)
		job->pid = 0;
	while (*job->next)
		job->next++;
	job->next = job->next[1] ? job->next + 1 : NULL;
	return rc;
}

/* Writes all N bytes to the standard output, or ends this program: who started it
 * is gone. */
static void put(const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t put = write(STDOUT_FILENO, bytes, n);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			exit(FAULT);
		bytes += put;
		n -= (size_t)put;
	}
}

/* Tells how a library ended, and frees its job. */
static void tell(struct job *job, enum compile_end kind, int value)
{
	static char said[COMPILE_RUNNER_SAID];
	char line[COMPILE_RUNNER_LINE];
	ssize_t size = job->said < 0 ? 0 :
		       pread(job->said, said, sizeof(said), 0);
	int n = snprintf(line, sizeof(line), "%zu %d %d %zd\n", job->number,
			 (int)kind, value, size > 0 ? size : 0);
	put(line, (size_t)n);
	put(said, size > 0 ? (size_t)size : 0);
	if (job->said >= 0)
		close(job->said);
	job->pid = 0;
}

/* Begins with the next library of the list. */
static void begin(struct job *job, struct list *list)
{
	*job = (struct job){ .number = list->libraries++ };
	job->next = take_library(list);
	job->said = memfd_create("said", MFD_CLOEXEC);
	int rc = job->said < 0 ? errno : start_command(job);
	if (rc != 0)
		tell(job, COMPILE_NOT_STARTED, rc);
}

/* Goes on with a library whose command ended with STATUS, as waitpid tells it. */
static void go_on(struct job *job, int status)
{
	if (WIFSIGNALED(status)) {
		tell(job, COMPILE_KILLED, WTERMSIG(status));
	} else if (WEXITSTATUS(status) != 0 || !job->next) {
		tell(job, COMPILE_EXITED, WEXITSTATUS(status));
	} else {
		int rc = start_command(job);
		if (rc != 0)
			tell(job, COMPILE_NOT_STARTED, rc);
	}
}

/* Runs all libraries of LIST, N at a time. As process 1 of a cell this program
 * waits for children too that are none of its own. */
static void run_all(struct list *list, size_t n)
{
	static struct job jobs[JOBS_MAX];
	for (;;) {
		int status;
		size_t running = 0;
		for (size_t i = 0; i < n; i++) {
			while (!jobs[i].pid && list->at < list->n)
				begin(&jobs[i], list);
			running += jobs[i].pid != 0;
		}
		if (running == 0)
			return;
		pid_t gone = waitpid(-1, &status, 0);
		if (gone < 0 && errno != EINTR)
			exit(FAULT);
		for (size_t i = 0; i < n; i++)
			if (gone > 0 && jobs[i].pid == gone)
				go_on(&jobs[i], status);
	}
}

int main(int argc, char **argv)
{
	argv = confine_own(argv);
	long jobs = argv[0] && argv[1] ? strtol(argv[1], NULL, 10) : 0;
	struct list list = { .n = 0 };
	(void)argc;
	if (jobs < 1 || jobs > JOBS_MAX) {
		fputs("usage: compile_runner JOBS, the list as descriptor 3\n", stderr);
		return USAGE;
	}
	int rc = read_list(&list);
	if (rc < 0) {
		fprintf(stderr, "compile_runner: the list: %s\n", strerror(-rc));
		free(list.word);
		return FAULT;
	}
	run_all(&list, (size_t)jobs);
	free(list.word);
	return EXIT_SUCCESS;
}
