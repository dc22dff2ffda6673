/* tell_tests.c - see tell_tests.h. */
#include "tell_tests.h"
#include "catalog/rows.h"
#include "debug/debug_info.h"
#include "test_words.h"
#include "verdict/verdict.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 1024, HELPER_MAX = 192, MANY_CALLS = 20, PRINTED_MAX = 4000 };

json_t *tell_detail(json_t *verdict, const char *name, const char *status,
		    const char *clause, const char *message)
{
	return verdict_check(verdict, "proves", name, status, 0, 0,
			     clause && *clause ? clause : NULL, message);
}

void tell_place(json_t *check, const char *file, int line)
{
	json_object_set_new(check, "file", verdict_sentence(file));
	json_object_set_new(check, "line", json_integer(line));
}

/* --- where, and what it said -------------------------------------------------------- */

/* The line of the test by which a helper was called at ADDRESS; 0 when not known. */
static int line_of_call(const struct mutation_test *p, uint32_t address)
{
	const char *const paths[SITE_MODULES] = { p->plan->tests, NULL };
	struct debug_info *info;
	if (!address || debug_info_open(paths, &info) < 0)
		return 0;
	int line = debug_info_find(info, 0, address).line;
	debug_info_close(&info);
	return line;
}

/* Adds a detail about TEST, whose account is A, with its place and its words: SAYS comes
 * before them, BETWEEN joins them, AFTER follows. The line is that of the test; where a
 * helper holds the assertion, that is named beside it. */
static json_t *tell_test(json_t *verdict, const struct mutation_test *p,
			 const struct test *test, const struct account *a,
			 const char *name, const char *clause, const char *says,
			 const char *between, const char *after)
{
	char words[WORDS_MAX], helper[HELPER_MAX] = "", message[3 * WORDS_MAX];
	int call = line_of_call(p, a->caller);
	test_words_of(a, words, sizeof(words));
	if (call)
		snprintf(helper, sizeof(helper), " (by the assertion at %s:%d)",
			 a->file, a->line);
	snprintf(message, sizeof(message), "%s%s%s%s%s", says,
		 words[0] ? between : "", words, words[0] ? helper : "", after);
	json_t *told = tell_detail(verdict, name, "fail", clause, message);
	tell_place(told, a->file[0] ? a->file : p->plan->exercise->tests,
		   call ? call : a->line ? a->line : test->line);
	return told;
}

/* How one says what a test made of a version. */
static const char *mark_phrase(enum mark mark)
{
	static const char *const phrases[] = {
		[MARK_NONE] = "never ran on", [MARK_UNTRIED] = "was not tried on",
		[MARK_ACCEPTS] = "accepts", [MARK_REJECTS] = "rejects",
		[MARK_LEAVES] = "exits on", [MARK_CRASHES] = "crashes on",
		[MARK_HANGS] = "waits without end on",
		[MARK_SLOW] = "takes too long on",
		[MARK_FILLS] = "writes too much on",
	};
	return phrases[mark];
}

/* The test that takes longest on one version. */
static const struct test *slowest(const struct mutation_test *p)
{
	const struct test *most = &p->tests[0];
	for (size_t t = 1; t < p->n_tests; t++)
		if (p->tests[t].cpu_us > most->cpu_us)
			most = &p->tests[t];
	return most;
}

/* Writes what a test may cost, of one that cost more. */
static void say_limit(const struct mutation_test *p, enum mark mark, char *ret,
		      size_t size)
{
	const struct test *most = slowest(p);
	*ret = '\0';
	if (mark == MARK_SLOW)
		snprintf(ret, size, ": a test may take %d second of processor time. "
			 "Make fewer rounds or smaller ones; or a loop does not end",
			 TEST_RUNNER_TEST_CPU_MS / 1000);
	else if (mark == MARK_FILLS)
		snprintf(ret, size, ": a file may have %d MiB, and Check writes down "
			 "each assertion. Does a loop not end?",
			 TEST_RUNNER_FILE_MAX >> 20);
	else if (mark == MARK_HANGS)
		snprintf(ret, size, ": it had waited for %d seconds",
			 TEST_RUNNER_TEST_MS / 1000);
	else if (mark == MARK_UNTRIED)
		snprintf(ret, size, ": all tests together may take %d seconds of "
			 "processor time on one version, and those before it took "
			 "them. The slowest is %s, with %.1f s",
			 TEST_RUNNER_VERSION_CPU_MS / 1000, most->name,
			 (double)most->cpu_us / 1e6);
}

/* --- tests that are set aside --------------------------------------------------------- */

/* What the contract leaves free and VERSION makes use of: the clause and the words that
 * exercise.json has for it. */
static const json_t *freedom_of(const struct mutation_test *p, const char *version)
{
	const json_t *freedoms = json_object_get(
		p->plan->exercise->description, "freedoms");
	return json_object_get(freedoms, version);
}

/* The freedom that the versions which test T rejects make use of, and no version that it
 * accepts; NULL when there is no such. */
static const json_t *freedom_denied(const struct mutation_test *p, size_t t)
{
	const json_t *denied = freedom_of(p, p->tests[t].rejects);
	for (size_t v = REFERENCE; v < p->correct; v++) {
		const json_t *free = freedom_of(p, p->versions[v].name);
		bool same = strcmp(verdict_text(free, "says"),
				   verdict_text(denied, "says")) == 0;
		if (same != (p->versions[v].mark[t] != MARK_ACCEPTS))
			return NULL;
	}
	return denied;
}

/* Whether the assertion of A is about how many calls a version makes: many were made to
 * fail in their turn, and it speaks of that number or compares nothing. */
static bool counts_calls(const struct account *a)
{
	struct comparison c;
	char number[24];
	snprintf(number, sizeof(number), "%u", a->plan.point);
	if (a->plan.mode == FAULT_NONE || a->plan.point < MANY_CALLS)
		return false;
	return !test_words_compare(a->text, &c) || strcmp(c.got, number) == 0;
}

/* Writes why the versions that test T rejects may be as they are, as far as that is
 * known: the clause concerned, NULL for none. What they make free use of is told only of
 * an assertion that failed, and only where it is what tells them from the others. */
static const char *say_why(const struct mutation_test *p, size_t t, char *ret,
			   size_t size)
{
	const struct test *test = &p->tests[t];
	const struct account *a = &test->correct;
	*ret = '\0';
	if (test->how != MARK_REJECTS) {
		say_limit(p, test->how, ret, size);
		return NULL;
	}
	if (a->state == PLAN_IDLE) {
		snprintf(ret, size, ". That version makes fewer than %u calls that can "
			 "fail there: how many calls a version makes is free. Count up "
			 "until fault_struck() returns 0", a->plan.point);
		return NULL;
	}
	if (counts_calls(a)) {
		snprintf(ret, size, ". That version makes more than %u calls that can "
			 "fail: how many calls a version makes is free. End the loop "
			 "when fault_struck() returns 0", a->plan.point - 1);
		return NULL;
	}
	const json_t *freedom = test->rejected == p->correct - REFERENCE ||
				a->state == PLAN_LATE ? NULL : freedom_denied(p, t);
	if (freedom)
		snprintf(ret, size, ". It asks for more than the contract does, if this "
			 "is what it is about: %s", verdict_text(freedom, "says"));
	return freedom ? verdict_text(freedom, "clause") : NULL;
}

void tell_set_aside(json_t *verdict, const struct mutation_test *p, size_t t)
{
	const struct test *test = &p->tests[t];
	bool all = test->rejected == p->correct - REFERENCE;
	char says[384], why[768];
	const char *clause = say_why(p, t, why, sizeof(why));
	snprintf(says, sizeof(says), "your test %s is set aside: it %s %s%s%s",
		 test->name, mark_phrase(test->how),
		 all ? "every correct version" : "a correct version (",
		 all ? "" : test->rejects, all ? "" : ")");
	tell_test(verdict, p, test, &test->correct, "valid", clause, says,
		  ". It said: ", why);
}

void tell_held_back(const struct mutation_test *p, size_t first, char *ret, size_t size)
{
	const struct test *aside = NULL;
	size_t n = 0;
	for (size_t v = first; v < p->n_versions; v++) {
		n += p->versions[v].aside != NULL;
		aside = p->versions[v].aside ? p->versions[v].aside : aside;
	}
	*ret = '\0';
	if (aside)
		snprintf(ret, size, "; your test %s may catch %zu more once it counts",
			 aside->name, n);
}

/* --- tests that found a fault ----------------------------------------------------------- */

/* The check of the code's that has earned most so far, NULL when there is none. */
static json_t *best_of_code(const json_t *verdict)
{
	json_t *best = NULL, *check;
	size_t i;
	json_array_foreach(json_object_get(verdict, "checks"), i, check)
		if (strcmp(verdict_text(check, "group"), "proves") != 0 &&
		    verdict_number(check, "score") > (best ? verdict_number(
						      best, "score") : 0))
			best = check;
	return best;
}

/* The row of the contract that has kept most points, NULL when there is none. */
static json_t *best_of_contract(const json_t *verdict, const struct exercise *exercise)
{
	json_t *best = NULL, *entered;
	size_t i;
	json_array_foreach(json_object_get(verdict, "rows"), i, entered) {
		const struct row *row = rows_find(exercise, verdict_text(entered, "id"));
		if (row && row->kind == ROW_CODE && verdict_number(entered, "score") >
		    (best ? verdict_number(best, "score") : 0))
			best = entered;
	}
	return best;
}

/* Takes POINTS from ROW, which is broken. */
static void charge_row(json_t *row, long points)
{
	long score = verdict_number(row, "score");
	if (!row)
		return;
	json_object_set_new(row, "status", json_string("fail"));
	json_object_set_new(row, "score", json_integer(score - points));
	json_object_set_new(row, "lost", json_integer(
		verdict_number(row, "lost") + points));
}

/* Takes from the code what one broken promise costs, when a test has found a fault that
 * the scenarios do not show: code with a fault has no full marks. FOUND says so. */
static void charge_code(json_t *verdict, const struct exercise *exercise,
			const json_t *found)
{
	json_t *check = best_of_code(verdict);
	json_t *row = best_of_contract(verdict, exercise);
	long score = verdict_number(check, "score"), cost = PRICE_OF_PROMISE;
	if (!check || strcmp(verdict_text(check, "status"), "fail") == 0)
		return;
	if (cost > score)
		cost = score;
	if (row && cost > verdict_number(row, "score"))
		cost = verdict_number(row, "score");
	charge_row(row, cost);
	json_object_set_new(check, "status", json_string("fail"));
	json_object_set_new(check, "score", json_integer(score - cost));
	json_object_set(check, "message", json_object_get(found, "message"));
	json_object_set(check, "file", json_object_get(found, "file"));
	json_object_set(check, "line", json_object_get(found, "line"));
}

void tell_found(json_t *verdict, const struct mutation_test *p, size_t t)
{
	const struct test *test = &p->tests[t];
	enum mark mark = p->versions[OWN].mark[t];
	char says[384], why[768];
	say_limit(p, mark, why, sizeof(why));
	snprintf(says, sizeof(says), "your test %s %s your own code and accepts every "
		 "correct version: it has found a fault of yours", test->name,
		 mark_phrase(mark));
	json_t *found = tell_test(verdict, p, test, &test->own, "found", NULL, says,
				  ": ", why);
	if (p->plan->clean)
		charge_code(verdict, p->plan->exercise, found);
}

/* --- what they print ---------------------------------------------------------------------- */

void tell_printed(json_t *verdict, const struct mutation_test *p)
{
	char text[PRINTED_MAX] = "";
	size_t n = 0;
	for (size_t t = 0; t < p->n_tests; t++) {
		const struct test *test = &p->tests[t];
		size_t length = strlen(test->printed);
		if (!length || n >= sizeof(text))
			continue;
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s:\n%s%s",
				      test->name, test->printed,
				      test->printed[length - 1] == '\n' ? "" : "\n");
	}
	if (n)
		json_object_set_new(verdict, "tests_printed", verdict_string(text));
}

/* --- one test alone --------------------------------------------------------------------- */

/* The number of the one test that was run, -1 when there is none of that name. */
static int number_of_one(const struct mutation_test *p)
{
	for (size_t t = 0; t < p->n_tests; t++)
		if (strcmp(p->tests[t].name, p->plan->only) == 0)
			return (int)t;
	return -1;
}

/* How many correct versions test T accepts. */
static size_t count_accepted(const struct mutation_test *p, size_t t)
{
	size_t n = 0;
	for (size_t v = REFERENCE; v < p->correct; v++)
		n += p->versions[v].mark[t] == MARK_ACCEPTS;
	return n;
}

/* Adds the check about the own code, when there is any, and about correct versions. */
static void tell_one_test(json_t *verdict, const struct mutation_test *p, size_t t)
{
	const struct test *test = &p->tests[t];
	size_t all = p->correct - REFERENCE, accepted = count_accepted(p, t);
	enum mark own = mutation_test_has_own(p) ? p->versions[OWN].mark[t] :
			MARK_ACCEPTS;
	bool good = own == MARK_ACCEPTS && accepted == all;
	const struct account *a = own != MARK_ACCEPTS ? &test->own : &test->correct;
	char says[512], of[128];
	snprintf(of, sizeof(of), "accepts %zu of %zu correct versions", accepted, all);
	snprintf(says, sizeof(says), "%s %s your own code, and %s", test->name,
		 mutation_test_has_own(p) ? mark_phrase(own) : "did not run on", of);
	if (good) {
		verdict_check(verdict, "proves", test->name, "pass", FULL_SCORE,
			      FULL_SCORE, NULL, says);
		return;
	}
	json_t *told = tell_test(verdict, p, test, a, test->name, NULL, says,
				 own != MARK_ACCEPTS ? ". On your code: " :
				 ". On a correct version: ", "");
	json_object_set_new(told, "max_score", json_integer(FULL_SCORE));
}

int tell_one(json_t *verdict, const struct mutation_test *p)
{
	const char *why = mutation_test_unusable(p);
	int t = why ? -1 : number_of_one(p);
	if (why)
		tell_not_loaded(verdict, p, FULL_SCORE, why);
	else if (t < 0)
		json_object_set_new(verdict, "no_replay", json_sprintf(
			"%s runs no test %s: is the name right, and does "
			"learner_tests list it?", p->plan->exercise->tests,
			p->plan->only));
	else
		tell_one_test(verdict, p, (size_t)t);
	tell_printed(verdict, p);
	return 0;
}

/* --- tests that could not be loaded ------------------------------------------------------ */

void tell_not_loaded(json_t *verdict, const struct mutation_test *p, long max,
		     const char *why)
{
	static const char words[] = "undefined symbol: ";
	const char *found = strstr(p->loading, words);
	char message[512];
	if (found)
		snprintf(message, sizeof(message), "your tests call %.*s, which nothing "
			 "defines: neither they nor the code. Is the name right, and is "
			 "the function there?",
			 (int)strcspn(found + strlen(words), " \n"),
			 found + strlen(words));
	verdict_check(verdict, "proves", "valid", "fail", 0, max, NULL,
		      found ? message : why);
}
