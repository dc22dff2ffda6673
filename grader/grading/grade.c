/* grade.c - see grade.h: taken in, built, judged, proved, concluded. */
#include "grade.h"
#include "fold.h"
#include "sandbox/cell.h"
#include "base/error.h"
#include "base/shortage.h"
#include "base/path.h"
#include "build/build.h"
#include "score_code.h"
#include "score_rows.h"
#include "score_tests.h"
#include "tell_tests.h"
#include "screen/evidence.h"
#include "given.h"
#include "build/compiler_errors.h"
#include "base/tree.h"
#include "mutation/mutation_test.h"
#include "intake.h"
#include "build/symbols.h"
#include "verdict/verdict.h"
#include "workspace.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIAGNOSTICS_MAX = 4000 };

/* One grading under way. */
struct grade {
	const struct grading *grading;
	struct workspace shop;
	struct library libraries[3];	/* subject, tests, support if any */
	size_t n_libraries;
	struct names tests;
	struct building building;
	struct assignment assignment;
	struct trial trial;
	bool started;			/* the scenario runner, which trial_close ends */
	json_t *reference;
	struct mutation_plan mutation_plan;
	struct mutation_test *mutation_test; /* NULL when no tests are asked for */
	json_t *verdict;
	bool refused;			/* a file was missing, or not taken */
	bool unjudged;			/* the code could not be judged */
	bool clean;			/* behaves and survives */
	enum doubt doubt;
	char **ret_why;
};

enum { SUBJECT, TESTS, SUPPORT };

/* Notes what the machine, and not the submission, may have done. */
static void note_doubt(struct grade *g, enum doubt doubt)
{
	if (doubt > g->doubt)
		g->doubt = doubt;
}

/* --- taking in and building -------------------------------------------------- */

/* Whether all that was not taken is the file of the tests, of an exercise that has
 * points for code too: then the code is graded, as when the tests do not compile. */
static bool lacks_tests_alone(const struct grade *g,
			      const struct refusals *refusals)
{
	const struct exercise *e = g->shop.exercise;
	return refusals->n == 1 && e->tests && e->proves < FULL_SCORE &&
	       strcmp(refusals->of[0].name, e->tests) == 0;
}

/* Tells of each file that was not taken, the first one as the outcome. It costs the
 * points for TESTS alone, or all of them. */
static void tell_refusals(struct grade *g, const struct refusals *refusals,
			  bool tests)
{
	const char *group = tests ? "proves" : "behaves";
	long max = tests ? g->shop.exercise->proves : FULL_SCORE;
	for (size_t i = 0; i < refusals->n; i++) {
		const struct refusal *r = &refusals->of[i];
		char message[1024];
		snprintf(message, sizeof(message), "%s %s%s", r->name, r->why,
			 tests ? "; your code was graded all the same" : "");
		verdict_outcome(g->verdict, r->missing ? OUTCOME_MISSING :
				OUTCOME_REJECTED);
		json_t *check = verdict_check(g->verdict, group, "hand_in",
					      "fail", 0, i == 0 ? max : 0,
					      NULL, message);
		if (r->line == 0)
			continue;
		json_object_set_new(check, "file", json_string(r->name));
		json_object_set_new(check, "line", json_integer(r->line));
	}
}

/* Copies the learner's files: 1 when there is something to judge. */
static int take_in(struct grade *g)
{
	char folder[PATH_MAX];
	struct refusals refusals = { .n = 0 };
	int rc = path_join(folder, sizeof(folder), "%s/source", g->shop.work);
	if (rc == 0)
		rc = make_folders(folder);
	if (rc == 0)
		rc = intake_take(g->shop.exercise, g->grading->root,
				     g->grading->from, folder, &refusals);
	if (rc < 0)
		return rc;
	bool tests = lacks_tests_alone(g, &refusals);
	tell_refusals(g, &refusals, tests);
	g->tests.name[0] = g->shop.exercise->tests;
	g->tests.n = g->shop.exercise->tests && !tests ? 1 : 0;
	g->refused = refusals.n > 0 && !tests;
	return !g->refused;
}

/* Describes one library to be built from the learner's files. */
static int describe(struct grade *g, size_t which, enum part part,
		    const struct names *files, const char *name)
{
	struct library *l = &g->libraries[which];
	l->part = part;
	l->files = files;
	char linked[PATH_MAX];
	int rc = path_join(l->source, PATH_MAX, "%s/source", g->shop.work);
	if (rc == 0)
		rc = path_join(l->objects, PATH_MAX, "%s/%s", g->shop.work, name);
	if (rc == 0)
		rc = path_join(linked, PATH_MAX, "%s/linked", l->objects);
	if (rc == 0)
		rc = path_join(l->path, PATH_MAX, "%s/library.so", linked);
	if (rc == 0)
		rc = make_folders(linked);
	if (rc == 0)
		rc = sandbox_give(g->shop.sandbox, linked);
	g->n_libraries++;
	return rc;
}

static int describe_all(struct grade *g)
{
	const struct exercise *e = g->shop.exercise;
	int rc = path_join(g->shop.handed_in, PATH_MAX, "%s/source",
			   g->shop.work);
	if (rc == 0)
		rc = describe(g, SUBJECT, PART_SUBJECT, &e->subject, "subject");
	if (rc == 0)
		rc = describe(g, TESTS, PART_TESTS, &g->tests, "tests");
	if (rc == 0 && e->support.n)
		rc = describe(g, SUPPORT, PART_SUPPORT, &e->support, "support");
	return rc;
}

/* The first library of code that did not compile, NULL when all did. */
static const struct library *broken_code(const struct grade *g)
{
	for (size_t i = 0; i < g->n_libraries; i++)
		if (i != TESTS && g->libraries[i].failed)
			return &g->libraries[i];
	return NULL;
}

/* Whether there are tests that can be graded, whatever the code is like. */
static bool has_tests(const struct grade *g)
{
	return g->shop.exercise->proves > 0 && g->tests.n > 0 &&
	       !g->libraries[TESTS].failed &&
	       !g->grading->replay.scenario[0];
}

/* What was graded although LIBRARY was not there. */
static const char *still_graded(const struct grade *g,
				const struct library *library)
{
	if (library->part != PART_TESTS && has_tests(g))
		return "; your tests were graded all the same";
	if (library->part == PART_TESTS && !g->unjudged &&
	    g->shop.exercise->proves < FULL_SCORE)
		return "; your code was graded all the same";
	return "; nothing could be judged";
}

/* Writes where the error is, and the learner's line, into CHECK. */
static void add_place(json_t *check, const struct compiler_error *d)
{
	if (!d->line)
		return;
	json_object_set_new(check, "file", verdict_sentence(d->file));
	json_object_set_new(check, "line", json_integer(d->line));
	if (d->source[0])
		json_object_set_new(check, "source",
				    verdict_string(d->source));
	if (!d->column)
		return;
	json_object_set_new(check, "column", json_integer(d->column));
	json_object_set_new(check, "caret", json_integer(d->caret));
}

/* Keeps what the compiler said of the first library that failed. */
static void add_diagnostics(struct grade *g, const struct library *l)
{
	if (json_object_get(g->verdict, "diagnostics") ||
	    l->why != OUTCOME_COMPILE_ERROR)
		return;
	compiler_error_strip(l->diagnostics, l->source);
	compiler_error_strip(l->diagnostics, l->objects);
	compiler_error_strip(l->diagnostics, g->grading->root);
	json_object_set_new(g->verdict, "diagnostics",
			    verdict_excerpt(l->diagnostics, DIAGNOSTICS_MAX));
}

/* The first error of the compiler: its place into a check, its words as the
 * message. */
static void tell_error(struct grade *g, const struct library *l,
		       const char *group, long max)
{
	struct compiler_error d;
	char message[1024];
	compiler_error_read(l, &d);
	if (!d.certain)
		note_doubt(g, DOUBT_TOOLS);
	snprintf(message, sizeof(message), "%s%s%s",
		 l->why != OUTCOME_COMPILE_ERROR ? "" :
		 l->part == PART_TESTS ? "your tests do not compile: " :
		 "it does not compile: ", d.words, still_graded(g, l));
	add_place(verdict_check(g->verdict, group, "compiles", "fail", 0, max,
				NULL, message), &d);
	add_diagnostics(g, l);
	verdict_outcome(g->verdict, l->why);
}

/* Whether LIBRARY is made of files of ours alone. */
static bool is_ours(const struct grade *g, const struct library *library)
{
	const struct exercise *e = g->shop.exercise;
	return (library->part == PART_SUBJECT && e->code_given) ||
	       (library->part == PART_SUPPORT && e->support_given);
}

/* Starts to build the three libraries, and waits until the compilers are in their cell:
 * a cell is made faster while no other one is being made. */
static int start_build(struct grade *g)
{
	int rc = build_start(g->grading->root, g->shop.exercise,
			     g->shop.sandbox, g->libraries, g->n_libraries,
			     &g->building);
	if (rc == 0)
		process_await_cell(&g->building.process);
	return rc;
}

/* Waits for the libraries, which failed or not. A failure of the tools' own, or of a
 * library of ours, is an error. */
static int finish_build(struct grade *g)
{
	int rc = build_finish(&g->building);
	if (rc == -ENOENT)
		return because(g->ret_why, rc, "gcc or objcopy is missing: "
			       "install gcc and binutils, or type make");
	if (rc == -EIO)
		return because(g->ret_why, rc, "build/compile_runner, which runs the "
			       "compilers, was ended before they were done%s%s: is "
			       "there enough memory? Grade again",
			       *g->building.why ? ", and said: " : "",
			       g->building.why);
	if (rc == -ENOEXEC)
		return because(g->ret_why, rc, "the sandbox (%s) could not be "
			       "started%s%s", sandbox_name(g->shop.sandbox->sort),
			       *g->building.why ? ": " : "", g->building.why);
	const struct library *broken = rc < 0 ? NULL : broken_code(g);
	if (broken && is_ours(g, broken))
		return because(g->ret_why, -EIO, "%s, which is the workbook's "
			       "own, could not be compiled",
			       broken->files->name[0]);
	return rc;
}

/* --- judging ----------------------------------------------------------------- */

/* Adds a name to a list, once. */
static void note_unwatched(const char *name, void *data)
{
	size_t i;
	json_t *other;
	json_array_foreach(data, i, other)
		if (strcmp(json_string_value(other), name) == 0)
			return;
	json_array_append_new(data, verdict_sentence(name));
}

/* Lists the functions that the objects of one library call and that are not watched. */
static int list_unwatched(struct grade *g, const struct library *l)
{
	static char paths[LIST_MAX][PATH_MAX];
	struct names objects = { .n = l->files->n };
	for (size_t i = 0; i < objects.n; i++) {
		size_t stem = strlen(l->files->name[i]) - 2;
		int rc = path_join(paths[i], PATH_MAX, "%s/%.*s.o", l->objects,
				   (int)stem, l->files->name[i]);
		if (rc < 0)
			return rc;
		objects.name[i] = paths[i];
	}
	return symbols_unwatched(&objects, &g->shop.exercise->exports,
				 note_unwatched,
				 json_object_get(g->verdict, "unwatched"));
}

/* Lists the functions that the code calls and that are not watched. */
static int list_all_unwatched(struct grade *g)
{
	int rc = list_unwatched(g, &g->libraries[SUBJECT]);
	if (rc == 0 && g->n_libraries > SUPPORT)
		rc = list_unwatched(g, &g->libraries[SUPPORT]);
	return rc;
}

/* Says that the code lacks the function NAME. */
static void tell_undefined(struct grade *g, const char *name)
{
	char message[256];
	snprintf(message, sizeof(message), "no function %s is defined, as the "
		 "header declares it (one that is static does not count)%s", name,
		 still_graded(g, &g->libraries[SUBJECT]));
	verdict_check(g->verdict, "behaves", "defines", "fail", 0,
		      g->shop.exercise->behaves, NULL, message);
	verdict_outcome(g->verdict, OUTCOME_COMPILE_ERROR);
}

static int judge_code(struct grade *g)
{
	int rc = judge(&g->trial.judging, &g->shop.suite);
	if (rc < 0)
		return rc;
	struct judged judged = { g->shop.exercise, g->reference, &g->shop.suite,
				 g->verdict };
	g->clean = code_checks_add(&judged);
	const char *outcome = verdict_text(g->verdict, "outcome");
	if (!g->clean && strcmp(outcome, outcome_name(OUTCOME_JUDGED)) != 0 &&
	    strcmp(outcome, outcome_name(OUTCOME_OUTPUT_LIMIT)) != 0)
		note_doubt(g, DOUBT_RUN);
	return 0;
}

/* --- proving ------------------------------------------------------------------- */

/* Where the own code leaves by each fault, of all scenarios. */
static json_t *all_exits(const struct suite *suite)
{
	json_t *all = json_array();
	for (size_t i = 0; i < suite->n; i++)
		if (suite->scenarios[i].exits)
			json_array_extend(all, suite->scenarios[i].exits);
	return all;
}

/* Says what was missing, when it was a tool. */
static int explain_tests(struct grade *g, int rc)
{
	const char *said = g->mutation_test ? g->mutation_test->gcovr.said : "";
	if (rc == -ENOENT)
		return because(g->ret_why, rc, "gcovr is missing: install it, "
			       "or type make");
	if (rc == -ENOPKG)
		return because(g->ret_why, rc, "the gcovr in PATH is no Python "
			       "program whose modules can be found: install the "
			       "system's own (apt-get install gcovr), or one in a "
			       "virtual environment");
	if (rc == -ENODATA)
		return because(g->ret_why, rc, "gcovr found no coverage data: "
			       "this is the grader's fault, not yours%s%s",
			       *said ? ". gcovr said: " : "", said);
	return rc;
}

/* Lists what is out of the ordinary in the code; gcovr is at work meanwhile. */
static void add_evidence(struct grade *g)
{
	evidence_add(g->shop.exercise, g->libraries, g->n_libraries,
		     g->verdict);
}

/* Gets ready to try the learner's tests, if they are asked for. */
static int prepare_tests(struct grade *g)
{
	const struct exercise *e = g->shop.exercise;
	const struct library *subject = &g->libraries[SUBJECT];
	if (e->proves == 0 || g->tests.n == 0 || g->grading->replay.scenario[0])
		return 0;
	g->mutation_plan = (struct mutation_plan){
		.root = g->grading->root, .exercise = e,
		.only = g->grading->test, .built = g->shop.built, .work = g->shop.work,
		.sandbox = g->shop.sandbox,
		.subject = subject->path, .objects = subject->objects,
		.support = e->support.n ? g->libraries[SUPPORT].path : NULL,
		.tests = g->libraries[TESTS].path, .source = subject->source,
		.reference = g->reference, .seed = g->grading->seed,
	};
	return explain_tests(g, mutation_test_prepare(&g->mutation_plan, &g->mutation_test));
}

/* Starts with the learner's tests, when they compile; without the code when that
 * is not there. */
static int start_tests(struct grade *g)
{
	if (!has_tests(g))
		mutation_test_release(&g->mutation_test);
	if (!g->mutation_test)
		return 0;
	if (g->unjudged)
		g->mutation_plan.subject = NULL;
	return explain_tests(g, mutation_test_start(g->mutation_test));
}

/* Tells of tests that do not compile; without Check they cannot. */
static int tell_broken_tests(struct grade *g)
{
	const struct library *tests = &g->libraries[TESTS];
	struct compiler_error d;
	if (!tests->failed)
		return 0;
	compiler_error_read(tests, &d);
	if (strcmp(d.words, "check.h: No such file or directory") == 0)
		return because(g->ret_why, -ENOENT, "Check is missing: install "
			       "it (package check), or type make");
	if (g->shop.exercise->proves > 0)
		tell_error(g, tests, "proves", g->shop.exercise->proves);
	return 0;
}

/* Finishes with them, now that the own code is judged. */
static int finish_tests(struct grade *g)
{
	int rc = tell_broken_tests(g);
	if (rc < 0)
		return rc;
	json_t *exits = all_exits(&g->shop.suite);
	g->mutation_plan.exits = exits;
	g->mutation_plan.clean = g->clean;
	if (g->mutation_test)
		rc = mutation_test_finish(g->mutation_test);
	if (rc == 0 && g->mutation_test && mutation_test_doubtful(g->mutation_test))
		note_doubt(g, DOUBT_RUN);
	if (rc == 0 && g->mutation_test)
		rc = score_tests_add(g->mutation_test, g->verdict);
	json_decref(exits);
	return explain_tests(g, rc);
}

/* --- the whole ------------------------------------------------------------------ */

static int read_reference(struct grade *g)
{
	char path[PATH_MAX];
	json_error_t error;
	int rc = path_join(path, sizeof(path), "%s/reference.json",
			   g->shop.built);
	if (rc < 0)
		return rc;
	g->reference = json_load_file(path, 0, &error);
	if (!g->reference)
		return because(g->ret_why, -ENOENT, "build/exercises/%s is not "
			       "built: type make", g->shop.exercise->id);
	if (strcmp(verdict_text(g->reference, "root"), g->grading->root) != 0)
		return because(g->ret_why, -ESTALE, "the workbook was moved after "
			       "it was built: type make clean, then make");
	return 0;
}

/* The learner's libraries as the judge wants them. */
static struct assignment assignment_of(const struct grade *g)
{
	return (struct assignment){
		.subject = g->libraries[SUBJECT].path,
		.support = g->n_libraries > SUPPORT ?
			   g->libraries[SUPPORT].path : NULL,
		.seed = g->grading->seed,
		.sweep = g->shop.exercise->survives || g->shop.exercise->proves,
		.debug = g->grading->replay.debug,
		.only = g->grading->replay.scenario[0] ?
			g->grading->replay.scenario : NULL,
	};
}

/* Runs the one fault point that is asked for and tells it step by step. */
static int replay(struct grade *g)
{
	const struct replay *replay = &g->grading->replay;
	struct plan plan = { .mode = replay->mode, .point = replay->point };
	json_t *story = NULL;
	char *steps = NULL;
	int rc = judge_replay(&g->trial.judging, &g->shop.suite, plan, &story,
			      &steps);
	/* Where no fault struck, what is wrong all the same is told. */
	if (rc == 0 && (story || replay_has_struck(replay, &g->trial.session.run,
						   g->verdict))) {
		json_t *check = verdict_check(
			g->verdict, "survives", replay->scenario,
			story ? "fail" : "pass", story ? 0 : 100, 100, NULL,
			"nothing is wrong when this call fails");
		if (story)
			json_object_update(check, story);
		json_object_set_new(g->verdict, "steps",
				    verdict_string(steps ? steps : ""));
	}
	json_decref(story);
	free(steps);
	return rc;
}

/* Judges the code, and the tests beside it: gcovr and the judge each have work
 * for a processor of their own. */
static int judge_and_test(struct grade *g)
{
	int rc = start_tests(g);
	if (rc == 0)
		add_evidence(g);
	if (rc == 0)
		rc = judge_code(g);
	return rc < 0 ? rc : finish_tests(g);
}

/* Grades the tests alone, since the code cannot be judged: WHY, in words for the
 * points that it could have earned. */
static int test_alone(struct grade *g, const char *why)
{
	char message[256];
	g->unjudged = true;
	snprintf(message, sizeof(message), "not judged: %s", why);
	if (g->grading->replay.scenario[0])
		return 0;
	if (g->shop.exercise->survives > 0)
		verdict_check(g->verdict, "survives", "survives", "skip", 0,
			      g->shop.exercise->survives, NULL, message);
	int rc = start_tests(g);
	if (rc == 0)
		add_evidence(g);
	return rc < 0 ? rc : finish_tests(g);
}

/* Starts the scenario runner. */
static int start_worker(struct grade *g)
{
	g->assignment = assignment_of(g);
	int rc = trial_start(&g->shop, &g->assignment, &g->trial);
	g->started = rc == 0;
	return rc;
}

/* Judges the code in its scenario runner, when it defines what it ought to; *ret_missing
 * is the function that it does not define. */
static int judge_in_worker(struct grade *g, const char **ret_missing)
{
	const struct exercise *e = g->shop.exercise;
	int rc = g->started ? 0 : start_worker(g);
	if (rc == 0)
		rc = trial_read(&g->shop, &g->assignment, &g->trial);
	if (rc < 0)
		return rc;
	*ret_missing = debug_info_missing(g->trial.sites, e->exports.name,
				     e->exports.n);
	if (!*ret_missing)
		rc = list_all_unwatched(g);
	if (rc == 0 && !*ret_missing)
		rc = g->grading->replay.scenario[0] ? replay(g)
						    : judge_and_test(g);
	suite_release(&g->shop.suite);
	return rc;
}

/* Runs the one test that is asked for, and tells all that it says. */
static int test_one(struct grade *g)
{
	g->unjudged = broken_code(g) != NULL;
	int rc = start_tests(g);
	if (rc == 0)
		rc = tell_broken_tests(g);
	if (rc == 0 && g->mutation_test)
		rc = tell_one(g->verdict, g->mutation_test);
	else if (rc == 0 && !g->libraries[TESTS].failed)
		json_object_set_new(g->verdict, "no_replay", json_sprintf(
			"%s has no tests of yours", g->shop.exercise->id));
	return rc;
}

/* Everything after the libraries stand, or do not. */
static int judge_built(struct grade *g)
{
	if (g->grading->test)
		return test_one(g);
	const char *missing = NULL;
	const struct library *broken = broken_code(g);
	char why[128];
	if (broken) {
		tell_error(g, broken, "behaves", g->shop.exercise->behaves);
		snprintf(why, sizeof(why), "%s does not compile",
			 broken->files->n == 1 ? broken->files->name[0]
					       : "your code");
		return test_alone(g, why);
	}
	int rc = judge_in_worker(g, &missing);
	if (rc < 0 || !missing)
		return rc;
	tell_undefined(g, missing);
	snprintf(why, sizeof(why), "your code defines no %s", missing);
	return test_alone(g, why);
}

/* Whether the verdict still tells of the fault that the starter is there for. */
static bool tells_of_starter(const struct grade *g)
{
	const json_t *starter = json_object_get(
		g->shop.exercise->description, "starter");
	return verdict_complaint(g->verdict,
				 verdict_text(starter, "diagnosis"));
}

/* Says that a given file is not the learner's to change: whether one is changed. */
static bool advise_on_given(struct grade *g)
{
	const struct exercise *e = g->shop.exercise;
	const char *name = given_changed(e, g->grading->root, g->grading->from);
	if (name)
		json_object_set_new(g->verdict, "advice", json_sprintf(
			"%s is not yours to change: your code was compiled with "
			"the workbook's own. make reset-%.2s brings that back, "
			"and keeps all that you have.", name, e->id));
	return name != NULL;
}

/* The learner's way from here: said when the starter is untouched. A TODO that
 * was left standing over mended code, or over code that does not compile, does
 * not make it that. */
static void add_advice(struct grade *g)
{
	char folder[PATH_MAX];
	if (advise_on_given(g))
		return;
	if (tells_of_starter(g) &&
	    path_join(folder, sizeof(folder), "%s/source", g->shop.work) == 0 &&
	    intake_untouched(g->shop.exercise, g->grading->root, folder))
		json_object_set_new(g->verdict, "advice",
			json_string(g->shop.exercise->first_step));
}

/* Everything after the files are here. What runs after the compilers goes into its
 * cell while they are at work, and waits. A debugger has the terminal, and comes
 * when there is something to debug. */
static int grade_taken(struct grade *g)
{
	int rc = describe_all(g);
	if (rc == 0)
		rc = start_build(g);
	if (rc == 0)
		rc = prepare_tests(g);
	if (rc == 0 && !g->grading->replay.debug)
		rc = start_worker(g);
	if (rc == 0)
		rc = finish_build(g);
	return rc < 0 ? rc : judge_built(g);
}

static int grade_in(struct grade *g)
{
	int rc = read_reference(g);
	if (rc < 0)
		return rc;
	if (!replay_has_scenario(&g->grading->replay, &g->shop.suite,
				 g->shop.exercise->id, g->verdict))
		return 0;
	rc = take_in(g);
	if (rc > 0)
		rc = grade_taken(g);
	if (rc < 0)
		return rc;
	fold_findings(g->verdict);
	if (!g->grading->replay.scenario[0] && !g->grading->test)
		rows_complete(g->verdict, g->shop.exercise);
	verdict_close_exercise(g->verdict);
	add_advice(g);
	return 0;
}

/* Whether the verdict is not full marks, and the machine has little left of something. */
static bool is_short(const struct grade *g)
{
	if (strcmp(verdict_text(g->verdict, "status"), "pass") == 0 ||
	    g->refused)
		return false;
	char *why = shortage_find(g->shop.work, ENOUGH_FOR_SURE);
	bool is_short = why != NULL;
	free(why);
	return is_short;
}

int grade_once(const struct grading *grading, const struct exercise *exercise,
	       json_t **ret_verdict, enum doubt *ret_doubt, char **ret_why)
{
	struct grade g = { .grading = grading, .ret_why = ret_why,
			   .building = { .process = PROCESS_NONE } };
	*ret_why = NULL;
	int rc = workspace_open(grading->root, exercise, grading->sandbox,
			       &g.shop, ret_why);
	if (rc < 0)
		return rc;
	g.verdict = verdict_exercise(exercise->id);
	rc = g.verdict ? grade_in(&g) : -ENOMEM;
	if (rc == 0 && is_short(&g))
		note_doubt(&g, DOUBT_RUN);
	build_end(&g.building);
	mutation_test_release(&g.mutation_test);
	if (g.started)
		trial_close(&g.trial);
	libraries_release(g.libraries, g.n_libraries);
	workspace_close(&g.shop);
	json_decref(g.reference);
	if (rc < 0) {
		json_decref(g.verdict);
		return rc;
	}
	*ret_verdict = g.verdict;
	*ret_doubt = g.doubt;
	return 0;
}
