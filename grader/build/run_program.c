/* run_program.c - see run_program.h. */
#include "run_program.h"
#include "base/path.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum { OUTPUT_MAX = 1 << 16, FILE_MAX = 1 << 20, BUILD_MS = 60 * 1000,
       MOST_ARGUMENTS = 3 * LIST_MAX };

int run_program_make(char ret_path[PATH_MAX])
{
	const char *place = getenv("TMPDIR");
	int rc = path_join(ret_path, PATH_MAX, "%s/brakes-XXXXXX",
			   place && *place ? place : "/tmp");
	if (rc == 0 && !mkdtemp(ret_path))
		rc = -errno;
	if (rc < 0)
		ret_path[0] = '\0';
	return rc;
}

void run_program_remove(char path[PATH_MAX])
{
	const char *argv[] = { "rm", "-rf", "--", path, NULL };
	struct program rm = { .argv = argv, .output_max = OUTPUT_MAX };
	struct ended ended;
	if (*path && process_run(&rm, &ended) == 0)
		ended_release(&ended);
	path[0] = '\0';
}

/* The compiler that the learner would get. */
static const char *compiler(void)
{
	const char *cc = getenv("CC");
	return cc && *cc ? cc : "cc";
}

int run_program_build(const char *scratch, const char *dir,
		  const struct names *sources, const struct names *linked,
		  struct ended *ret_ended)
{
	const char *argv[MOST_ARGUMENTS] = { compiler(), "-g", "-o" };
	char program[PATH_MAX], libraries[LIST_MAX][NAME_MAX_LENGTH];
	size_t n = 3;
	struct program cc = {
		.argv = argv, .dir = dir, .deadline_ms = BUILD_MS,
		.output_max = OUTPUT_MAX,
	};
	if (path_join(program, sizeof(program), "%s/program", scratch) < 0)
		return -ENAMETOOLONG;
	argv[n++] = program;
	for (size_t i = 0; i < sources->n; i++)
		argv[n++] = sources->name[i];
	for (size_t i = 0; i < linked->n; i++) {
		snprintf(libraries[i], sizeof(libraries[i]), "-l%s",
			 linked->name[i]);
		argv[n++] = libraries[i];
	}
	return process_run(&cc, ret_ended);
}

int run_program_run(const char *scratch, const char *argument,
		struct ended *ret_ended)
{
	const char *argv[] = { "./program", argument, NULL };
	struct program program = {
		.argv = argv, .dir = scratch,
		.limits = { .cpu_seconds = RUN_PROGRAM_SECONDS,
			    .file_bytes = FILE_MAX },
		.deadline_ms = RUN_PROGRAM_SECONDS * 1000,
		.output_max = OUTPUT_MAX,
	};
	return process_run(&program, ret_ended);
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
