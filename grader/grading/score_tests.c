/* score_tests.c - see score_tests.h. */
#include "score_tests.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/files.h"
#include "ledger/errors.h"
#include "intake.h"
#include "verdict/verdict.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The size of the set of broken versions, and how many of them are caught. */
struct tally {
	size_t all, caught;
};

/* Adds a detail: a line more of the check before it. */
static json_t *add_detail(json_t *verdict, const char *name, const char *status,
			  const char *clause, const char *message)
{
	return verdict_check(verdict, "proves", name, status, 0, 0,
			     clause && *clause ? clause : NULL, message);
}

static void set_place(json_t *check, const char *file, int line)
{
	json_object_set_new(check, "file", verdict_sentence(file));
	json_object_set_new(check, "line", json_integer(line));
}

/* How one says what a test made of a version. */
static const char *mark_phrase(enum mark mark)
{
	static const char *const phrases[] = {
		[MARK_NONE] = "never ran on", [MARK_ACCEPTS] = "accepts",
		[MARK_REJECTS] = "rejects", [MARK_LEAVES] = "exits on",
		[MARK_CRASHES] = "crashes on", [MARK_HANGS] = "never ends on",
	};
	return phrases[mark];
}

/* What the contract leaves free and a correct version makes use of: the clause
 * and the words that exercise.json has for it, "" for none. */
static const json_t *freedom_of(const struct mutation_test *p, const char *version)
{
	const json_t *freedoms = json_object_get(
		p->plan->exercise->description, "freedoms");
	return json_object_get(freedoms, version);
}

/* Names a test that is set aside. */
static void tell_set_aside(json_t *verdict, const struct mutation_test *p, size_t t)
{
	const struct test *test = &p->tests[t];
	bool own = strcmp(test->rejects, p->versions[OWN].name) == 0;
	const struct complaint *c = own ? &test->own : &test->correct;
	bool all = test->rejected == p->correct - REFERENCE;
	const json_t *freedom = all ? NULL : freedom_of(p, test->rejects);
	const char *free = verdict_text(freedom, "says");
	char message[1280];
	snprintf(message, sizeof(message), "your test %s is set aside: it %s %s%s"
		 "%s%s%s%s%s", test->name, mark_phrase(test->how),
		 own ? "your own code, which is correct" : all ?
		 "every correct version" : "a correct version (",
		 own || all ? "" : test->rejects, own || all ? "" : ")",
		 *free ? ". It asks for more than the contract does: " : "", free,
		 c->text[0] ? ". It said: " : "", c->text);
	set_place(add_detail(verdict, "valid", "fail",
			     verdict_text(freedom, "clause"), message),
		  c->file[0] ? c->file : p->plan->exercise->tests, c->line);
}

/* Names a test that found a fault in the learner's own code. */
static void tell_found(json_t *verdict, const struct mutation_test *p, size_t t)
{
	const struct test *test = &p->tests[t];
	const struct complaint *c = &test->own;
	char message[1024];
	snprintf(message, sizeof(message),
		 "your test %s %s your own code and accepts every correct "
		 "version: it has found a fault of yours%s%s", test->name,
		 mark_phrase(p->versions[OWN].mark[t]),
		 c->text[0] ? ": " : "", c->text);
	set_place(add_detail(verdict, "found", "fail", NULL, message),
		  c->file[0] ? c->file : p->plan->exercise->tests,
		  c->line);
}

/* Whether a test whose name begins at NAME and is N long was registered. What
 * cannot be known counts as registered. */
static bool is_registered(const struct mutation_test *p, const char *name, size_t n)
{
	for (size_t t = 0; t < p->n_tests; t++) {
		const char *other = p->tests[t].name;
		if (!*other || *other == '?' || n >= sizeof(p->tests[t].name) ||
		    (strncmp(other, name, n) == 0 && !other[n]))
			return true;
	}
	return p->n_tests == 0;
}

/* Names a test that is written, and that nobody runs. */
static void tell_unlisted(const struct mutation_test *p, json_t *verdict,
			  const char *name, size_t n, int line)
{
	char message[256];
	snprintf(message, sizeof(message), "your test %.*s is never run: "
		 "learner_tests does not list it", (int)n, name);
	set_place(add_detail(verdict, "valid", "fail", NULL, message),
		  p->plan->exercise->tests, line);
}

/* Names each test that stands in the learner's file and is not run. */
static void tell_unlisted_tests(const struct mutation_test *p, json_t *verdict)
{
	static const char begin[] = "START_TEST(";
	const size_t skipped = sizeof(begin) - 1;
	char path[PATH_MAX], *text;
	size_t size;
	int line = 1;
	if (path_join(path, sizeof(path), "%s/%s", p->plan->source,
		      p->plan->exercise->tests) < 0 ||
	    read_file(path, SUBMISSION_FILE_MAX, &text, &size) < 0)
		return;
	for (const char *at = text; at; line++) {
		const char *name = at + strspn(at, " \t");
		const char *next = strchr(at, '\n');
		if (strncmp(name, begin, skipped) == 0) {
			name += skipped + strspn(name + skipped, " \t");
			size_t n = strcspn(name, " \t\n)");
			if (!is_registered(p, name, n))
				tell_unlisted(p, verdict, name, n, line);
		}
		at = next ? next + 1 : NULL;
	}
	free(text);
}

/* Adds the check "valid": when no broken version is caught, it has no points. */
static void add_valid(const struct mutation_test *p, json_t *verdict, long max,
		      struct tally tally)
{
	size_t valid = mutation_test_count_valid(p);
	char message[256];
	if (p->n_tests == 0)
		snprintf(message, sizeof(message),
			 "%s registers no test: add them in learner_tests",
			 p->plan->exercise->tests);
	else if (p->untrue)
		snprintf(message, sizeof(message),
			 "none of your tests counts: they accept a version in "
			 "which every function ends the process at once, "
			 "which no test that calls it can live to tell");
	else if (valid == p->n_tests)
		snprintf(message, sizeof(message),
			 "every one of your %zu tests accepts every correct "
			 "version", valid);
	else
		snprintf(message, sizeof(message),
			 "%zu of your %zu tests count; the others reject "
			 "correct code", valid, p->n_tests);
	long score = p->n_tests && tally.caught ?
		     max * (long)valid / (long)p->n_tests : 0;
	bool pass = p->n_tests && valid == p->n_tests;
	verdict_check(verdict, "proves", "valid", pass ? "pass" : "fail", score,
		      max, NULL, message);
	for (size_t t = 0; t < p->n_tests && !p->untrue; t++) {
		if (!p->tests[t].valid)
			tell_set_aside(verdict, p, t);
		else if (mutation_test_has_own(p) && p->versions[OWN].mark[t] != MARK_ACCEPTS)
			tell_found(verdict, p, t);
	}
	if (tally.caught < tally.all)
		tell_unlisted_tests(p, verdict);
}

/* Names an error path of the own code that no test of theirs enters. */
static void tell_unreached(json_t *verdict, const json_t *exit)
{
	const json_t *fault = json_object_get(exit, "fault");
	char message[512];
	snprintf(message, sizeof(message),
		 "no test of yours enters %s:%ld: make %s at %s:%ld fail, for "
		 "instance by fail_call(%ld, %s)", verdict_text(exit, "file"),
		 verdict_number(exit, "line"), verdict_text(fault, "function"),
		 verdict_text(fault, "file"), verdict_number(fault, "line"),
		 verdict_number(fault, "call"),
		 error_asked(verdict_text(fault, "errno")));
	set_place(add_detail(verdict, "error_paths", "skip", NULL, message),
		  verdict_text(exit, "file"),
		  (int)verdict_number(exit, "line"));
}

/* Whether an exit before number N of the list has the same place. */
static bool told_before(const json_t *exits, size_t n, const json_t *exit)
{
	for (size_t i = 0; i < n; i++) {
		const json_t *other = json_array_get(exits, i);
		if (verdict_number(other, "line") ==
		    verdict_number(exit, "line") &&
		    strcmp(verdict_text(other, "file"),
			   verdict_text(exit, "file")) == 0)
			return true;
	}
	return false;
}

/* Names each unreached error path of the own code, once. */
static void tell_unreached_paths(const struct mutation_test *p, json_t *verdict)
{
	size_t i;
	json_t *exit;
	if (!mutation_test_has_own(p))
		return;
	json_array_foreach(p->plan->exits, i, exit) {
		char path[PATH_MAX];
		path_join(path, sizeof(path), "%s/%s", p->plan->source,
			  verdict_text(exit, "file"));
		const json_t *lines = coverage_lines(p->files, path);
		if (lines && !told_before(p->plan->exits, i, exit) &&
		    coverage_line(lines, (int)verdict_number(exit, "line")) == 0)
			tell_unreached(verdict, exit);
	}
}

/* How many error-path branches of the reference the tests took. */
static size_t count_reached(const struct mutation_test *p)
{
	if (mutation_test_count_valid(p) == 0)
		return 0;
	size_t i, n = 0;
	json_t *branch;
	json_array_foreach(json_object_get(p->plan->reference, "branches"), i,
			   branch) {
		const char *file;
		int line, index;
		char path[PATH_MAX];
		if (json_unpack(branch, "[s, i, i]", &file, &line, &index) < 0 ||
		    path_join(path, sizeof(path), "%s/solutions/%s/%s",
			      p->plan->root, p->plan->exercise->id, file) < 0)
			continue;
		n += coverage_branch(coverage_lines(p->files, path), line,
				     index) > 0;
	}
	return n;
}

/* Adds the check "error_paths". */
static size_t add_reached(const struct mutation_test *p, json_t *verdict, long max)
{
	size_t all = json_array_size(json_object_get(p->plan->reference,
						     "branches"));
	size_t reached = count_reached(p);
	char message[256];
	if (reached == all)
		snprintf(message, sizeof(message),
			 "your tests reach every error path (%zu branches that "
			 "run only when a call fails)", all);
	else
		snprintf(message, sizeof(message),
			 "your tests reach %zu of the %zu branches that run "
			 "only when a call fails%s: make more calls fail",
			 reached, all, p->plan->exercise->code_given ? "" :
			 ", as our solution has them");
	long score = all ? max * (long)reached / (long)all : max;
	verdict_check(verdict, "proves", "error_paths",
		      reached == all ? "pass" : "fail", score, max, NULL,
		      message);
	tell_unreached_paths(p, verdict);
	return reached;
}

/* Whether V is one of those that tests are asked to catch. */
static bool is_broken(const struct version *v)
{
	return !mutation_test_is_canary(v) && !v->decoy;
}

/* Names a broken version that lives. */
static void tell_missed(json_t *verdict, const struct version *v)
{
	char message[512];
	snprintf(message, sizeof(message), MISSED_BROKEN "%s", v->says);
	add_detail(verdict, "caught", "fail", v->clause, message);
}

/* Names a broken version that only the learner's own support lets live. */
static void tell_blind(const struct mutation_test *p, json_t *verdict,
		       const struct version *v)
{
	char message[512];
	snprintf(message, sizeof(message), "%s is blind to a broken version: %s. "
		 "With a sound one your tests catch it",
		 p->plan->exercise->support.name[0], v->says);
	add_detail(verdict, "blind", "fail", v->clause, message);
}

static struct tally tally_broken(const struct mutation_test *p, size_t first)
{
	struct tally tally = { 0, 0 };
	for (size_t i = first; i < p->n_versions; i++) {
		if (!is_broken(&p->versions[i]))
			continue;
		tally.all++;
		tally.caught += mutation_test_catches(p, &p->versions[i]);
	}
	return tally;
}

/* Tries the broken versions that are caught again with the learner's own support,
 * when something is wrong with their code: what then lives, it is blind to. This
 * is told and not scored, or a second fault in the support could pay. */
static int find_blind(struct mutation_test *p, json_t *verdict, size_t first)
{
	size_t last = p->n_versions;
	if (!p->plan->support || p->plan->exercise->support_given ||
	    p->plan->clean || !p->plan->subject)
		return 0;
	for (size_t i = first; i < last && p->n_versions < VERSIONS_MAX; i++) {
		if (!is_broken(&p->versions[i]) || !mutation_test_catches(p, &p->versions[i]))
			continue;
		struct version *again = &p->versions[p->n_versions++];
		*again = p->versions[i];
		again->support = p->plan->support;
		memset(again->mark, 0, sizeof(again->mark));
	}
	int rc = mutation_test_run(p, last);
	for (size_t i = last; rc == 0 && i < p->n_versions; i++)
		if (!mutation_test_catches(p, &p->versions[i]))
			tell_blind(p, verdict, &p->versions[i]);
	return rc;
}

/* Adds the check "caught" and names what lives. */
static int add_caught(struct mutation_test *p, json_t *verdict, long max,
		      size_t first)
{
	struct tally tally = tally_broken(p, first);
	char message[128];
	snprintf(message, sizeof(message),
		 "your tests catch %zu of %zu broken versions", tally.caught,
		 tally.all);
	verdict_check(verdict, "proves", "caught",
		      tally.caught == tally.all ? "pass" : "fail",
		      tally.all ? max * (long)tally.caught / (long)tally.all
				: 0, max, NULL, message);
	for (size_t i = first; i < p->n_versions; i++)
		if (is_broken(&p->versions[i]) && !mutation_test_catches(p, &p->versions[i]))
			tell_missed(verdict, &p->versions[i]);
	return find_blind(p, verdict, first);
}

/* Writes the three numbers apart. */
static void add_numbers(const struct mutation_test *p, json_t *verdict,
			struct tally tally, size_t reached)
{
	size_t branches = json_array_size(json_object_get(
		p->plan->reference, "branches"));
	json_object_set_new(verdict, "proves", json_pack(
		"{s:I, s:I, s:I, s:I, s:I, s:I}",
		"tests", (json_int_t)p->n_tests,
		"valid", (json_int_t)mutation_test_count_valid(p),
		"branches", (json_int_t)branches,
		"reached", (json_int_t)reached,
		"broken", (json_int_t)tally.all,
		"caught", (json_int_t)tally.caught));
}

int score_tests_add(struct mutation_test *p, json_t *verdict)
{
	long max = p->plan->exercise->proves;
	long max_valid = max / 10, max_reached = max / 4;
	const char *why = mutation_test_unusable(p);
	if (why) {
		verdict_check(verdict, "proves", "valid", "fail", 0, max, NULL,
			      why);
		return 0;
	}
	struct tally tally = tally_broken(p, p->first_broken);
	add_valid(p, verdict, max_valid, tally);
	size_t reached = add_reached(p, verdict, max_reached);
	add_numbers(p, verdict, tally, reached);
	return add_caught(p, verdict, max - max_valid - max_reached,
			  p->first_broken);
}
