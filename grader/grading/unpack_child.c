/* unpack_child.c - see unpack_child.h. */
#include "unpack_child.h"
#include "sandbox/cell.h"
#include "base/path.h"
#include "catalog/catalog.h"
#include "unpack.h"
#include "verdict/verdict.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CPU_SECONDS = 20, DEADLINE_MS = 30 * 1000, MEMORY = 512 << 20,
       DESCRIPTORS = 16, PROCESSES = 8, OUTPUT_MAX = 64 << 10 };

/* How a process that gave no report ended, as the end of a sentence about the
 * archive; NULL when that was not the archive's doing. */
static const char *overcome(const struct ended *ended)
{
	int signal = WIFSIGNALED(ended->status) ? WTERMSIG(ended->status) : 0;
	if (ended->timed_out || signal == SIGKILL || signal == SIGXCPU)
		return "takes more time or memory to unpack than there is to "
		       "have: pack one exercises folder and nothing else";
	return signal ? "brings down what unpacks it: make it anew" : NULL;
}

/* The report of a process that has ended; NULL when it failed by itself. */
static json_t *report_of(const struct ended *ended)
{
	const char *why = overcome(ended);
	if (why)
		return json_pack("{s:[], s:s, s:i, s:i}", "skipped", "failed",
				 why, "taken", 0, "more", 0);
	return ended_well(ended) ?
	       json_loadb(ended->out, ended->out_size, 0, NULL) : NULL;
}

/* Runs the process: 0 and how it ended, or a negative errno. */
static int run(const struct sandbox *sandbox, int archive, const char *folder,
	       struct ended *ret_ended)
{
	char self[PATH_MAX], described[PATH_MAX];
	int rc = path_join(self, sizeof(self), "%s/build/unpack", sandbox->root);
	if (rc == 0)
		rc = path_join(described, sizeof(described),
			       "%s/grader/exercises", sandbox->root);
	if (rc == 0)
		rc = sandbox_open_folder(sandbox, folder);
	if (rc == 0)
		rc = sandbox_give(sandbox, folder);
	const char *const argv[] = { self, NULL };
	struct cell cell = {
		.enclosure = CELL_ENCLOSURE, .sandbox = sandbox,
		.processes = PROCESSES, .reads = { self, described },
		.writes = { folder },
	};
	struct program program = {
		.argv = argv, .dir = folder, .enclosure = &cell.enclosure,
		.passed = { archive }, .n_passed = 1,
		.limits = { .cpu_seconds = CPU_SECONDS, .memory_bytes = MEMORY,
			    .file_bytes = 2 * UNPACK_FILE_MAX,
			    .descriptors = DESCRIPTORS },
		.deadline_ms = DEADLINE_MS, .output_max = OUTPUT_MAX,
	};
	if (rc == 0 && lseek(archive, 0, SEEK_SET) < 0)
		rc = -errno;
	return rc < 0 ? rc : process_run(&program, ret_ended);
}

int unpack_elsewhere(const struct sandbox *sandbox, int archive,
		     const char *folder, json_t **ret_report)
{
	struct ended ended = { .status = 0 };
	int rc = run(sandbox, archive, folder, &ended);
	if (rc < 0) {
		ended_release(&ended);
		return rc;
	}
	json_t *report = report_of(&ended);
	ended_release(&ended);
	if (!json_is_object(report)) {
		json_decref(report);
		return -EIO;
	}
	*ret_report = report;
	return 0;
}
