/* cells.h - for tests that run in cells: which sorts this machine can have. */
#ifndef CELLS_H
#define CELLS_H

#include <sys/wait.h>
#include "sandbox/cell.h"
#include "suite.h"
#include "sandbox/sandbox.h"
#include "base/process.h"
#include "sandbox/landlock.h"

/* Whether bubblewrap, all by itself, can make namespaces here. */
static inline bool bubblewrap_here(void)
{
	const char *const argv[] = { "bwrap", "--ro-bind", "/", "/",
				     "--unshare-all", "true", NULL };
	struct program program = { .argv = argv, .output_max = 4096 };
	struct ended ended;
	ck_assert_int_eq(process_run(&program, &ended), 0);
	bool here = ended_well(&ended);
	ended_release(&ended);
	return here;
}

/* Whether somebody who is not root can get to the workbook. */
static inline bool open_to_all(void)
{
	enum { NOBODY = 65534 };
	char path[PATH_MAX];
	int status = 1;
	snprintf(path, sizeof(path), "%.4000s/build/probe", workbook());
	pid_t child = fork();
	if (child == 0)
		_exit(setgid(NOBODY) < 0 || setuid(NOBODY) < 0 ||
		      access(path, X_OK) < 0);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	return status == 0;
}

/* Whether SORT can work here. What the workbook's own probe says of it is not
 * asked: it says no as well when a wall is broken. */
static inline bool sort_here(enum sandbox_sort sort)
{
	if (sort == SANDBOX_BUBBLEWRAP)
		return bubblewrap_here();
	return landlock_version() > 0 &&
	       (geteuid() == 0 ? open_to_all() : restrain_knows_signals());
}

/* The sandbox of SORT for the workbook at ROOT: false, with a line that says so,
 * where it cannot work. Where it can it has to. The test's folder is opened to the
 * user that its programs run as. */
static inline bool enter_sandbox(const char *root, enum sandbox_sort sort,
				 struct sandbox *ret_sandbox)
{
	char *why = NULL;
	ck_assert_int_eq(chmod(suite_folder, 0755), 0);
	ck_assert_int_eq(chmod(own_folder, 0755), 0);
	if (!sort_here(sort)) {
		printf("skip - there is no %s here\n", sandbox_name(sort));
		fflush(stdout);
		return false;
	}
	int rc = sandbox_choose(root, sandbox_name(sort), own_folder,
				ret_sandbox, &why);
	ck_assert_msg(rc == 0, "%s", why ? why : "no sandbox, and no reason");
	free(why);
	return true;
}

#endif
