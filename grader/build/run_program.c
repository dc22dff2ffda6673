/* run_program.c - see run_program.h. */
#include "run_program.h"
#include "base/error.h"
#include "base/path.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CC_WORDS = 16, MOST_ARGUMENTS = CC_WORDS + 4 + 2 * LIST_MAX };

/* A command line of the compiler, and what some of its words are made of. */
struct compile {
	const char *argv[MOST_ARGUMENTS + 1];
	size_t n;
	char cc[PATH_MAX], program[PATH_MAX];
	char library[LIST_MAX][NAME_MAX_LENGTH + 2];
};

/* Adds the words of the variable CC, "gcc -m64", say: the compiler that the learner
 * would get. 0 or -E2BIG. */
static int add_compiler(struct compile *c)
{
	const char *cc = getenv("CC");
	bool set = cc && cc[strspn(cc, " \t")];
	char *rest = NULL;
	int rc = path_join(c->cc, sizeof(c->cc), "%s", set ? cc : "cc");
	for (char *word = strtok_r(c->cc, " \t", &rest); rc == 0 && word;
	     word = strtok_r(NULL, " \t", &rest)) {
		if (c->n == CC_WORDS)
			return -E2BIG;
		c->argv[c->n++] = word;
	}
	return rc;
}

/* Fills C with what makes FOLDER/program: 0 or a negative errno. */
static int fill(struct compile *c, const char *folder,
		const struct names *sources, const struct names *linked)
{
	int rc = add_compiler(c);
	if (rc == 0)
		rc = path_join(c->program, sizeof(c->program), "%s/program",
			       folder);
	c->argv[c->n++] = "-g";
	c->argv[c->n++] = "-o";
	c->argv[c->n++] = c->program;
	for (size_t i = 0; i < sources->n; i++)
		c->argv[c->n++] = sources->name[i];
	for (size_t i = 0; rc == 0 && i < linked->n; i++) {
		rc = path_join(c->library[i], sizeof(c->library[i]), "-l%s",
			       linked->name[i]);
		c->argv[c->n++] = c->library[i];
	}
	return rc;
}

int run_program_build(const char *folder, const char *dir,
		      const struct names *sources, const struct names *linked,
		      struct ended *ret_ended, char **ret_why)
{
	struct compile c = { .n = 0 };
	struct ended ended = { .status = 0 };
	int rc = fill(&c, folder, sources, linked);
	struct program cc = {
		.argv = c.argv, .dir = dir, .deadline_ms = RUN_PROGRAM_BUILD_MS,
		.output_max = RUN_PROGRAM_OUTPUT,
	};
	if (rc == 0)
		rc = process_run(&cc, &ended);
	if (rc < 0)
		return because(ret_why, rc, "the compiler could not be run: %s",
			       strerror(-rc));
	if (WIFEXITED(ended.status) &&
	    WEXITSTATUS(ended.status) == PROCESS_NOT_STARTED) {
		ended_release(&ended);
		return because(ret_why, -ENOENT, "the compiler %s cannot be "
			       "run: set the variable CC to one that is "
			       "installed, or unset it", c.argv[0]);
	}
	*ret_ended = ended;
	return 0;
}

int run_program_run(const char *folder, const char *argument,
		    struct ended *ret_ended, char **ret_why)
{
	const char *argv[] = { "./program", argument, NULL };
	char path[PATH_MAX];
	struct program program = {
		.argv = argv, .dir = folder,
		.limits = { .cpu_seconds = RUN_PROGRAM_SECONDS,
			    .file_bytes = RUN_PROGRAM_FILE_MAX },
		.deadline_ms = RUN_PROGRAM_SECONDS * 1000,
		.output_max = RUN_PROGRAM_OUTPUT,
	};
	int rc = path_join(path, sizeof(path), "%s/program", folder);
	/* It says EACCES where the file system is mounted noexec. */
	if (rc == 0 && access(path, X_OK) < 0)
		rc = -errno;
	if (rc == 0)
		rc = process_run(&program, ret_ended);
	return rc == 0 ? 0 :
	       because(ret_why, rc, "no program can be run in %s: %s; set "
		       "TMPDIR to a folder where programs can be run", folder,
		       strerror(-rc));
}

void run_program_ending(const struct ended *ended, char *ret_text, size_t size)
{
	int status = ended->status;
	if (ended->timed_out)
		snprintf(ret_text, size, "stopped after %d seconds",
			 RUN_PROGRAM_SECONDS);
	else if (ended->flooded)
		snprintf(ret_text, size, "stopped: it printed without end");
	else if (WIFSIGNALED(status))
		snprintf(ret_text, size, "ended by SIG%s",
			 sigabbrev_np(WTERMSIG(status)));
	else
		snprintf(ret_text, size, "exit status %d", WEXITSTATUS(status));
}
