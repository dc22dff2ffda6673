/* sandbox.c - see sandbox.h. A sandbox is believed in when a program inside it has
 * tried the walls (sandbox/probe.c). */
#include "sandbox.h"
#include "base/path.h"
#include "base/limits.h"
#include "base/process.h"
#include "base/tree.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROBE_OUTPUT = 4096, PROBE_PROCESSES = 8, DRAWS = 16 };

/* Users that no account has. Source: systemd's "Users, Groups, UIDs and GIDs", the
 * range of dynamic users. */
enum { FIRST_USER = 61184, LAST_USER = 65519,
       USERS = LAST_USER - FIRST_USER + 1 };

/* Whether a process that can be seen here runs as USER. */
static bool runs_something(uid_t user)
{
	struct stat status;
	bool runs = false;
	DIR *proc = opendir("/proc");
	for (struct dirent *e; !runs && proc && (e = readdir(proc)) != NULL;)
		runs = e->d_name[0] >= '1' && e->d_name[0] <= '9' &&
		       fstatat(dirfd(proc), e->d_name, &status, 0) == 0 &&
		       status.st_uid == user;
	if (proc)
		closedir(proc);
	return runs;
}

/* Draws a user for this grading: others that grade here, in other PID namespaces
 * too, draw theirs, and who has the same one could signal the other's programs. */
static uid_t draw_user(void)
{
	uid_t user = FIRST_USER;
	for (int i = 0; i < DRAWS; i++) {
		uint32_t drawn = (uint32_t)getpid();
		getrandom(&drawn, sizeof(drawn), GRND_NONBLOCK);
		user = FIRST_USER + drawn % USERS;
		if (!runs_something(user))
			break;
	}
	return user;
}

/* Root goes on as a user that nobody else is. */
static struct sandbox sandbox_of(const char *root, enum sandbox_sort sort)
{
	bool drops = geteuid() == 0 && sort != SANDBOX_LIMITS;
	return (struct sandbox){ .sort = sort, .root = root,
				 .user = drops ? draw_user() : 0 };
}

int sandbox_named(const char *root, const char *name,
		  struct sandbox *ret_sandbox)
{
	for (int sort = 0; sort < SANDBOX_SORTS; sort++) {
		if (strcmp(sandbox_name((enum sandbox_sort)sort), name) != 0)
			continue;
		*ret_sandbox = sandbox_of(root, (enum sandbox_sort)sort);
		return 0;
	}
	return -EINVAL;
}

/* Why a probe gave no good word: its own last line, or that there was none. */
static char *reason_of(const struct sandbox *sandbox, const struct ended *ended)
{
	char *why = NULL;
	const char *said = ended->err ? ended->err : "";
	if (asprintf(&why, "%s does not work here%s%.*s",
		     sandbox_name(sandbox->sort), *said ? ": " : "",
		     (int)strcspn(said, "\n"), said) < 0)
		return NULL;
	return why;
}

/* Where the probe stands, what it may write, and what it may not read. */
struct trial {
	char probe[PATH_MAX], folder[PATH_MAX], secret[PATH_MAX];
};

static int prepare(const struct sandbox *sandbox, const char *folder,
		   struct trial *trial)
{
	int rc = path_join(trial->probe, PATH_MAX, "%s/build/probe",
			   sandbox->root);
	if (rc == 0)
		rc = path_join(trial->folder, PATH_MAX, "%s/probe", folder);
	if (rc == 0)
		rc = path_join(trial->secret, PATH_MAX, "%s/README.md",
			       sandbox->root);
	if (rc == 0)
		rc = sandbox_open_folder(sandbox, folder);
	if (rc == 0)
		rc = make_folders(trial->folder);
	return rc < 0 ? rc : sandbox_give(sandbox, trial->folder);
}

/* Runs the probe in a cell of its own: 0, or -ENOTSUP with the reason. */
static int run_probe(const struct sandbox *sandbox, const struct trial *trial,
		     char **ret_why)
{
	const char *const argv[] = { trial->probe, trial->folder, trial->secret,
				     NULL };
	struct cell cell = { .enclosure = CELL_ENCLOSURE,
		.sandbox = sandbox, .reads = { trial->probe },
			     .writes = { trial->folder },
			     .processes = PROBE_PROCESSES };
	struct program program = { .argv = argv, .dir = trial->folder,
				   .enclosure = &cell.enclosure, .deadline_ms = PROBE_MS,
				   .output_max = PROBE_OUTPUT };
	struct ended ended = { .status = -1 };
	int rc = process_run(&program, &ended);
	if (rc == -ENOEXEC)
		rc = 0;		/* what it says is more than that */
	if (rc < 0)
		return rc;
	rc = ended_well(&ended) ? 0 : -ENOTSUP;
	*ret_why = rc < 0 ? reason_of(sandbox, &ended) : NULL;
	ended_release(&ended);
	return rc;
}

/* Whether PATH, or a folder above it, is closed to all but its owner: FOLDER is
 * which. */
static bool is_closed(const char *path, char folder[PATH_MAX])
{
	struct stat status;
	char *slash;
	snprintf(folder, PATH_MAX, "%s", path);
	while (stat(folder, &status) == 0 && (status.st_mode & S_IXOTH)) {
		slash = strrchr(folder, '/');
		if (!slash || slash == folder)
			return false;
		*slash = '\0';
	}
	return true;
}

/* Who has no mounts of its own walks to the workbook from the root, as the user
 * that root goes on as: 0, or -ENOTSUP when it cannot. */
static int check_way(const struct sandbox *sandbox, char **ret_why)
{
	char folder[PATH_MAX];
	if (!sandbox->user || sandbox->sort != SANDBOX_LANDLOCK ||
	    !is_closed(sandbox->root, folder))
		return 0;
	if (asprintf(ret_why, "%s does not work here: %s is closed to all but "
		     "its owner, and root goes on as another user; put the "
		     "workbook elsewhere, or do this as a user of your own",
		     sandbox_name(sandbox->sort), folder) < 0)
		*ret_why = NULL;
	return -ENOTSUP;
}

/* Tries one sandbox: 0, -ENOTSUP, or another negative errno, with the reason. */
static int try_out(const struct sandbox *sandbox, const char *folder,
		   char **ret_why)
{
	struct trial trial;
	int rc = check_way(sandbox, ret_why);
	if (rc == 0)
		rc = prepare(sandbox, folder, &trial);
	return rc < 0 ? rc : run_probe(sandbox, &trial, ret_why);
}

/* The one that is asked for, or none. */
static int choose_asked(const char *root, const char *asked, const char *folder,
			struct sandbox *ret_sandbox, char **ret_why)
{
	struct sandbox sandbox;
	int rc = sandbox_named(root, asked, &sandbox);
	if (rc < 0 && asprintf(ret_why, "no sandbox %s: there are %s, %s and %s",
			       asked, sandbox_name(SANDBOX_BUBBLEWRAP),
			       sandbox_name(SANDBOX_LANDLOCK),
			       sandbox_name(SANDBOX_LIMITS)) < 0)
		*ret_why = NULL;
	if (rc == 0 && sandbox.sort != SANDBOX_LIMITS)
		rc = try_out(&sandbox, folder, ret_why);
	if (rc == 0)
		*ret_sandbox = sandbox;
	return rc;
}

int sandbox_choose(const char *root, const char *asked, const char *folder,
		   struct sandbox *ret_sandbox, char **ret_why)
{
	*ret_why = NULL;
	int checked = process_check_descriptors(ret_why);
	if (checked < 0)
		return checked;
	if (asked)
		return choose_asked(root, asked, folder, ret_sandbox, ret_why);
	for (int sort = SANDBOX_SORTS - 1; sort > SANDBOX_LIMITS; sort--) {
		struct sandbox sandbox = sandbox_of(root,
						    (enum sandbox_sort)sort);
		char *why = NULL;
		int rc = try_out(&sandbox, folder, &why);
		if (rc == 0) {
			*ret_sandbox = sandbox;
			return 0;
		}
		/* The strongest one's reason is the one to mend. */
		if (*ret_why)
			free(why);
		else
			*ret_why = why;
	}
	*ret_sandbox = sandbox_of(root, SANDBOX_LIMITS);
	return 0;
}
