/* terminal.c - see terminal.h. */
#include "terminal.h"

#include <string.h>
#include "verdict/verdict.h"
#include "page.h"
#include "finding.h"

enum { MOST_FINDINGS = 5, MOST_PRINTED = 10, MOST_DIAGNOSTICS = 8,
       MOST_EVIDENCE = 8, GROUP = 2, POINTS = 12, NUMBERS = 22, ROW_ID = 8 };

static const char *const groups[] = { "behaves", "survives", "proves" };

enum { N_GROUPS = sizeof(groups) / sizeof(*groups) };

/* Whether CHECK tells of something to fix. */
static bool is_finding(const json_t *check)
{
	const char *status = verdict_text(check, "status");
	return strcmp(status, "fail") == 0 || strcmp(status, "error") == 0;
}

/* Whether CHECK adds a remark to one that has points. */
static bool is_remark(const json_t *check)
{
	return strcmp(verdict_text(check, "status"), "skip") == 0 &&
	       verdict_number(check, "max_score") == 0;
}

/* Whether check number N of CHECKS only counts what the next ones name: of the
 * tests, the counts stand with the points. */
static bool is_count(const json_t *checks, size_t n)
{
	const json_t *check = json_array_get(checks, n);
	const json_t *next = json_array_get(checks, n + 1);
	return strcmp(verdict_text(check, "group"), "proves") == 0 &&
	       verdict_number(check, "max_score") > 0 && is_finding(next) &&
	       verdict_number(next, "max_score") == 0 &&
	       strcmp(verdict_text(check, "name"),
		      verdict_text(next, "name")) == 0;
}

/* The check to tell in full: the first finding; in a replay, which may go
 * well, else the first check. NULL when there is none. */
static const json_t *main_check(const struct exercise_context *t, const json_t *checks)
{
	size_t i;
	json_t *check;
	json_array_foreach(checks, i, check)
		if (is_finding(check) && !is_count(checks, i))
			return check;
	return t->r->fail ? json_array_get(checks, 0) : NULL;
}

/* Whether a check before number N of CHECKS says the same. */
static bool is_told(const json_t *checks, size_t n)
{
	const char *message = verdict_text(json_array_get(checks, n),
					   "message");
	if (json_object_get(json_array_get(checks, n), "folded"))
		return true;
	for (size_t i = 0; i < n; i++)
		if (strcmp(verdict_text(json_array_get(checks, i), "message"),
			   message) == 0)
			return true;
	return false;
}

/* Every finding and remark of GROUP but FIRST, a line each. One
 * group must not crowd out the next, so there is a most for each. */
static void tell_group(struct page *page, const struct exercise_context *t,
		      const json_t *checks, const json_t *first,
		      const char *group)
{
	int told = 0;
	size_t i;
	json_t *check;
	json_array_foreach(checks, i, check) {
		if (check == first || is_told(checks, i) ||
		    is_count(checks, i) ||
		    !(is_finding(check) || is_remark(check)) ||
		    strcmp(verdict_text(check, "group"), group) != 0)
			continue;
		if (told == 0)
			page_end_line(page);
		if (told++ < MOST_FINDINGS)
			finding_line(page, t, check);
	}
	if (told > MOST_FINDINGS) {
		page_flowf(page, 0, "(and %d more under %s)", told - MOST_FINDINGS,
			   group);
		page_end_line(page);
	}
}

/* All but FIRST, group by group. */
static void tell_rest(struct page *page, const struct exercise_context *t,
		      const json_t *checks, const json_t *first)
{
	for (size_t i = 0; i < N_GROUPS; i++)
		tell_group(page, t, checks, first, groups[i]);
}

/* A block of text from outside under a heading. */
static void tell_block(struct page *page, const char *heading,
		       const char *text, int most)
{
	if (!*text)
		return;
	page_end_line(page);
	page_flow(page, 0, heading);
	page_end_line(page);
	page_block(page, "  | ", text, most);
}

/* What the compiler said, unless that was the one error that FIRST has told. */
static void tell_diagnostics(struct page *page, const json_t *exercise,
			     const json_t *first)
{
	static const char error[] = "error: ";
	const char *said = verdict_text(exercise, "diagnostics");
	const char *one = strstr(said, error);
	if (*verdict_text(first, "source") && one &&
	    !strstr(one + strlen(error), error))
		return;
	tell_block(page, "The compiler said:", said, MOST_DIAGNOSTICS);
}

/* Prints points under their heading, aligned. */
static void put_points(struct page *page, const char *heading, long score,
		       long max)
{
	char text[48] = "  -";
	page_to(page, GROUP);
	page_put(page, heading);
	page_to(page, POINTS);
	page_style(page, max > 0 && score == max ? STYLE_GOOD : STYLE_PLAIN);
	if (max > 0)
		snprintf(text, sizeof(text), "%3ld/%ld", score, max);
	page_put(page, text);
	page_style(page, STYLE_PLAIN);
}

/* The points that the exercise has for GROUP, 0 when it is about others. */
static long most_points(const struct exercise_context *t, const char *group)
{
	const struct exercise *e = catalog_find(t->r->catalog, t->id);
	if (!e)
		return FULL_SCORE;
	return strcmp(group, "behaves") == 0 ? e->behaves :
	       strcmp(group, "survives") == 0 ? e->survives : e->proves;
}

/* What each stage has come to: full, or how far it is. */
static void tell_stages(struct page *page, const json_t *stages)
{
	size_t i;
	json_t *s;
	json_array_foreach(stages, i, s) {
		long scenarios = verdict_number(s, "scenarios");
		long behave = verdict_number(s, "behave");
		long all = verdict_number(s, "calls");
		long clean = verdict_number(s, "clean");
		bool full = behave == scenarios && clean == all;
		page_to(page, GROUP);
		page_flowf(page, NUMBERS, "stage %zu  %s", i + 1,
			   verdict_text(s, "name"));
		page_to(page, NUMBERS);
		page_style(page, full ? STYLE_GOOD : STYLE_PLAIN);
		page_flow(page, NUMBERS, full ? "done" : "not yet");
		page_style(page, STYLE_PLAIN);
		page_flowf(page, NUMBERS, ": %ld of %ld scenarios", behave,
			   scenarios);
		if (all > 0)
			page_flowf(page, NUMBERS, ", clean at %ld of %ld "
				   "calls", clean, all);
		page_end_line(page);
	}
}

/* Whether the exercise is not about GROUP: it has no points for it. */
static bool is_absent(const struct exercise_context *t, const json_t *checks,
		      const char *group)
{
	size_t i;
	json_t *check;
	json_array_foreach(checks, i, check)
		if (strcmp(verdict_text(check, "group"), group) == 0 &&
		    verdict_number(check, "max_score") > 0)
			return false;
	return most_points(t, group) == 0;
}

/* The points of one group, summed over its checks, and why some of it was not
 * judged. */
static void tell_points(struct page *page, const json_t *checks,
			const char *group)
{
	const char *skipped = "";
	long score = 0, max = 0;
	size_t i;
	json_t *check;
	json_array_foreach(checks, i, check) {
		if (strcmp(verdict_text(check, "group"), group) != 0)
			continue;
		score += verdict_number(check, "score");
		max += verdict_number(check, "max_score");
		if (strcmp(verdict_text(check, "status"), "skip") == 0 &&
		    !is_remark(check))
			skipped = verdict_text(check, "message");
	}
	put_points(page, group, score, max);
	if (max == 0)
		skipped = "not judged yet";
	if (*skipped)
		page_to(page, NUMBERS);
	page_flow(page, NUMBERS, skipped);
}

/* How many calls were made to fail, and how many of them did harm. */
static void tell_sweep(struct page *page, const json_t *sweep)
{
	long points = verdict_number(sweep, "points");
	long dirty = verdict_number(sweep, "dirty");
	long late = verdict_number(sweep, "unjudged");
	if (points == 0)
		return;
	page_to(page, NUMBERS);
	page_flowf(page, NUMBERS, "calls made to fail: %ld", points);
	if (dirty <= points)
		page_flowf(page, NUMBERS, ", with harm: %ld", dirty);
	if (late > 0)
		page_flowf(page, NUMBERS, ", not tried for want of time: %ld",
			   late);
}

/* The three numbers of the learner's own tests, apart. */
static void tell_test_numbers(struct page *page, const json_t *proves)
{
	static const struct { const char *says, *part, *whole; } numbers[] = {
		{ "broken versions caught", "caught", "broken" },
		{ "error paths reached", "reached", "branches" },
		{ "sound tests", "valid", "tests" },
	};
	if (!verdict_number(proves, "tests"))
		return;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		if (i > 0)
			page_end_line(page);
		page_to(page, NUMBERS);
		page_flowf(page, NUMBERS, "%s: %ld of %ld", numbers[i].says,
			   verdict_number(proves, numbers[i].part),
			   verdict_number(proves, numbers[i].whole));
	}
}

/* The groups with their points, and the score. One check for all 100 points
 * means that nothing could be judged, by group or otherwise. */
static void tell_score(struct page *page, const struct exercise_context *t,
		       const json_t *exercise)
{
	const json_t *checks = json_object_get(exercise, "checks");
	bool groupless = verdict_number(json_array_get(checks, 0),
					"max_score") == FULL_SCORE;
	page_end_line(page);
	if (!groupless)
		tell_stages(page, json_object_get(exercise, "stages"));
	for (size_t i = 0; !groupless && i < N_GROUPS; i++) {
		if (is_absent(t, checks, groups[i]))
			continue;
		tell_points(page, checks, groups[i]);
		if (strcmp(groups[i], "survives") == 0)
			tell_sweep(page, json_object_get(exercise, "sweep"));
		if (strcmp(groups[i], "proves") == 0)
			tell_test_numbers(page, json_object_get(exercise, "proves"));
		page_end_line(page);
	}
	put_points(page, "score", verdict_number(exercise, "score"),
		   verdict_number(exercise, "max_score"));
	page_end_line(page);
}

/* The calls that are not watched: that no finding names them is no praise. */
static void tell_unwatched(struct page *page, const json_t *exercise)
{
	const json_t *names = json_object_get(exercise, "unwatched");
	size_t i;
	json_t *name;
	if (json_array_size(names) == 0)
		return;
	page_end_line(page);
	page_flow(page, 0, "Not watched, since the workbook does not know "
		  "these calls:");
	json_array_foreach(names, i, name)
		page_flowf(page, 2, "%s %s", i ? "," : "",
			   json_string_value(name));
	page_end_line(page);
}

/* What to do now. */
static void tell_next(struct page *page, const struct exercise_context *t,
		      const json_t *exercise)
{
	const char *advice = verdict_text(exercise, "advice");
	page_end_line(page);
	page_style(page, STYLE_STRONG);
	page_put(page, *advice ? "Do this first: " : "Next: ");
	page_style(page, STYLE_PLAIN);
	page_flow(page, 2, *advice ? advice : "fix this first finding.");
	if (t->r->own)
		page_flowf(page, 2, " Then type: make %.2s", t->id);
	page_end_line(page);
}

/* The next exercise after a good end, if there is one. */
static void tell_next_exercise(struct page *page, const struct exercise_context *t)
{
	const struct exercise *next = t->r->next;
	if (next && strcmp(next->id, t->id) != 0)
		page_flowf(page, 2, " Next: make %.2s (%s).", next->id,
			   next->title);
	else if (!next)
		page_flow(page, 2, " That was the last one: the whole "
			  "workbook is done.");
}

/* What full marks mean, by what the exercise asks. */
static const char *praise_of(const struct exercise_context *t)
{
	if (most_points(t, "proves") == 0)
		return " Well done: all of it is as it happens.";
	if (most_points(t, "survives") == 0)
		return " Well done: your tests accept every correct version "
		       "and catch every broken one.";
	return " Well done: whichever call fails, your code leaves nothing "
	       "behind, and your tests would notice.";
}

/* Full marks. */
static void tell_pass(struct page *page, const struct exercise_context *t,
		      const json_t *exercise)
{
	page_style(page, STYLE_GOOD);
	page_sign(page, SIGN_PASS);
	page_to(page, 2);
	page_flowf(page, 2, "%.2s %s: %ld of %ld.", t->id, t->id + 3,
		   verdict_number(exercise, "score"),
		   verdict_number(exercise, "max_score"));
	page_style(page, STYLE_PLAIN);
	page_flow(page, 2, praise_of(t));
	page_end_line(page);
	if (!t->r->own)
		return;
	page_to(page, 2);
	page_flowf(page, 2, "To compare with ours: make solution-%.2s.",
		   t->id);
	tell_next_exercise(page, t);
	page_end_line(page);
}

/* What a person may want to look at, a line each. */
static void tell_evidence(struct page *page, const struct exercise_context *t,
			  const json_t *exercise)
{
	const json_t *evidence = json_object_get(exercise, "evidence");
	size_t i;
	json_t *one;
	if (json_array_size(evidence) == 0)
		return;
	page_end_line(page);
	page_flow(page, 0, "Worth a look (that costs nothing):");
	page_end_line(page);
	json_array_foreach(evidence, i, one)
		if (i < MOST_EVIDENCE)
			finding_line(page, t, one);
	if (i > MOST_EVIDENCE) {
		page_flowf(page, 0, "(and %zu more)", i - MOST_EVIDENCE);
		page_end_line(page);
	}
}

/* What costs and earns nothing: what the code printed, and what to look at. */
static void tell_beside(struct page *page, const struct exercise_context *t,
			const json_t *exercise)
{
	tell_block(page, "Your code printed (that costs nothing):",
		   verdict_text(exercise, "printed"), MOST_PRINTED);
	tell_block(page, "Your tests printed (that costs nothing):",
		   verdict_text(exercise, "tests_printed"), MOST_PRINTED);
	tell_unwatched(page, exercise);
	tell_evidence(page, t, exercise);
}

static void tell_full_marks(struct page *page, const struct exercise_context *t,
			    const json_t *exercise)
{
	tell_pass(page, t, exercise);
	tell_beside(page, t, exercise);
}

/* An outcome told on its own, where no check tells more. */
static void tell_outcome(struct page *page, const char *says, bool first)
{
	if (first) {
		page_style(page, STYLE_BAD);
		page_sign(page, SIGN_FAIL);
		page_style(page, STYLE_PLAIN);
	}
	page_to(page, first ? 2 : 3);
	page_flow(page, first ? 2 : 3, says);
	page_end_line(page);
}

/* The columns that the longest id of ROWS takes. */
static int widest_id(const json_t *rows)
{
	size_t i, widest = 0;
	json_t *row;
	json_array_foreach(rows, i, row)
		if (strlen(verdict_text(row, "id")) > widest)
			widest = strlen(verdict_text(row, "id"));
	return (int)widest;
}

/* One row of the checklist: its sign, what it costs, and its words. */
static void tell_row(struct page *page, const json_t *row, int words)
{
	const char *status = verdict_text(row, "status");
	bool good = strcmp(status, "pass") == 0;
	bool bad = strcmp(status, "fail") == 0;
	char lost[24] = "";
	if (verdict_number(row, "lost") > 0)
		snprintf(lost, sizeof(lost), "%5ld", -verdict_number(row, "lost"));
	page_style(page, good ? STYLE_GOOD : bad ? STYLE_BAD : STYLE_PLAIN);
	page_sign(page, good ? SIGN_PASS : bad ? SIGN_FAIL : SIGN_DOT);
	page_style(page, STYLE_PLAIN);
	page_put(page, lost);
	page_to(page, ROW_ID);
	page_put(page, verdict_text(row, "id"));
	page_to(page, words);
	page_flow(page, words, verdict_text(row, "text"));
	page_end_line(page);
}

/* The checklist, before what was found, unless nothing of it could be judged. */
static void tell_rows(struct page *page, const json_t *exercise)
{
	const json_t *rows = json_object_get(exercise, "rows");
	size_t i, skipped = 0;
	json_t *row;
	json_array_foreach(rows, i, row)
		skipped += strcmp(verdict_text(row, "status"), "skip") == 0;
	if (skipped == json_array_size(rows))
		return;
	json_array_foreach(rows, i, row)
		tell_row(page, row, ROW_ID + widest_id(rows) + 2);
	page_end_line(page);
}

/* All there is to say of an exercise that is not done. */
static void tell_findings(struct page *page, const struct exercise_context *t,
			  const json_t *exercise)
{
	const json_t *checks = json_object_get(exercise, "checks");
	const json_t *first = main_check(t, checks);
	const char *says = verdict_text(json_object_get(exercise, "says"),
					"learner");
	tell_rows(page, exercise);
	if (first)
		finding_tell(page, t, first);
	if (*says)
		tell_outcome(page, says, !first);
	tell_diagnostics(page, exercise, first);
	tell_block(page, "What happened, step by step:",
		   verdict_text(exercise, "steps"), 0);
	tell_rest(page, t, checks, first);
	tell_beside(page, t, exercise);
	if (t->r->fail || strcmp(verdict_text(exercise, "status"),
				 "error") == 0)
		return;
	tell_score(page, t, exercise);
	tell_next(page, t, exercise);
}

/* One exercise, under a heading when it is one of several. */
static void tell_exercise(struct page *page, const struct report_context *r,
			  const json_t *exercise, bool several)
{
	struct exercise_context t;
	bool pass = strcmp(verdict_text(exercise, "status"), "pass") == 0;
	exercise_context_open(&t, r, exercise);
	if (several && !pass) {
		page_style(page, STYLE_STRONG);
		page_flowf(page, 0, "%.2s %s", t.id, t.id + 3);
		page_style(page, STYLE_PLAIN);
		page_end_line(page);
	}
	if (pass && !r->fail)
		tell_full_marks(page, &t, exercise);
	else
		tell_findings(page, &t, exercise);
}

/* The score over several exercises, unless one of them has none. */
static void tell_together(struct page *page, const json_t *verdict)
{
	page_end_line(page);
	if (strcmp(verdict_text(verdict, "status"), "error") == 0)
		page_flow(page, 0, "All together: no score, since not all of "
			  "them could be judged.");
	else
		page_flowf(page, 0, "All together: %ld of %ld.",
			   verdict_number(verdict, "score"),
			   verdict_number(verdict, "max_score"));
	page_end_line(page);
}

/* What the code ran in; one line more, with the reason, when that was no sandbox. */
static void tell_sandbox(struct page *page, const json_t *verdict)
{
	const char *sandbox = verdict_text(verdict, "sandbox");
	const char *why = verdict_text(verdict, "sandbox_why");
	bool bare = strcmp(sandbox, "limits") == 0;
	if (strcmp(verdict_text(verdict, "status"), "error") == 0 ||
	    strcmp(sandbox, "none") == 0)
		return;
	page_end_line(page);
	if (bare)
		page_flowf(page, 0, "The code ran in no sandbox, with limits of "
			   "time and memory alone%s%s.", *why ? ": " : "", why);
	else
		page_flowf(page, 0, "The code ran in a sandbox (%s).", sandbox);
	page_end_line(page);
}

void terminal_write(FILE *out, int descriptor, const json_t *verdict,
		    const struct report_context *r)
{
	struct page page = { .out = out, .look = look_of(descriptor) };
	const json_t *exercises = json_object_get(verdict, "exercises");
	bool several = json_array_size(exercises) > 1;
	size_t i;
	json_t *exercise;
	json_array_foreach(exercises, i, exercise) {
		if (i > 0)
			page_end_line(&page);
		tell_exercise(&page, r, exercise, several);
	}
	if (several)
		tell_together(&page, verdict);
	tell_sandbox(&page, verdict);
}
