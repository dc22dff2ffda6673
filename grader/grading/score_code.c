/* score_code.c - see score_code.h. */
#include "score_code.h"
#include "base/printable.h"
#include "verdict/verdict.h"

#include <stdio.h>
#include <string.h>

enum { PRINTED_MAX = 4000 };

/* Adds a story's fields to a check. */
static void add_story(json_t *check, const json_t *story)
{
	json_object_update(check, (json_t *)story);
}

/* What an ending means for the exercise as a whole. */
static void note_outcome(const struct judged *c, const json_t *story)
{
	static const struct { const char *finding; enum outcome outcome; } rows[] = {
		{ "hang", OUTCOME_TIMEOUT }, { "crash", OUTCOME_CRASH },
		{ "abort", OUTCOME_CRASH }, { "flood", OUTCOME_OUTPUT_LIMIT },
		{ "filled", OUTCOME_OUTPUT_LIMIT },
		{ "memory", OUTCOME_MEMORY_LIMIT },
		{ "load", OUTCOME_COMPILE_ERROR },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (strcmp(verdict_text(story, "finding"), rows[i].finding) == 0)
			verdict_outcome(c->verdict, rows[i].outcome);
}

/* The share of number I, from 0, when POINTS are dealt out evenly over N. */
static long share_of(long points, long n, long i)
{
	return n > 0 ? points / n + (i < points % n) : 0;
}

/* Deals MAX points out where there are more scenarios than points: so that each
 * one that goes wrong costs something, those that do share what is lost. WRONG
 * is how many do; this one is number NTH of its sort. */
static long thin_share(long max, long n, long wrong, bool is_wrong, long nth)
{
	long kept = max * (n - wrong) / n;
	return is_wrong ? share_of(max - kept, wrong, nth) :
	       share_of(kept, n - wrong, nth);
}

/* Whether a scenario has not earned its points: it went wrong, or was not run. */
static bool is_lost(const struct scenario *s)
{
	return s->wrong || !s->ran;
}

/* Adds the check of one plain scenario, which is worth SHARE. */
static void add_behaviour(const struct judged *c, const struct scenario *s, long share)
{
	const char *status = s->wrong ? "fail" : s->ran ? "pass" : "skip";
	json_t *check = verdict_check(c->verdict, "behaves", s->name, status,
		is_lost(s) ? 0 : share, share, NULL, s->ran ?
		"does what its contract says" :
		"not judged: too much time had gone before it");
	if (!s->ran)
		verdict_outcome(c->verdict, OUTCOME_TIMEOUT);
	if (!s->wrong)
		return;
	add_story(check, s->wrong);
	note_outcome(c, s->wrong);
}

/* Adds a check for each plain scenario; the points are dealt out evenly. Whether
 * none has lost them. */
static bool add_behaves(const struct judged *c)
{
	const struct suite *suite = c->suite;
	long max = c->exercise->behaves;
	long n = (long)suite->n, lost = 0, so_far[2] = { 0, 0 };
	for (long i = 0; i < n; i++)
		lost += is_lost(&suite->scenarios[i]);
	for (long i = 0; i < n; i++) {
		const struct scenario *s = &suite->scenarios[i];
		long share = max >= n ? share_of(max, n, i) :
			     thin_share(max, n, lost, is_lost(s),
					so_far[is_lost(s)]++);
		add_behaviour(c, s, share);
	}
	return lost == 0;
}

/* How many fault points of SCENARIO are dirty, none counted beyond those that
 * the reference has there. */
static long dirty_of(const struct scenario *s, long reference)
{
	if (is_lost(s))
		return reference;
	return (long)s->dirty < reference ? (long)s->dirty : reference;
}

/* The sums over the swept scenarios. */
struct sweep_sums {
	long points, dirty, reference, unjudged;
};

static struct sweep_sums sum_sweep(const struct judged *c)
{
	struct sweep_sums sums = { 0 };
	const json_t *points = json_object_get(c->reference, "points");
	for (size_t i = 0; i < c->suite->n; i++) {
		const struct scenario *s = &c->suite->scenarios[i];
		if (s->sweeping != SWEPT)
			continue;
		long reference = verdict_number(points, s->name);
		sums.reference += reference;
		sums.points += s->points;
		sums.dirty += dirty_of(s, reference);
		sums.unjudged += s->unjudged;
	}
	return sums;
}

/* Whether two stories tell the same fault in the same places, in other runs. */
static bool alike(const json_t *a, const json_t *b)
{
	const json_t *here = json_array_get(json_object_get(a, "ledger"), 0);
	const json_t *there = json_array_get(json_object_get(b, "ledger"), 0);
	const json_t *fault = json_object_get(a, "fault");
	const json_t *other = json_object_get(b, "fault");
	return strcmp(verdict_text(a, "finding"),
		      verdict_text(b, "finding")) == 0 &&
	       strcmp(verdict_text(a, "file"), verdict_text(b, "file")) == 0 &&
	       verdict_number(a, "line") == verdict_number(b, "line") &&
	       verdict_number(fault, "line") == verdict_number(other, "line") &&
	       verdict_number(json_object_get(here, "acquired"), "line") ==
	       verdict_number(json_object_get(there, "acquired"), "line");
}

/* Counts STORY at the check that tells the same already: false when none
 * does. */
static bool fold(const json_t *checks, const json_t *story)
{
	size_t i;
	json_t *check;
	json_array_foreach(checks, i, check) {
		if (strcmp(verdict_text(check, "group"), "survives") != 0 ||
		    !alike(check, story))
			continue;
		long times = verdict_number(check, "times");
		json_object_set_new(check, "times",
				    json_integer(times ? times + 1 : 2));
		return true;
	}
	return false;
}

/* Adds the findings of the sweep: the first to CHECK, a check for each more. */
static void add_findings(const struct judged *c, json_t *check)
{
	const json_t *checks = json_object_get(c->verdict, "checks");
	for (size_t i = 0; i < c->suite->n; i++) {
		size_t j;
		json_t *story;
		json_array_foreach(c->suite->scenarios[i].findings, j, story) {
			note_outcome(c, story);
			if (fold(checks, story))
				continue;
			if (!check)
				check = verdict_check(
					c->verdict, "survives",
					c->suite->scenarios[i].name, "fail",
					0, 0, NULL, "");
			add_story(check, story);
			check = NULL;
		}
	}
}

/* What a stage of the exercise has come to. */
static json_t *stage_of(const struct judged *c, const char *stage)
{
	const json_t *points = json_object_get(c->reference, "points");
	long scenarios = 0, behave = 0, all = 0, clean = 0;
	for (size_t i = 0; i < c->suite->n; i++) {
		const struct scenario *s = &c->suite->scenarios[i];
		size_t n = strlen(stage);
		if (strncmp(s->name, stage, n) != 0 || s->name[n] != '_')
			continue;
		scenarios++;
		behave += !s->wrong;
		if (s->sweeping != SWEPT)
			continue;
		long reference = verdict_number(points, s->name);
		all += reference;
		clean += reference - dirty_of(s, reference);
	}
	return json_pack("{s:s, s:I, s:I, s:I, s:I}", "name", stage,
			 "scenarios", (json_int_t)scenarios,
			 "behave", (json_int_t)behave,
			 "calls", (json_int_t)all, "clean", (json_int_t)clean);
}

/* Lists what each stage has come to, when the exercise has stages. */
static void add_stages(const struct judged *c)
{
	const struct names *stages = &c->exercise->stages;
	if (stages->n == 0)
		return;
	json_t *list = json_array();
	for (size_t i = 0; i < stages->n; i++)
		json_array_append_new(list, stage_of(c, stages->name[i]));
	json_object_set_new(c->verdict, "stages", list);
}

/* Adds the check "survives": floor(max * (1 - min(1, dirty / R))). Whether no fault
 * point is dirty, where that is asked for. */
static bool add_survives(const struct judged *c)
{
	struct sweep_sums sums = sum_sweep(c);
	long max = c->exercise->survives;
	add_stages(c);
	if (max == 0)
		return true;
	long kept = sums.dirty < sums.reference ?
		    sums.reference - sums.dirty : 0;
	char message[256];
	if (sums.dirty == 0)
		snprintf(message, sizeof(message), "whichever of its %ld fallible "
			 "calls fails, once or from there on, it cleans up",
			 sums.points);
	else
		snprintf(message, sizeof(message), "first it has to work "
			 "when no call fails: mend what behaves tells");
	json_t *check = verdict_check(c->verdict, "survives", "survives",
				      sums.dirty ? "fail" : "pass",
				      sums.reference ?
				      max * kept / sums.reference : 0, max,
				      NULL, message);
	add_findings(c, check);
	json_object_set_new(c->verdict, "sweep", json_pack(
		"{s:I, s:I, s:I, s:I}", "points", (json_int_t)sums.points,
		"dirty", (json_int_t)sums.dirty,
		"reference", (json_int_t)sums.reference,
		"unjudged", (json_int_t)sums.unjudged));
	if (sums.unjudged > 0)
		verdict_outcome(c->verdict, OUTCOME_TIMEOUT);
	return sums.dirty == 0;
}

/* What the learner's own code printed, of the first scenario that printed. */
static void add_printed(const struct judged *c)
{
	for (size_t i = 0; i < c->suite->n; i++) {
		const struct scenario *s = &c->suite->scenarios[i];
		const char *out = s->out ? s->out : "";
		const char *err = s->err && !s->wrong ? s->err : "";
		if (!*out && !*err)
			continue;
		char text[2 * PRINTED_MAX + 1];
		printable_copy(text, PRINTED_MAX + 1, out);
		printable_copy(text + strlen(text), PRINTED_MAX + 1, err);
		json_object_set_new(c->verdict, "printed", verdict_string(text));
		return;
	}
}

bool code_checks_add(const struct judged *judged)
{
	bool behaves = add_behaves(judged);
	bool survives = add_survives(judged);
	add_printed(judged);
	return behaves && survives;
}
