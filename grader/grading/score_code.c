/* score_code.c - see score_code.h. */
#include "score_code.h"
#include "base/printable.h"
#include "catalog/rows.h"
#include "fold.h"
#include "score_rows.h"
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

/* --- the checklist --------------------------------------------------------- */

/* Whether a scenario has not done what it should: it went wrong, or was not run. */
static bool is_lost(const struct scenario *s)
{
	return s->wrong || !s->ran;
}

/* How many fault points our solution has in S; 0 when they are not swept. */
static long reference_of(const struct judged *c, const struct scenario *s)
{
	return s->sweeping != SWEPT ? 0 : verdict_number(
		json_object_get(c->reference, "points"), s->name);
}

/* The first row of the code that scenario S shows; the first of all when it shows none. */
static const struct row *first_row(const struct judged *c, const struct scenario *s)
{
	const struct exercise *e = c->exercise;
	for (size_t i = 0; i < e->n_rows; i++)
		if (e->rows[i].kind == ROW_CODE && row_is_shown_by(&e->rows[i], s->name))
			return &e->rows[i];
	return rows_first(e, ROW_CODE);
}

/* Whether a finding with this CLAUSE in scenario S breaks ROW. One without a clause,
 * such as a crash, breaks each row that the scenario shows, and one at least. */
static bool is_broken_by(const struct judged *c, const struct row *row,
			 const struct scenario *s, const char *clause)
{
	const struct row *own = rows_of_clause(c->exercise, clause);
	return own ? own == row : row_is_shown_by(row, s->name) ||
		     row == first_row(c, s);
}

/* Whether the run that STORY tells of breaks ROW. */
static bool story_breaks(const struct judged *c, const struct row *row,
			 const struct scenario *s, const json_t *story)
{
	size_t i;
	json_t *clause;
	if (is_broken_by(c, row, s, verdict_text(story, "clause")))
		return true;
	json_array_foreach(json_object_get(story, "also"), i, clause)
		if (is_broken_by(c, row, s, json_string_value(clause)))
			return true;
	return false;
}

/* How many fault points of S break ROW. */
static long points_that_break(const struct judged *c, const struct row *row,
			      const struct scenario *s)
{
	const char *clause;
	json_t *points;
	json_t *all = json_object();
	json_object_foreach(s->breaks, clause, points)
		if (is_broken_by(c, row, s, clause))
			json_object_update(all, points);
	long n = (long)json_object_size(all);
	json_decref(all);
	return n;
}

/* Adds to SEEN what scenario S shows of ROW: its plain run, and its fault points, of
 * which none counts beyond those of our solution. Nothing was seen of the points when
 * the plain run went wrong. */
static void see(const struct judged *c, const struct row *row,
		const struct scenario *s, struct seen *seen)
{
	long reference = reference_of(c, s);
	long all = row_is_shown_by(row, s->name) ? 1 + reference : 0, bad;
	if (is_lost(s)) {
		bad = all;
		seen->broken |= s->wrong && story_breaks(c, row, s, s->wrong);
	} else {
		long broken = points_that_break(c, row, s);
		bad = broken + (all > 0 ? s->unjudged : 0);
		bad = bad < reference ? bad : reference;
		seen->broken |= broken > 0;
	}
	seen->all += all;
	seen->bad += bad;
}

/* Enters the rows of the code: how many points they have lost together, and no more
 * than there are. */
static long enter_rows(const struct judged *c)
{
	const struct exercise *e = c->exercise;
	long lost = 0, most = rows_points(e, ROW_CODE);
	for (size_t i = 0; i < e->n_rows; i++) {
		struct seen seen = { .all = 0 };
		if (e->rows[i].kind != ROW_CODE)
			continue;
		for (size_t j = 0; j < c->suite->n; j++)
			see(c, &e->rows[i], &c->suite->scenarios[j], &seen);
		long one = row_lost(&e->rows[i], &seen);
		row_enter(c->verdict, &e->rows[i], one, seen.broken);
		lost += one;
	}
	return lost < most ? lost : most;
}

/* Names the row of the checklist that the CHECK of scenario S is about: that of its
 * clause, else the first that the scenario shows. */
static void name_row(const struct judged *c, json_t *check, const struct scenario *s)
{
	const struct row *row = rows_of_clause(c->exercise,
					       verdict_text(check, "clause"));
	if (!row)
		row = first_row(c, s);
	if (row)
		json_object_set_new(check, "row", json_string(row->id));
}

/* --- what each check is worth ----------------------------------------------- */

/* One check of the code under way. */
struct share {
	long max, score;
	bool lost;		/* it bears a part of what the rows have lost */
};

/* Each scenario, and the sweep after them where there are points for it. */
struct shares {
	struct share of[SCENARIOS_MAX + 1];
	size_t n;
};

/* The part of number I, from 0, when POINTS are dealt out evenly over N. */
static long part_of(long points, long n, long i)
{
	return n > 0 ? points / n + (i < points % n) : 0;
}

/* Deals POINTS out evenly over the shares that are LOST, or over those that are not. */
static void deal(struct shares *shares, bool lost, long points)
{
	long n = 0, nth = 0;
	for (size_t i = 0; i < shares->n; i++)
		n += shares->of[i].lost == lost;
	for (size_t i = 0; i < shares->n; i++)
		if (shares->of[i].lost == lost)
			shares->of[i].max = part_of(points, n, nth++);
}

/* The points of the shares that are lost. */
static long worth_of_lost(const struct shares *shares)
{
	long worth = 0;
	for (size_t i = 0; i < shares->n; i++)
		worth += shares->of[i].lost ? shares->of[i].max : 0;
	return worth;
}

/* Takes LOST points from the shares that went wrong, of each its part. Where they are
 * worth less, they get as much as is lost, and the others the rest. */
static void take_points(struct shares *shares, long all, long lost)
{
	long worth = worth_of_lost(shares), left = lost;
	if (worth < lost) {
		deal(shares, true, lost);
		deal(shares, false, all - lost);
		worth = lost;
	}
	for (size_t i = 0; i < shares->n; i++) {
		struct share *s = &shares->of[i];
		long part = s->lost && worth > 0 ? lost * s->max / worth : 0;
		s->score = s->max - part;
		left -= part;
	}
	for (size_t i = 0; left > 0 && i < shares->n; i++)
		if (shares->of[i].lost && shares->of[i].score > 0) {
			shares->of[i].score--;
			left--;
		}
}

/* What every check of the code is worth and has earned, when the rows have LOST so many
 * points: the sweep comes last, and is DIRTY or not. */
static void share_out(const struct judged *c, long lost, bool dirty,
		      struct shares *shares)
{
	const struct suite *suite = c->suite;
	const struct exercise *e = c->exercise;
	shares->n = suite->n + (e->survives > 0);
	for (size_t i = 0; i < suite->n; i++) {
		shares->of[i].lost = is_lost(&suite->scenarios[i]);
		shares->of[i].max = part_of(e->behaves, (long)suite->n, (long)i);
	}
	shares->of[suite->n].lost = dirty;
	shares->of[suite->n].max = e->survives;
	take_points(shares, e->behaves + e->survives, lost);
}

/* --- the checks --------------------------------------------------------------- */

/* Adds the check of one plain scenario. */
static void add_behaviour(const struct judged *c, const struct scenario *s,
			  const struct share *share)
{
	const char *status = s->wrong ? "fail" : s->ran ? "pass" : "skip";
	json_t *check = verdict_check(c->verdict, "behaves", s->name, status,
		share->score, share->max, NULL, s->ran ?
		"does what its contract says" :
		"not judged: too much time had gone before it");
	if (!s->ran)
		verdict_outcome(c->verdict, OUTCOME_TIMEOUT);
	if (!s->wrong)
		return;
	add_story(check, s->wrong);
	name_row(c, check, s);
	note_outcome(c, s->wrong);
}

/* Adds a check for each plain scenario. Whether none went wrong. */
static bool add_behaves(const struct judged *c, const struct shares *shares)
{
	bool good = true;
	for (size_t i = 0; i < c->suite->n; i++) {
		add_behaviour(c, &c->suite->scenarios[i], &shares->of[i]);
		good = good && !is_lost(&c->suite->scenarios[i]);
	}
	return good;
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
		sums.points += is_lost(s) ? 0 : s->points;
		sums.dirty += dirty_of(s, reference);
		sums.unjudged += s->unjudged;
	}
	return sums;
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
			if (fold_repeated(checks, story))
				continue;
			if (!check)
				check = verdict_check(
					c->verdict, "survives",
					c->suite->scenarios[i].name, "fail",
					0, 0, NULL, "");
			add_story(check, story);
			name_row(c, check, &c->suite->scenarios[i]);
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

/* Adds the check "survives", which is worth SHARE, with what was found. Whether no fault
 * point is dirty, where that is asked for. */
static bool add_survives(const struct judged *c, const struct sweep_sums *sums,
			 const struct share *share)
{
	add_stages(c);
	if (c->exercise->survives == 0)
		return true;
	char message[256];
	if (sums->dirty == 0)
		snprintf(message, sizeof(message), "whichever of its %ld fallible "
			 "calls fails, once or from there on, it cleans up",
			 sums->points);
	else
		snprintf(message, sizeof(message), "first it has to work "
			 "when no call fails: mend what behaves tells");
	json_t *check = verdict_check(c->verdict, "survives", "survives",
				      sums->dirty ? "fail" : "pass",
				      share->score, share->max, NULL, message);
	add_findings(c, check);
	json_object_set_new(c->verdict, "sweep", json_pack(
		"{s:I, s:I, s:I, s:I}", "points", (json_int_t)sums->points,
		"dirty", (json_int_t)sums->dirty,
		"reference", (json_int_t)sums->reference,
		"unjudged", (json_int_t)sums->unjudged));
	if (sums->unjudged > 0)
		verdict_outcome(c->verdict, OUTCOME_TIMEOUT);
	return sums->dirty == 0;
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
	struct shares shares = { .n = 0 };
	struct sweep_sums sums = sum_sweep(judged);
	share_out(judged, enter_rows(judged), sums.dirty > 0, &shares);
	bool behaves = add_behaves(judged, &shares);
	bool survives = add_survives(judged, &sums, &shares.of[judged->suite->n]);
	add_printed(judged);
	return behaves && survives;
}
