/* calibrate.c - calibrate: builds what a grading measures against, and measures
 * it once. The result, build/exercises/ID/reference.json, holds
 *
 *	"root"		where it was measured: coverage knows absolute paths
 *	"points"	fault points of our solution, by scenario
 *	"branches"	[file, line, index]: branches of our solution that run
 *			under faults and never without: its error paths. Faults
 *			are one call that fails alone, and those in the modes
 *			that the exercise names under "reach", because its README
 *			asks tests for them; the functions that it names under
 *			"reach_not" do not count
 *	"wheats"	names of the correct versions
 *	"mutants"	{name, says, clause, row}: broken versions that are named
 *	"changes"	{name, says, change, offset}: those made at run time by
 *			leaving out, or doubling, one release of our solution
 *	"lives"		broken versions that the judge itself does not catch:
 *			they do not count, and `brakes check` names them
 */
#include "build/build.h"
#include "debug/debug_info.h"
#include "mutation/coverage.h"
#include "base/files.h"
#include "base/tree.h"
#include "calibrate.h"
#include "base/error.h"
#include "base/path.h"
#include "build/patch.h"
#include "verdict/verdict.h"
#include "workspace.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { VERSIONS_MAX = 64, SITES_MAX = 64 };

/* One calibration under way. */
struct calibration {
	struct workspace shop;
	char solution[PATH_MAX];
	char source[PATH_MAX];		/* grader/exercises/ID */
	struct library libraries[VERSIONS_MAX];
	size_t n_libraries;
	char subject[PATH_MAX], support[PATH_MAX];
	json_t *reference;
	char **ret_why;
};

/* The support of the reference, NULL when the exercise has none. */
static const char *support_of(const struct calibration *c)
{
	return c->shop.exercise->support.n ? c->support : NULL;
}

/* --- building ------------------------------------------------------------------ */

/* Adds a library built from the folder SOURCE as build/exercises/ID/NAME.so. */
static int add_library(struct calibration *c, enum part part,
		       const struct names *files, const char *source,
		       const char *name)
{
	if (c->n_libraries == VERSIONS_MAX)
		return -E2BIG;
	struct library *l = &c->libraries[c->n_libraries++];
	l->part = part;
	l->files = files;
	int rc = path_join(l->source, PATH_MAX, "%s", source);
	if (rc == 0)
		rc = path_join(l->path, PATH_MAX, "%s/%s.so", c->shop.built, name);
	if (rc == 0)
		rc = path_join(l->objects, PATH_MAX, "%s/%s", c->shop.built,
			       strcmp(name, "subject") == 0 ? "reference" : name);
	return rc < 0 ? rc : make_folders(l->objects);
}

/* Copies the files of the solution's subject into FOLDER. */
static int copy_subject(const struct calibration *c, const char *folder)
{
	const struct names *files = &c->shop.exercise->subject;
	int rc = make_folders(folder);
	for (size_t i = 0; rc == 0 && i < files->n; i++) {
		char from[PATH_MAX], to[PATH_MAX];
		rc = path_join(from, sizeof(from), "%s/%s", c->solution,
			       files->name[i]);
		if (rc == 0)
			rc = path_join(to, sizeof(to), "%s/%s", folder,
				       files->name[i]);
		if (rc == 0)
			rc = copy_file(from, to, 1 << 20);
	}
	return rc;
}

/* Adds one broken version: the solution with its patch. */
static int add_mutant(struct calibration *c, const char *file)
{
	char folder[PATH_MAX], patch[PATH_MAX], library[128];
	int stem = (int)strlen(file) - (int)strlen(".patch");
	struct patch head;
	int rc = path_join(folder, sizeof(folder), "%s/broken/%.*s",
			   c->shop.work, stem, file);
	if (rc == 0)
		rc = path_join(patch, sizeof(patch), "%s/mutants/%s", c->source,
			       file);
	if (rc == 0)
		rc = copy_subject(c, folder);
	if (rc == 0)
		rc = patch_read(patch, &head, c->ret_why);
	if (rc == 0)
		rc = patch_apply(patch, folder, c->ret_why);
	if (rc < 0)
		return rc;
	snprintf(library, sizeof(library), "mutants/%.*s", stem, file);
	char *name = library + strlen("mutants/");
	json_array_append_new(json_object_get(c->reference, "mutants"),
			      json_pack("{s:s, s:s, s:s, s:s}", "name", name,
					"says", head.says, "clause", head.clause,
					"row", head.row));
	return add_library(c, PART_SUBJECT, &c->shop.exercise->subject, folder,
			   library);
}

/* Adds one correct version. */
static int add_wheat(struct calibration *c, const char *name)
{
	char folder[PATH_MAX], library[128];
	int rc = path_join(folder, sizeof(folder), "%s/wheats/%s", c->source,
			   name);
	if (rc < 0)
		return rc;
	snprintf(library, sizeof(library), "wheats/%.100s", name);
	json_array_append_new(json_object_get(c->reference, "wheats"),
			      json_string(name));
	return add_library(c, PART_SUBJECT, &c->shop.exercise->subject, folder,
			   library);
}

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Calls ADD for each entry of FOLDER below the exercise, in order. */
static int add_each(struct calibration *c, const char *folder,
		    int (*add)(struct calibration *c, const char *name))
{
	char path[PATH_MAX];
	struct dirent **found;
	int rc = path_join(path, sizeof(path), "%s/%s", c->source, folder);
	int n = rc < 0 ? rc : scandir(path, &found, visible, alphasort);
	if (n < 0)
		return because(c->ret_why, -ENOENT, "grader/exercises/%s has no "
			       "folder %s", c->shop.exercise->id, folder);
	for (int i = 0; i < n; i++) {
		if (rc == 0)
			rc = add(c, found[i]->d_name);
		free(found[i]);
	}
	free(found);
	return rc;
}

static const struct names canary_files = { { "canary.c" }, 1 };

/* Adds the canary: every function of the headers ends the process at once. */
static int add_canary(struct calibration *c)
{
	char folder[PATH_MAX], path[PATH_MAX] = "";
	int rc = path_join(folder, sizeof(folder), "%s/canary", c->shop.work);
	if (rc == 0)
		rc = path_join(path, sizeof(path), "%s/canary.c", folder);
	if (rc == 0)
		rc = make_folders(folder);
	FILE *out = rc < 0 ? NULL : fopen(path, "we");
	if (!out)
		return rc < 0 ? rc : -errno;
	const struct names *exports = &c->shop.exercise->exports;
	for (size_t i = 0; i < exports->n; i++)
		fprintf(out, "void %s(void);\nvoid %s(void) { "
			"__builtin_trap(); }\n", exports->name[i],
			exports->name[i]);
	if (fclose(out) != 0)
		return -errno;
	return add_library(c, PART_SUBJECT, &canary_files, folder, "canary");
}

/* The first library that did not compile is our own fault. */
static int check_built(const struct calibration *c)
{
	for (size_t i = 0; i < c->n_libraries; i++)
		if (c->libraries[i].failed)
			return because(c->ret_why, -EINVAL,
				       "%s does not compile:\n%s",
				       c->libraries[i].source,
				       c->libraries[i].diagnostics);
	return 0;
}

/* No function of the headers may bear a name that this program knows already:
 * the scenario runner's own, or libc's, would be called in place of the learner's. */
static int check_names(struct calibration *c)
{
	const struct names *exports = &c->shop.exercise->exports;
	for (size_t i = 0; i < exports->n; i++)
		if (dlsym(RTLD_DEFAULT, exports->name[i]))
			return because(c->ret_why, -EINVAL, "%s: \"exports\" names "
				       "%s, and so does the grader or a library "
				       "of its own: choose another name",
				       c->shop.exercise->id, exports->name[i]);
	return 0;
}

static int build_all(struct calibration *c)
{
	const struct exercise *e = c->shop.exercise;
	int rc = add_library(c, PART_SUBJECT, &e->subject, c->solution,
			     "subject");
	if (rc == 0 && e->support.n)
		rc = add_library(c, PART_SUPPORT, &e->support, c->solution,
				 "support");
	if (rc == 0 && e->proves > 0)
		rc = add_each(c, "wheats", add_wheat);
	if (rc == 0 && e->proves > 0)
		rc = add_each(c, "mutants", add_mutant);
	if (rc == 0 && e->proves > 0)
		rc = add_canary(c);
	if (rc == 0)
		rc = build_libraries(c->shop.root, e, NULL, c->libraries,
				     c->n_libraries);
	return rc < 0 ? rc : check_built(c);
}

/* --- measuring ------------------------------------------------------------------ */

/* The first thing wrong with the scenarios, NULL when they are clean. */
static const json_t *first_wrong(const struct suite *suite)
{
	for (size_t i = 0; i < suite->n; i++) {
		const struct scenario *s = &suite->scenarios[i];
		if (s->wrong)
			return s->wrong;
		if (json_array_size(s->findings))
			return json_array_get(s->findings, 0);
	}
	return NULL;
}

/* Judges our solution, with counters into COUNTERS: it must be clean. */
static int judge_reference(struct calibration *c, const char *counters,
			   bool sweep, const char *modes)
{
	struct assignment assignment = {
		.subject = c->subject, .support = support_of(c),
		.coverage = counters, .sweep = sweep,
		.swept_alone = !sweep, .seed = 1, .modes = modes,
	};
	int rc = coverage_prepare(c->libraries[0].objects, counters);
	if (rc == 0)
		rc = workspace_judge(&c->shop, &assignment);
	const json_t *wrong = rc == 0 ? first_wrong(&c->shop.suite) : NULL;
	if (wrong)
		return because(c->ret_why, -EINVAL, "our own solution of %s is "
			       "not clean: %s", c->shop.exercise->id,
			       verdict_text(wrong, "message"));
	return rc;
}

/* Notes the fault points of each swept scenario. */
static void note_points(struct calibration *c)
{
	json_t *points = json_object();
	for (size_t i = 0; i < c->shop.suite.n; i++) {
		const struct scenario *s = &c->shop.suite.scenarios[i];
		if (s->sweeping == SWEPT)
			json_object_set_new(points, s->name,
					    json_integer(s->points));
	}
	json_object_set_new(c->reference, "points", points);
}

/* The branches of one file that faults alone take. */
struct difference {
	const json_t *without, *left_out;
	const struct debug_info *places;
	const char *file;
	json_t *branches;
};

/* Whether LINE is one of a function whose branches do not count. */
static bool is_left_out(const struct difference *d, int line)
{
	size_t i;
	json_t *name;
	json_array_foreach(d->left_out, i, name)
		if (debug_info_is_in(d->places, 0, json_string_value(name), d->file,
				     line))
			return true;
	return false;
}

static void note_branch(int line, int index, void *data)
{
	struct difference *d = data;
	if (coverage_branch(d->without, line, index) <= 0 &&
	    !is_left_out(d, line))
		json_array_append_new(d->branches, json_pack(
			"[s, i, i]", d->file, line, index));
}

static int read_coverage(const char *folder, json_t **ret_files)
{
	struct gcovr gcovr;
	int rc = coverage_start(folder, NULL, &gcovr);
	return rc < 0 ? rc : coverage_finish(&gcovr, ret_files);
}

/* Branches of one file under faults minus those that the same scenarios take
 * without. */
static int subtract(struct calibration *c, const char *file, const json_t *with,
		    struct difference d)
{
	char path[PATH_MAX];
	int rc = path_join(path, sizeof(path), "%s/%s", c->solution, file);
	if (rc < 0)
		return rc;
	d.file = file;
	d.without = coverage_lines(d.without, path);
	coverage_taken(coverage_lines(with, path), note_branch, &d);
	return 0;
}

static int note_branches(struct calibration *c, const char *plain,
			 const char *swept)
{
	const char *const modules[SITE_MODULES] = { c->subject };
	const struct names *files = &c->shop.exercise->subject;
	struct debug_info *places = NULL;
	json_t *without = NULL, *with = NULL, *branches = json_array();
	int rc = read_coverage(plain, &without);
	if (rc == 0)
		rc = read_coverage(swept, &with);
	if (rc == 0)
		rc = debug_info_open(modules, &places);
	struct difference d = {
		.without = without, .places = places, .branches = branches,
		.left_out = json_object_get(c->shop.exercise->description,
					    "reach_not"),
	};
	for (size_t i = 0; rc == 0 && i < files->n; i++)
		rc = subtract(c, files->name[i], with, d);
	debug_info_close(&places);
	json_decref(without);
	json_decref(with);
	json_object_set_new(c->reference, "branches", branches);
	return rc == -ENOENT ? because(c->ret_why, rc, "gcovr is missing: install "
				       "it, or type make") : rc;
}

/* Judges our solution without and with faults. */
static int measure_reference(struct calibration *c)
{
	char plain[PATH_MAX], every[PATH_MAX], swept[PATH_MAX];
	int rc = path_join(plain, sizeof(plain), "%s/plain", c->shop.work);
	if (rc == 0)
		rc = path_join(every, sizeof(every), "%s/every", c->shop.work);
	if (rc == 0)
		rc = path_join(swept, sizeof(swept), "%s/swept", c->shop.work);
	if (rc == 0)
		rc = judge_reference(c, plain, false, NULL);
	suite_release(&c->shop.suite);
	if (rc == 0)
		rc = judge_reference(c, every, true, NULL);
	if (rc == 0)
		note_points(c);
	suite_release(&c->shop.suite);
	if (rc < 0 || c->shop.exercise->proves == 0)
		return rc;
	rc = judge_reference(c, swept, true, "reach");
	suite_release(&c->shop.suite);
	return rc < 0 ? rc : note_branches(c, plain, swept);
}

/* --- broken versions -------------------------------------------------------------- */

/* Whether the judge finds anything wrong with a version: 1 or 0. */
static int judge_broken(struct calibration *c, const char *subject,
			enum change change, uint32_t offset)
{
	struct assignment assignment = {
		.subject = subject, .support = support_of(c), .sweep = true,
		.stop_at_first = true, .seed = 1, .change = change,
		.change_offset = offset,
	};
	int rc = workspace_judge(&c->shop, &assignment);
	if (rc == 0)
		rc = first_wrong(&c->shop.suite) != NULL;
	suite_release(&c->shop.suite);
	return rc;
}

/* Whether the correct versions of an exercise of tests alone are correct: the tests
 * would not show that a correct version is none. */
static int judge_wheats(struct calibration *c)
{
	const json_t *wheats = json_object_get(c->reference, "wheats");
	size_t i;
	json_t *name;
	json_array_foreach(wheats, i, name) {
		char path[PATH_MAX];
		const char *wheat = json_string_value(name);
		int rc = !c->shop.exercise->code_given ? 0 :
			 path_join(path, sizeof(path), "%s/wheats/%s.so",
				   c->shop.built, wheat);
		if (rc == 0 && c->shop.exercise->code_given)
			rc = judge_broken(c, path, CHANGE_NONE, 0);
		if (rc == 1)
			return because(c->ret_why, -EINVAL, "grader/exercises/"
				       "%s/wheats/%s is not clean",
				       c->shop.exercise->id, wheat);
		if (rc < 0)
			return rc;
	}
	return 0;
}

/* Moves each named broken version that lives out of the list. */
static int judge_mutants(struct calibration *c)
{
	json_t *mutants = json_object_get(c->reference, "mutants");
	for (size_t i = json_array_size(mutants); i-- > 0;) {
		char path[PATH_MAX];
		const char *name = verdict_text(json_array_get(mutants, i), "name");
		int rc = path_join(path, sizeof(path), "%s/mutants/%s.so",
				   c->shop.built, name);
		if (rc == 0)
			rc = judge_broken(c, path, CHANGE_NONE, 0);
		if (rc < 0)
			return rc;
		if (rc == 1)
			continue;
		json_array_append_new(json_object_get(c->reference, "lives"),
				      json_string(name));
		json_array_remove(mutants, i);
	}
	return 0;
}

/* A place of our solution that releases something. */
struct release_site {
	uint32_t offset;
	enum call call;
	char function[64];
	unsigned nth;		/* of this call in this function, from 1 */
};

struct release_sites {
	struct release_site site[SITES_MAX];
	size_t n;
};

/* Notes where a step releases, once. */
static void note_release(const struct step *step, const struct debug_info *places,
			 struct release_sites *sites)
{
	uint32_t offset = step->site.offset[0];
	if (calls[step->call].role != ROLE_RELEASE || step->site.module[0] != 0 ||
	    calls[step->call].gone == KIND_TRANSACTION || sites->n == SITES_MAX)
		return;		/* what ends a transaction is SQL, not a call */
	struct release_site *new = &sites->site[sites->n];
	*new = (struct release_site){ .offset = offset, .call = step->call,
				      .nth = 1 };
	snprintf(new->function, sizeof(new->function), "%s",
		 debug_info_find(places, 0, offset).function);
	for (size_t i = 0; i < sites->n; i++) {
		if (sites->site[i].offset == offset)
			return;
		if (sites->site[i].call == new->call &&
		    strcmp(sites->site[i].function, new->function) == 0)
			new->nth++;
	}
	sites->n++;
}

/* Runs the suite over our solution and looks at each step of each run. */
static int find_releases(struct calibration *c, struct release_sites *sites)
{
	struct assignment assignment = {
		.subject = c->subject, .support = support_of(c), .sweep = true,
		.seed = 1,
	};
	struct trial trial;
	int rc = trial_open(&c->shop, &assignment, &trial);
	if (rc < 0)
		return rc;
	trial.judging.releases = note_release;
	trial.judging.release_sites = sites;
	rc = judge(&trial.judging, &c->shop.suite);
	trial_close(&trial);
	suite_release(&c->shop.suite);
	return rc;
}

/* "second " for 2; "" for the first, or for one that is the only one. */
static const char *ordinal(unsigned n, char text[16])
{
	static const char *const words[] = { "", "", "second ", "third ",
					     "fourth ", "fifth " };
	if (n < sizeof(words) / sizeof(*words))
		return words[n];
	snprintf(text, 16, "%uth ", n);
	return text;
}

/* "the second fclose in day_run is left out", for a change of SITE. */
static json_t *describe_change(const struct release_site *site,
			       enum change change)
{
	const char *what = change == CHANGE_SKIP ? "is left out" : "is done twice";
	char nth[16];
	json_t *says = json_sprintf("the %s%s in %s %s",
				    ordinal(site->nth, nth),
				    calls[site->call].name, site->function, what);
	return json_pack("{s:o, s:o, s:i, s:I}", "name",
			 json_sprintf("%s_%x", change == CHANGE_SKIP ? "skip" :
				      "twice", site->offset),
			 "says", says, "change", (int)change,
			 "offset", (json_int_t)site->offset);
}

/* Keeps each change of a release that the judge catches. */
static int judge_changes(struct calibration *c)
{
	struct release_sites *sites = calloc(1, sizeof(*sites));
	int rc = !sites ? -ENOMEM : c->shop.exercise->proves == 0 ? 0 :
		 find_releases(c, sites);
	for (size_t i = 0; rc >= 0 && i < 2 * sites->n; i++) {
		const struct release_site *site = &sites->site[i / 2];
		enum change change = i % 2 ? CHANGE_TWICE : CHANGE_SKIP;
		rc = judge_broken(c, c->subject, change, site->offset);
		if (rc == 1)
			json_array_append_new(
				json_object_get(c->reference, "changes"),
				describe_change(site, change));
	}
	free(sites);
	return rc < 0 ? rc : 0;
}

/* --- the whole ---------------------------------------------------------------------- */

/* Writes reference.json last: what is there is whole. */
static int write_reference(const struct calibration *c)
{
	char path[PATH_MAX], beside[PATH_MAX];
	int rc = path_join(path, sizeof(path), "%s/reference.json",
			   c->shop.built);
	if (rc == 0)
		rc = path_join(beside, sizeof(beside), "%s.new", path);
	if (rc < 0)
		return rc;
	if (json_dump_file(c->reference, beside, JSON_INDENT(1)) < 0)
		return -EIO;
	return rename(beside, path) < 0 ? -errno : 0;
}

static int find_folders(struct calibration *c)
{
	const struct workspace *shop = &c->shop;
	int rc = path_join(c->solution, PATH_MAX, "%s/solutions/%s", shop->root,
			   shop->exercise->id);
	if (rc == 0)
		rc = path_join(c->shop.handed_in, PATH_MAX, "%s", c->solution);
	if (rc == 0)
		rc = path_join(c->source, PATH_MAX, "%s/grader/exercises/%s",
			       shop->root, shop->exercise->id);
	if (rc == 0)
		rc = path_join(c->subject, PATH_MAX, "%s/subject.so", shop->built);
	if (rc == 0)
		rc = path_join(c->support, PATH_MAX, "%s/support.so", shop->built);
	return rc;
}

static int calibrate(struct calibration *c)
{
	int (*const stages[])(struct calibration *) = {
		find_folders, check_names, build_all, measure_reference,
		judge_wheats, judge_mutants, judge_changes,
	};
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < sizeof(stages) / sizeof(*stages); i++)
		rc = stages[i](c);
	return rc < 0 ? rc : write_reference(c);
}

int calibrate_exercise(const char *root, const struct exercise *exercise,
		       char **ret_why)
{
	struct calibration *c = calloc(1, sizeof(*c));
	*ret_why = NULL;
	if (!c)
		return -ENOMEM;
	c->ret_why = ret_why;
	c->reference = json_pack("{s:s, s:[], s:[], s:[], s:[]}", "root", root,
				 "wheats", "mutants", "changes", "lives");
	int rc = workspace_open(root, exercise, NULL, &c->shop, ret_why);
	if (rc == 0) {
		rc = calibrate(c);
		workspace_close(&c->shop);
	}
	libraries_release(c->libraries, c->n_libraries);
	json_decref(c->reference);
	free(c);
	return rc;
}
