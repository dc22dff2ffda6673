/* workspace.h - what both grading and calibrating stand on: a folder of our own,
 * the suite of an exercise, and a scenario runner with the judge over it. */
#ifndef GRADING_WORKSPACE_H
#define GRADING_WORKSPACE_H

#include <limits.h>
#include "sandbox/cell.h"
#include "catalog/catalog.h"
#include "oracle/fault_sweep.h"

/* One exercise at work. Owns its folder and the loaded suite. */
struct workspace {
	const char *root;
	const struct exercise *exercise;
	char built[PATH_MAX];	/* build/exercises/ID */
	const struct sandbox *sandbox;	/* NULL for code of our own */
	char work[PATH_MAX];	/* removed at the end */
	char *tmpdir;		/* what TMPDIR was before, "" for nothing;
				 * NULL: it was not changed */
	char handed_in[PATH_MAX]; /* the folder of the learner's files */
	void *suite_library;
	struct suite suite;
};

/* Loads the suite and makes the folder: 0, and workspace_close ends it; or a
 * negative errno with the reason in *ret_why, which the caller frees. What is
 * handed in runs in SANDBOX, NULL for code of our own. */
int workspace_open(const char *root, const struct exercise *exercise,
		  const struct sandbox *sandbox, struct workspace *ret_workspace,
		  char **ret_why);

void workspace_close(struct workspace *workspace);

/* What one judging wants. */
struct assignment {
	const char *subject, *support;	/* libraries; support may be NULL */
	const char *coverage;		/* a folder for counters, or NULL */
	long seed;
	bool sweep, swept_alone, stop_at_first, debug;
	const char *modes;		/* what the description calls the list of
					 * modes to sweep in; NULL for "modes" */
	const char *only;
	enum change change;
	uint32_t change_offset;
};

/* An open session with all that judge() needs. */
struct trial {
	struct session session;
	struct debug_info *sites;
	struct judging judging;
};

/* Starts the scenario runner for ASSIGNMENT, whose libraries need not be built yet: it
 * may read the folder of each. 0, and trial_close ends it; or a negative errno. */
int trial_start(const struct workspace *workspace,
		const struct assignment *assignment, struct trial *ret_trial);

/* Reads the libraries, which are there now: 0 or a negative errno. */
int trial_read(const struct workspace *workspace,
	       const struct assignment *assignment, struct trial *trial);

/* Both at once: 0, and trial_close ends it; or a negative errno. */
int trial_open(const struct workspace *workspace,
	       const struct assignment *assignment, struct trial *ret_trial);

void trial_close(struct trial *trial);

/* Opens, judges, closes: the scenarios of the workshop's suite are filled and
 * the caller releases them by suite_release. */
int workspace_judge(struct workspace *workspace,
		   const struct assignment *assignment);

#endif
