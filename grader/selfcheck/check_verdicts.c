/* check_verdicts.c - the gate over verdicts: what came, against what somebody
 * wrote down that should come. */
#include "base/path.h"
#include "parts.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "catalog/rows.h"
#include "grading/score_tests.h"
#include "verdict/verdict.h"

enum { QUOTE_BEFORE = 30, QUOTE_MAX = 60 };

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

long selfcheck_each(struct gate *gate, const char *folder,
	       void (*each)(struct gate *gate, const char *name))
{
	char path[PATH_MAX];
	struct dirent **found;
	int n = path_join(path, sizeof(path), "%s/grader/exercises/%s/%s",
			  gate->root, gate->exercise->id, folder);
	n = n < 0 ? n : scandir(path, &found, visible, alphasort);
	if (n < 0)
		return 0;
	for (int i = 0; i < n; i++) {
		each(gate, found[i]->d_name);
		free(found[i]);
	}
	free(found);
	return n;
}

/* --- one verdict --------------------------------------------------------- */

/* The first complaint of VERDICT, to be shown. */
static const char *complaint(const json_t *verdict)
{
	const char *first = verdict_complaint(verdict, "");
	return first ? first : "no complaint";
}

static long score_of(const struct submission *s)
{
	return verdict_number(s->verdict, "score");
}

/* It has the score that is written down. */
static void compare_score(struct gate *gate, const struct submission *s)
{
	tally_hold(&gate->tally, s->sort, score_of(s) == s->expected.score,
		   "%s: score %ld expected, %ld came: %s", s->place,
		   s->expected.score, score_of(s), complaint(s->verdict));
}

/* It passes or fails as it should. */
static void compare_status(struct gate *gate, const struct submission *s)
{
	const char *status = verdict_text(s->verdict, "status");
	tally_hold(&gate->tally, s->sort,
		   strcmp(status, s->expected.status) == 0,
		   "%s: status %s expected, %s came: %s", s->place,
		   s->expected.status, status, complaint(s->verdict));
}

/* Among its complaints is the one that it was made for. */
static void compare_diagnosis(struct gate *gate, const struct submission *s)
{
	if (*s->expected.diagnosis)
		tally_hold(&gate->tally, s->sort,
			   verdict_complaint(s->verdict, s->expected.diagnosis),
			   "%s: diagnosis \"%s\" expected, this came: %s",
			   s->place, s->expected.diagnosis,
			   complaint(s->verdict));
}

/* Our solution, once it is judged; NULL when it could not be. */
static const struct submission *solution_of(const struct gate *gate)
{
	for (size_t i = 0; i < gate->n; i++)
		if (gate->submissions[i].sort == SORT_SOLUTION)
			return gate->submissions[i].verdict ?
			       &gate->submissions[i] : NULL;
	return NULL;
}

/* It is worth less than our solution. */
static void compare_with_solution(struct gate *gate, const struct submission *s)
{
	const struct submission *solution = solution_of(gate);
	if (solution)
		tally_hold(&gate->tally, s->sort,
			   score_of(s) < score_of(solution),
			   "%s: less than the %ld of our solution expected, "
			   "%ld came", s->place, score_of(solution),
			   score_of(s));
}

/* It tells a beginner what to do first. */
static void compare_advice(struct gate *gate, const struct submission *s)
{
	const char *step = gate->exercise->first_step;
	const char *advice = verdict_text(s->verdict, "advice");
	tally_hold(&gate->tally, s->sort, strcmp(advice, step) == 0,
		   "%s: the advice \"%s\" expected, \"%s\" came", s->place,
		   step, advice);
}

/* One mistake more never pays. */
static void compare_with_either(struct gate *gate, const struct submission *s)
{
	long a = score_of(&gate->submissions[s->of[0]]);
	long b = score_of(&gate->submissions[s->of[1]]);
	tally_hold(&gate->tally, s->sort, score_of(s) <= (a < b ? a : b),
		   "%s: together at most %ld expected (alone %ld and %ld), %ld "
		   "came: %s", s->place, a < b ? a : b, a, b, score_of(s),
		   complaint(s->verdict));
}

/* A second judging said the same, to the letter. */
static void compare_rounds(struct gate *gate, const struct submission *s)
{
	size_t i = 0, from;
	if (!s->said[0] || !s->said[1])
		return;
	while (s->said[0][i] && s->said[0][i] == s->said[1][i])
		i++;
	from = i < QUOTE_BEFORE ? 0 : i - QUOTE_BEFORE;
	tally_hold(&gate->tally, SORT_REPEAT,
		   strcmp(s->said[0], s->said[1]) == 0,
		   "%s: the same verdict twice expected, ...%.*s... and then "
		   "...%.*s... came", s->place, QUOTE_MAX, s->said[0] + from,
		   QUOTE_MAX, s->said[1] + from);
}

/* Which submissions are compared how. */
#define BIT(sort) (1u << (sort))
static const struct {
	unsigned sorts;
	void (*compare)(struct gate *gate, const struct submission *s);
} comparisons[] = {
	{ ~(BIT(SORT_PAIR) | BIT(SORT_PRICE)), compare_score },
	{ ~BIT(SORT_PAIR), compare_status },
	{ ~BIT(SORT_PAIR), compare_diagnosis },
	{ BIT(SORT_STARTER) | BIT(SORT_MISCONCEPTION), compare_with_solution },
	{ BIT(SORT_STARTER), compare_advice },
	{ BIT(SORT_PAIR), compare_with_either },
	{ ~BIT(SORT_PAIR), compare_rounds },
};

void selfcheck_compare(struct gate *gate, size_t first)
{
	for (size_t i = first; i < gate->n; i++) {
		const struct submission *s = &gate->submissions[i];
		for (size_t j = 0; s->verdict && j < sizeof(comparisons) /
		     sizeof(*comparisons); j++)
			if (comparisons[j].sorts & BIT(s->sort))
				comparisons[j].compare(gate, s);
	}
}

/* --- broken versions ----------------------------------------------------- */

/* A broken version has words for the learner whose tests miss it. */
static void check_words(struct gate *gate, const char *name)
{
	char path[PATH_MAX], *why = NULL;
	struct patch patch;
	const char *id = gate->exercise->id;
	int rc = path_join(path, sizeof(path), "%s/grader/exercises/%s/mutants/"
			   "%s", gate->root, id, name);
	if (rc == 0)
		rc = patch_read(path, &patch, &why);
	tally_hold(&gate->tally, SORT_BROKEN,
		   rc == 0 && *patch.says && *patch.clause,
		   "grader/exercises/%s/mutants/%s:1: \"Clause: \" and \"Says: "
		   "\" above a diff expected, not all of it came", id, name);
	const struct row *row = rc == 0 ? rows_find(gate->exercise, patch.row) : NULL;
	tally_hold(&gate->tally, SORT_ROW, row && row->kind == ROW_TESTS,
		   "grader/exercises/%s/mutants/%s:1: \"Row: TESTS n\", the row of "
		   "exercise.json that this broken version shows, expected, none "
		   "came", id, name);
	free(why);
}

/* The judge itself catches each broken version. */
static void check_lives(struct gate *gate, const json_t *lives)
{
	for (size_t i = 0; i < json_array_size(lives); i++)
		tally_hold(&gate->tally, SORT_BROKEN, false,
			   "grader/exercises/%s/mutants/%s.patch:1: caught by "
			   "the judge expected, it lives: no scenario shows "
			   "what it does wrong", gate->exercise->id,
			   json_string_value(json_array_get(lives, i)));
	if (json_array_size(lives) == 0)
		tally_hold(&gate->tally, SORT_BROKEN, true, "none lives");
}

/* Our solution's tests met as many broken versions as there are, and caught
 * them. */
static void check_caught(struct gate *gate, long patches, long changes)
{
	const struct submission *solution = solution_of(gate);
	if (!solution)
		return;
	const json_t *proves = json_object_get(solution->verdict, "proves");
	long broken = verdict_number(proves, "broken");
	long caught = verdict_number(proves, "caught");
	tally_hold(&gate->tally, SORT_BROKEN, broken == patches + changes,
		   "%s: %ld broken versions expected (%ld patches, %ld made at "
		   "run time), %ld came", solution->place, patches + changes,
		   patches, changes, broken);
	const char *missed = verdict_complaint(solution->verdict,
					       MISSED_BROKEN);
	tally_hold(&gate->tally, SORT_BROKEN, caught == broken,
		   "%s: %ld broken versions caught expected, %ld came: %s",
		   solution->place, broken, caught, missed ? missed : "");
}

void selfcheck_check_broken(struct gate *gate)
{
	const char *id = gate->exercise->id;
	if (gate->exercise->proves == 0)
		return;		/* without tests nobody has to catch any */
	char *text = selfcheck_read(gate, "build/exercises/%s/reference.json", id);
	json_t *reference = text ? json_loads(text, 0, NULL) : NULL;
	long patches = selfcheck_each(gate, "mutants", check_words);
	long changes = (long)json_array_size(json_object_get(reference,
							     "changes"));
	tally_hold(&gate->tally, SORT_BROKEN, patches >= 1,
		   "grader/exercises/%s/mutants: one or more expected, none "
		   "came", id);
	tally_hold(&gate->tally, SORT_BROKEN, changes >= 1,
		   "build/exercises/%s/reference.json:1: a broken version made "
		   "at run time expected, none came", id);
	check_lives(gate, json_object_get(reference, "lives"));
	check_caught(gate, patches, changes);
	json_decref(reference);
	free(text);
}
