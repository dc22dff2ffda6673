/* score_tests.c - see score_tests.h. */
#include "score_tests.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/files.h"
#include "ledger/errors.h"
#include "intake.h"
#include "tell_paths.h"
#include "tell_tests.h"
#include "verdict/verdict.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The size of the set of broken versions, and how many of them are caught. */
struct tally {
	size_t all, caught;
};

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
	tell_place(tell_detail(verdict, "valid", "fail", NULL, message),
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
	struct paths paths = paths_find(p, reached, all);
	long score = all ? max * (long)reached / (long)all : max;
	json_t *check = verdict_check(verdict, "proves", "error_paths",
				      reached == all ? "pass" : "fail", score,
				      max, NULL, paths.message);
	paths_tell(verdict, check, &paths);
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
	tell_detail(verdict, "caught", "fail", v->clause, message);
}

/* Names a broken version that only the learner's own support lets live. */
static void tell_blind(const struct mutation_test *p, json_t *verdict,
		       const struct version *v)
{
	char message[512];
	snprintf(message, sizeof(message), "%s is blind to a broken version: %s. "
		 "With a sound one your tests catch it",
		 p->plan->exercise->support.name[0], v->says);
	tell_detail(verdict, "blind", "fail", v->clause, message);
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
	char message[256], held[128];
	tell_held_back(p, first, held, sizeof(held));
	snprintf(message, sizeof(message),
		 "your tests catch %zu of %zu broken versions%s", tally.caught,
		 tally.all, held);
	verdict_check(verdict, "proves", "caught",
		      tally.caught == tally.all ? "pass" : "fail",
		      tally.all ? max * (long)tally.caught / (long)tally.all
				: 0, max, NULL, message);
	for (size_t i = first; i < p->n_versions; i++)
		if (is_broken(&p->versions[i]) && !p->versions[i].aside &&
		    !mutation_test_catches(p, &p->versions[i]))
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
		tell_not_loaded(verdict, p, max, why);
		return 0;
	}
	struct tally tally = tally_broken(p, p->first_broken);
	add_valid(p, verdict, max_valid, tally);
	size_t reached = add_reached(p, verdict, max_reached);
	tell_printed(verdict, p);
	add_numbers(p, verdict, tally, reached);
	return add_caught(p, verdict, max - max_valid - max_reached,
			  p->first_broken);
}
