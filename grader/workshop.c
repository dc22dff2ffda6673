/* workshop.c - see workshop.h. */
#include "workshop.h"
#include "coverage.h"
#include "folder.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WORKER_PROCESSES = 24 };

int because(char **ret_why, int rc, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	if (vasprintf(ret_why, format, args) < 0)
		*ret_why = NULL;
	va_end(args);
	return rc;
}

/* Loads suite.so and lets it list its scenarios. */
static int load_suite(struct workshop *w, char **ret_why)
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

int workshop_open(const char *root, const struct exercise *exercise,
		  const struct sandbox *sandbox, struct workshop *ret_workshop,
		  char **ret_why)
{
	struct workshop w = { .root = root, .exercise = exercise,
			      .sandbox = sandbox };
	int rc = path_join(w.built, sizeof(w.built), "%s/build/exercises/%s",
			   root, exercise->id);
	if (rc == 0)
		rc = make_own_folder(w.work, sizeof(w.work));
	if (rc == 0)
		rc = sandbox_open_folder(sandbox, w.work);
	if (rc == 0) {
		/* Check's and gcc's temporary files go there as well. */
		setenv("TEMP", w.work, 1);
		setenv("TMPDIR", w.work, 1);
		rc = load_suite(&w, ret_why);
	}
	if (rc < 0)
		workshop_close(&w);
	else
		*ret_workshop = w;
	return rc;
}

void workshop_close(struct workshop *workshop)
{
	if (workshop->suite_library)
		dlclose(workshop->suite_library);
	workshop->suite_library = NULL;
	if (workshop->work[0])
		remove_tree(workshop->work);
	workshop->work[0] = '\0';
}

/* The worker's command line. ROOM is the one folder that it may write in, and
 * holds the scratch folder of the run under way. SUBJECT and SUPPORT are the folders
 * of the libraries, which may have yet to be built. */
struct worker_call {
	char worker[PATH_MAX], wrap[PATH_MAX], driver[PATH_MAX];
	char room[PATH_MAX], scratch[PATH_MAX];
	char subject[PATH_MAX], support[PATH_MAX];
};

/* The folder that a library stands in. */
static int folder_of(char folder[PATH_MAX], const char *path)
{
	return path_join(folder, PATH_MAX, "%.*s",
			 (int)(strrchr(path, '/') - path), path);
}

static int fill_call(const struct workshop *w, const struct assignment *a,
		     struct worker_call *call)
{
	int rc = path_join(call->worker, PATH_MAX, "%s/build/worker", w->root);
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

/* What the worker may see: itself, and what it loads. */
static struct cell cell_of(const struct workshop *w, const struct assignment *a,
			   const struct worker_call *call)
{
	struct cell cell = {
		.sandbox = w->sandbox, .processes = WORKER_PROCESSES,
		.own = true,
		.reads = { call->worker, call->driver, call->subject },
		.writes = { call->room },
	};
	size_t n = 3;
	if (a->support)
		cell.reads[n++] = call->support;
	if (w->exercise->wrap.n)
		cell.reads[n++] = call->wrap;
	return cell;
}

/* Starts the worker, under a debugger when that is asked for. */
static int start_worker(const struct workshop *w, const struct assignment *a,
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
		"-ex", "break watch_fault_strikes", "-ex", "run", "-ex", "up 4",
		"--args", call.worker, a->subject,
		a->support ? a->support : "-",
		w->exercise->wrap.n ? call.wrap : "-", call.driver, NULL
	};
	struct cell cell = cell_of(w, a, &call);
	struct session_plan plan = {
		.cell = w->sandbox && !a->debug ? &cell : NULL,
		.argv = a->debug ? argv : argv + DEBUGGER_WORDS,
		.scratch = call.scratch, .coverage = a->coverage,
		.debug = a->debug, .nice = COVERAGE_FIRST,
	};
	return session_open(&plan, ret_session);
}

int bench_start(const struct workshop *w, const struct assignment *a,
		struct bench *ret_bench)
{
	*ret_bench = (struct bench){ .sites = NULL };
	return start_worker(w, a, &ret_bench->session);
}

int bench_read(const struct workshop *w, const struct assignment *a,
	       struct bench *bench)
{
	const char *const modules[SITE_MODULES] = { a->subject, a->support };
	int rc = sites_open(modules, &bench->sites);
	bench->judging = (struct judging){
		.session = &bench->session, .sites = bench->sites,
		.nouns = json_object_get(w->exercise->description, "nouns"),
		.clauses = json_object_get(w->exercise->description, "clauses"),
		.driver_opens = w->exercise->driver_opens,
		.seed = a->seed, .sweep = a->sweep, .swept_alone = a->swept_alone,
		.only = a->only,
		.change = a->change, .change_offset = a->change_offset,
		.stop_at_first = a->stop_at_first, .handed_in = w->handed_in,
	};
	return rc;
}

int bench_open(const struct workshop *workshop,
	       const struct assignment *assignment, struct bench *ret_bench)
{
	int rc = bench_start(workshop, assignment, ret_bench);
	if (rc < 0)
		return rc;
	rc = bench_read(workshop, assignment, ret_bench);
	if (rc < 0)
		bench_close(ret_bench);
	return rc;
}

void bench_close(struct bench *bench)
{
	session_close(&bench->session);
	sites_close(&bench->sites);
}

int workshop_judge(struct workshop *workshop,
		   const struct assignment *assignment)
{
	struct bench bench;
	int rc = bench_open(workshop, assignment, &bench);
	if (rc < 0)
		return rc;
	rc = judge(&bench.judging, &workshop->suite);
	bench_close(&bench);
	return rc;
}
