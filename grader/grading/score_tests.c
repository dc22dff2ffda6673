/* score_tests.c - see score_tests.h. */
#include "score_tests.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/files.h"
#include "catalog/rows.h"
#include "ledger/errors.h"
#include "intake.h"
#include "score_rows.h"
#include "tell_paths.h"
#include "tell_tests.h"
#include "verdict/verdict.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is said of tests that reach every error path and show little. */
#define TOO_LITTLE "your tests reach every error path, and ask too little there: it counts " \
	"when they show half of what they must show"

/* The size of the set of broken versions, and how many of them are caught. */
struct tally {
	size_t all, caught;
};

/* Enters ROW as SEEN, and returns how many points it has lost. */
static long enter(json_t *verdict, const struct row *row, const struct seen *seen)
{
	long lost = row_lost(row, seen);
	row_enter(verdict, row, lost, seen->broken);
	return lost;
}

/* Adds the check NAME, which has the points of the one row of KIND, as SEEN. */
static json_t *add_row_check(const struct mutation_test *p, json_t *verdict,
			     const char *name, enum row_kind kind,
			     const struct seen *seen, const char *message)
{
	const struct row *row = rows_first(p->plan->exercise, kind);
	long score = row ? row->points - enter(verdict, row, seen) : 0;
	json_t *check = verdict_check(verdict, "proves", name,
				      seen->bad ? "fail" : "pass",
				      score > 0 ? score : 0,
				      row ? row->points : 0, NULL, message);
	if (row)
		json_object_set_new(check, "row", json_string(row->id));
	return check;
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
	tell_place(tell_detail(verdict, "valid", "fail", NULL, message),
		  p->plan->exercise->tests, line);
}

/* Names each test that stands in the learner's file and is not run, when there is a
 * VERDICT: how many there are. */
static size_t count_unlisted_tests(const struct mutation_test *p, json_t *verdict)
{
	static const char begin[] = "START_TEST(";
	const size_t skipped = sizeof(begin) - 1;
	char path[PATH_MAX], *text;
	size_t size, unlisted = 0;
	int line = 1;
	if (path_join(path, sizeof(path), "%s/%s", p->plan->source,
		      p->plan->exercise->tests) < 0 ||
	    read_file(path, SUBMISSION_FILE_MAX, &text, &size) < 0)
		return 0;
	for (const char *at = text; at; line++) {
		const char *name = at + strspn(at, " \t");
		const char *next = strchr(at, '\n');
		if (strncmp(name, begin, skipped) == 0) {
			name += skipped + strspn(name + skipped, " \t");
			size_t n = strcspn(name, " \t\n)");
			bool listed = is_registered(p, name, n);
			unlisted += !listed;
			if (!listed && verdict)
				tell_unlisted(p, verdict, name, n, line);
		}
		at = next ? next + 1 : NULL;
	}
	free(text);
	return unlisted;
}

/* Whether the row that asks for correct versions to be accepted is earned: not when a
 * test rejects one, nor when broken versions are missed and a test is not listed, nor
 * when the tests show LITTLE of what they must show. */
static bool is_accept_earned(const struct mutation_test *p, struct tally tally,
			     bool little)
{
	return p->n_tests && mutation_test_count_valid(p) == p->n_tests && !little &&
	       (tally.caught == tally.all || count_unlisted_tests(p, NULL) == 0);
}

/* Writes into RET, which has SIZE bytes, how many of the tests count, and why not more. */
static void say_valid(const struct mutation_test *p, bool little, char *ret, size_t size)
{
	size_t valid = mutation_test_count_valid(p);
	if (p->n_tests == 0)
		snprintf(ret, size, "%s registers no test: add them in "
			 "learner_tests", p->plan->exercise->tests);
	else if (p->untrue)
		snprintf(ret, size, "none of your tests counts: they accept a "
			 "version in which every function ends the process at "
			 "once, which no test that calls it can live to tell");
	else if (valid == p->n_tests)
		snprintf(ret, size, "every one of your %zu tests accepts every "
			 "correct version%s", valid, little ? ": that counts when "
			 "they show half of what they must show" : "");
	else
		snprintf(ret, size, "%zu of your %zu tests count; the others "
			 "reject correct code", valid, p->n_tests);
}

/* Adds the check "valid": it has all of its points or none. */
static void add_valid(const struct mutation_test *p, json_t *verdict,
		      struct tally tally, bool little)
{
	char message[256];
	say_valid(p, little, message, sizeof(message));
	bool earned = is_accept_earned(p, tally, little);
	add_row_check(p, verdict, "valid", ROW_ACCEPT,
		      &(struct seen){ 1, !earned, !earned }, message);
	for (size_t t = 0; t < p->n_tests && !p->untrue; t++) {
		if (!p->tests[t].valid)
			tell_set_aside(verdict, p, t);
		else if (mutation_test_has_own(p) && p->versions[OWN].mark[t] != MARK_ACCEPTS)
			tell_found(verdict, p, t);
	}
	if (tally.caught < tally.all)
		count_unlisted_tests(p, verdict);
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

/* Adds the check "error_paths". To reach a path earns nothing when the tests show LITTLE
 * of what they must show: then they do not ask what came of it. */
static size_t add_reached(const struct mutation_test *p, json_t *verdict, bool little)
{
	size_t all = json_array_size(json_object_get(p->plan->reference,
						     "branches"));
	size_t reached = count_reached(p);
	size_t counted = little ? 0 : reached;
	const struct seen seen = { (long)all, (long)(all - counted), counted < all };
	struct paths paths = paths_find(p, reached, all);
	json_t *check = add_row_check(p, verdict, "error_paths", ROW_REACH, &seen,
				      little && reached == all ? TOO_LITTLE :
				      paths.message);
	paths_tell(verdict, check, &paths);
	return reached;
}

/* Whether V is one of those that tests are asked to catch. */
static bool is_broken(const struct version *v)
{
	return !mutation_test_is_canary(v) && !v->decoy;
}

/* The row that a broken version shows: the one that it names, or that of the releases
 * that are left out or doubled, or else the first. */
static const struct row *row_of(const struct mutation_test *p, const struct version *v)
{
	const struct exercise *e = p->plan->exercise;
	const struct row *row = v->row ? rows_find(e, v->row) : NULL;
	if (row && row->kind == ROW_TESTS)
		return row;
	return v->change == CHANGE_NONE ? rows_first(e, ROW_TESTS) :
	       rows_of_change(e, v->change == CHANGE_TWICE);
}

/* Names a broken version that lives. */
static void tell_missed(const struct mutation_test *p, json_t *verdict,
			const struct version *v)
{
	char message[512];
	snprintf(message, sizeof(message), MISSED_BROKEN "%s", v->says);
	json_object_set_new(tell_detail(verdict, "caught", "fail", v->clause, message),
			    "row", json_string(row_of(p, v)->id));
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

/* Enters the rows that broken versions show: how many points they have kept. */
static long enter_caught(const struct mutation_test *p, json_t *verdict, size_t first)
{
	const struct exercise *e = p->plan->exercise;
	long kept = rows_points(e, ROW_TESTS);
	for (size_t i = 0; i < e->n_rows; i++) {
		struct seen seen = { .all = 0 };
		if (e->rows[i].kind != ROW_TESTS)
			continue;
		for (size_t j = first; j < p->n_versions; j++) {
			const struct version *v = &p->versions[j];
			if (!is_broken(v) || row_of(p, v) != &e->rows[i])
				continue;
			seen.all++;
			seen.bad += !mutation_test_catches(p, v);
		}
		seen.broken = seen.bad > 0;
		kept -= enter(verdict, &e->rows[i], &seen);
	}
	return kept > 0 ? kept : 0;
}

/* Adds the check "caught", which has KEPT so many points, and names what lives. */
static int add_caught(struct mutation_test *p, json_t *verdict, long kept, size_t first)
{
	struct tally tally = tally_broken(p, first);
	char message[256], held[128];
	tell_held_back(p, first, held, sizeof(held));
	snprintf(message, sizeof(message),
		 "your tests catch %zu of %zu broken versions%s", tally.caught,
		 tally.all, held);
	verdict_check(verdict, "proves", "caught",
		      tally.caught == tally.all ? "pass" : "fail",
		      kept, rows_points(p->plan->exercise, ROW_TESTS), NULL, message);
	for (size_t i = first; i < p->n_versions; i++)
		if (is_broken(&p->versions[i]) && !p->versions[i].aside &&
		    !mutation_test_catches(p, &p->versions[i]))
			tell_missed(p, verdict, &p->versions[i]);
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
	const char *why = mutation_test_unusable(p);
	if (why) {
		tell_not_loaded(verdict, p, p->plan->exercise->proves, why);
		return 0;
	}
	struct tally tally = tally_broken(p, p->first_broken);
	long kept = enter_caught(p, verdict, p->first_broken);
	bool little = 2 * kept < rows_points(p->plan->exercise, ROW_TESTS);
	add_valid(p, verdict, tally, little);
	size_t reached = add_reached(p, verdict, little);
	tell_printed(verdict, p);
	add_numbers(p, verdict, tally, reached);
	return add_caught(p, verdict, kept, p->first_broken);
}
