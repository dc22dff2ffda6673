/* workspace.c - see workspace.h. */
#include "workspace.h"
#include "sandbox/cell.h"
#include "base/error.h"
#include "base/path.h"
#include "base/limits.h"
#include "base/tree.h"
#include "base/temporary.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SCENARIO_RUNNER_PROCESSES = 24 };

/* Loads suite.so and lets it list its scenarios. */
static int load_suite(struct workspace *w, char **ret_why)
{
	char path[PATH_MAX];
	void (*list)(struct suite *suite);
	int rc = path_join(path, sizeof(path), "%s/suite.so", w->built);
	if (rc < 0)
		return rc;
	w->suite_library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!w->suite_library)
		return because(ret_why, -ENOENT, "%s; run make first", dlerror());
	*(void **)&list = dlsym(w->suite_library, "judge_suite");
	if (!list)
		return because(ret_why, -EINVAL, "grader/exercises/%s/suite.c "
			       "defines no judge_suite", w->exercise->id);
	list(&w->suite);
	return 0;
}

/* Has Check's and gcc's temporary files go into the folder as well. */
static int keep_files_there(struct workspace *w)
{
	const char *tmpdir = getenv("TMPDIR");
	w->tmpdir = strdup(tmpdir ? tmpdir : "");
	if (!w->tmpdir)
		return -ENOMEM;
	return setenv("TEMP", w->work, 1) < 0 || setenv("TMPDIR", w->work, 1) < 0 ?
	       -errno : 0;
}

/* Undoes that: the next workspace is not to be in this one's folder. */
static void keep_files_elsewhere(struct workspace *w)
{
	if (!w->tmpdir)
		return;
	unsetenv("TEMP");
	if (*w->tmpdir)
		setenv("TMPDIR", w->tmpdir, 1);
	else
		unsetenv("TMPDIR");
	free(w->tmpdir);
	w->tmpdir = NULL;
}

int workspace_open(const char *root, const struct exercise *exercise,
		  const struct sandbox *sandbox, struct workspace *ret_workspace,
		  char **ret_why)
{
	struct workspace w = { .root = root, .exercise = exercise,
			      .sandbox = sandbox };
	int rc = path_join(w.built, sizeof(w.built), "%s/build/exercises/%s",
			   root, exercise->id);
	if (rc == 0)
		rc = make_own_folder(w.work, sizeof(w.work));
	if (rc == 0)
		rc = sandbox_open_folder(sandbox, w.work);
	if (rc == 0)
		rc = keep_files_there(&w);
	if (rc == 0)
		rc = load_suite(&w, ret_why);
	if (rc < 0)
		workspace_close(&w);
	else
		*ret_workspace = w;
	return rc;
}

void workspace_close(struct workspace *workspace)
{
	if (workspace->suite_library)
		dlclose(workspace->suite_library);
	workspace->suite_library = NULL;
	keep_files_elsewhere(workspace);
	if (workspace->work[0])
		remove_own_folder(workspace->work);
	workspace->work[0] = '\0';
}

/* The scenario runner's command line. ROOM is the one folder that it may write in, and
 * holds the scratch folder of the run under way. SUBJECT and SUPPORT are the folders
 * of the libraries, which may have yet to be built. */
struct worker_call {
	char runner[PATH_MAX], wrap[PATH_MAX], driver[PATH_MAX];
	char room[PATH_MAX], scratch[PATH_MAX];
	char subject[PATH_MAX], support[PATH_MAX];
};

/* The folder of the library at PATH. */
static int folder_of(char folder[PATH_MAX], const char *path)
{
	return path_join(folder, PATH_MAX, "%.*s",
			 (int)(strrchr(path, '/') - path), path);
}

static int fill_call(const struct workspace *w, const struct assignment *a,
		     struct worker_call *call)
{
	int rc = path_join(call->runner, PATH_MAX, "%s/build/scenario_runner", w->root);
	if (rc == 0)
		rc = path_join(call->wrap, PATH_MAX, "%s/wrap.so", w->built);
	if (rc == 0)
		rc = path_join(call->driver, PATH_MAX, "%s/driver.so", w->built);
	if (rc == 0)
		rc = path_join(call->room, PATH_MAX, "%s/room", w->work);
	if (rc == 0)
		rc = path_join(call->scratch, PATH_MAX, "%s/scratch",
			       call->room);
	if (rc == 0)
		rc = folder_of(call->subject, a->subject);
	if (rc == 0 && a->support)
		rc = folder_of(call->support, a->support);
	if (rc == 0)
		rc = make_folders(call->room);
	return rc < 0 ? rc : sandbox_give(w->sandbox, call->room);
}

/* What the scenario runner may see: itself, and what it loads. */
static struct cell cell_of(const struct workspace *w, const struct assignment *a,
			   const struct worker_call *call)
{
	struct cell cell = {
		.enclosure = CELL_ENCLOSURE,
		.sandbox = w->sandbox, .processes = SCENARIO_RUNNER_PROCESSES,
		.own = true,
		.reads = { call->runner, call->driver, call->subject },
		.writes = { call->room },
	};
	size_t n = 3;
	if (a->support)
		cell.reads[n++] = call->support;
	if (w->exercise->wrap.n)
		cell.reads[n++] = call->wrap;
	return cell;
}

/* Starts the scenario runner, under a debugger when that is asked for. */
static int start_worker(const struct workspace *w, const struct assignment *a,
			struct session *ret_session)
{
	enum { DEBUGGER_WORDS = 13 };
	struct worker_call call;
	int rc = fill_call(w, a, &call);
	if (rc < 0)
		return rc;
	const char *const argv[] = {
		"gdb", "-q", "-ex", "set breakpoint pending on",
		"-ex", "set follow-fork-mode child",
		"-ex", "break injection_fault_strikes", "-ex", "run", "-ex", "up 4",
		"--args", call.runner, a->subject,
		a->support ? a->support : "-",
		w->exercise->wrap.n ? call.wrap : "-", call.driver, NULL
	};
	struct cell cell = cell_of(w, a, &call);
	struct session_plan plan = {
		.cell = w->sandbox && !a->debug ? &cell : NULL,
		.argv = a->debug ? argv : argv + DEBUGGER_WORDS,
		.scratch = call.scratch, .coverage = a->coverage,
		.debug = a->debug, .nice = NICE_BESIDE_GCOVR,
	};
	return session_open(&plan, ret_session);
}

int trial_start(const struct workspace *w, const struct assignment *a,
		struct trial *ret_trial)
{
	*ret_trial = (struct trial){ .sites = NULL };
	return start_worker(w, a, &ret_trial->session);
}

/* The modes in which calls are to fail, as bits, of those that the DESCRIPTION names
 * under KEY; -EINVAL for a name that is none. One call alone always fails, and under
 * "modes" all that follow it, too. */
static int modes_of(const json_t *description, const char *key, unsigned *ret_modes)
{
	const json_t *names = json_object_get(description, key ? key : "modes");
	unsigned modes = 1u << FAULT_ONCE | (key ? 0 : 1u << FAULT_ON);
	for (size_t i = 0; i < json_array_size(names); i++) {
		const char *name = json_string_value(json_array_get(names, i));
		enum fault_mode mode = name ? fault_mode_named(name) : FAULT_NONE;
		if (mode == FAULT_NONE)
			return -EINVAL;
		modes |= 1u << mode;
	}
	*ret_modes = modes;
	return 0;
}

int trial_read(const struct workspace *w, const struct assignment *a,
	       struct trial *trial)
{
	const char *const modules[SITE_MODULES] = { a->subject, a->support };
	int rc = debug_info_open(modules, &trial->sites);
	trial->judging = (struct judging){
		.session = &trial->session, .sites = trial->sites,
		.nouns = json_object_get(w->exercise->description, "nouns"),
		.clauses = json_object_get(w->exercise->description, "clauses"),
		.driver_opens = w->exercise->driver_opens,
		.seed = a->seed, .sweep = a->sweep, .swept_alone = a->swept_alone,
		.only = a->only,
		.change = a->change, .change_offset = a->change_offset,
		.stop_at_first = a->stop_at_first, .handed_in = w->handed_in,
	};
	return rc < 0 ? rc : modes_of(w->exercise->description, a->modes,
				      &trial->judging.modes);
}

int trial_open(const struct workspace *workspace,
	       const struct assignment *assignment, struct trial *ret_trial)
{
	int rc = trial_start(workspace, assignment, ret_trial);
	if (rc < 0)
		return rc;
	rc = trial_read(workspace, assignment, ret_trial);
	if (rc < 0)
		trial_close(ret_trial);
	return rc;
}

void trial_close(struct trial *trial)
{
	session_close(&trial->session);
	debug_info_close(&trial->sites);
}

int workspace_judge(struct workspace *workspace,
		   const struct assignment *assignment)
{
	struct trial trial;
	int rc = trial_open(workspace, assignment, &trial);
	if (rc < 0)
		return rc;
	rc = judge(&trial.judging, &workspace->suite);
	trial_close(&trial);
	return rc;
}
