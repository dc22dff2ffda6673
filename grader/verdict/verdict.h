/* verdict.h - what the grader concluded, as data: the JSON object of
 * brakes/verdict/v1. Everything after it is only a way of showing it.
 *
 * Beside the fields of the contract an exercise may carry
 *	"says"		{ "learner", "teacher" }: what an outcome that is not
 *			"judged" comes to, a sentence for each of them
 *	"printed"	what the learner's own code printed, cut
 *	"diagnostics"	what the compiler said, cut
 *	"advice"	one sentence: what to do first
 *	"proves"	{ "tests", "valid", "branches", "reached", "broken",
 *			  "caught" }: the three numbers of the tests, apart
 *	"sweep"		{ "points", "dirty", "reference" }: fault points of the
 *			submission, those that failed, those of our solution
 *	"evidence"	[ { "kind", "file", "line", "message" } ]: what is out
 *			of the ordinary in the code and could hide something,
 *			for a person to look at: it costs no points. Only when
 *			there is any; line 0 when it is unknown. screen.def
 *			has the kinds
 * the whole, when it was handed in as an archive, "archive": its "name" and the
 * report of unpack.h; and "sandbox_why": why the sandbox is no stronger,
 * and a ledger entry the steps at which it began and ended ("step", beside
 * "fault": {"step"}), and of a second release ("again"), for the drawing of
 * lifelines; a check "times" when it stands for several findings alike. A check
 * with max_score 0 is one finding more of the check before it that has one.
 *
 * A check that tells of an error of the compiler also has "column", which counts
 * the bytes of the line from 1, as the compiler does; "source", that line of the
 * learner's, with its tabs expanded and its ends cut so that it fits a terminal;
 * and "caret", how many characters of "source" stand before the column.
 */
#ifndef VERDICT_VERDICT_H
#define VERDICT_VERDICT_H

#include <jansson.h>
#include <stdbool.h>

#define VERDICT_SCHEMA "brakes/verdict/v1"

/* The version of the grader, which each verdict names as "brakes". */
#define BRAKES_VERSION "1.0"

/* The points of one exercise. */
enum { FULL_SCORE = 100 };

enum outcome {
#define OUTCOME(NAME, name, learner, teacher) OUTCOME_##NAME,
#include "outcomes.def"
#undef OUTCOME
	OUTCOME_COUNT
};

/* The word of the contract for OUTCOME. */
const char *outcome_name(enum outcome outcome);

/* A new exercise verdict for ID with no checks, outcome "judged", 100 points
 * to earn. The caller owns it; NULL when memory is out. */
json_t *verdict_exercise(const char *id);

/* Sets what became of EXERCISE, and "says". Anything but "judged" stays when set
 * before: the first reason counts. */
void verdict_outcome(json_t *exercise, enum outcome outcome);

/* Adds a check to EXERCISE, which owns it, and returns it for more fields.
 * STATUS is pass, fail, error or skip; clause may be NULL. */
json_t *verdict_check(json_t *exercise, const char *group, const char *name,
		      const char *status, long score, long max_score,
		      const char *clause, const char *message);

/* Sums the checks into "score", "max_score" and "status". An exercise whose
 * outcome is a grader fault gets the status "error" and no score. */
void verdict_close_exercise(json_t *exercise);

/* The whole verdict over EXERCISES, an array that it takes over: score is
 * floor(100 * sum / sum of maxima). SANDBOX names the confinement used. */
json_t *verdict_whole(json_t *exercises, const char *sandbox, long seed);

/* The exit status of the contract for a whole VERDICT: 0, 1 or 3. */
int verdict_exit_status(const json_t *verdict);

/* TEXT as a JSON string, whoever wrote it, made harmless as printable.h says. The
 * caller owns each. An excerpt has MOST bytes at most; a sentence is one line,
 * cut where nobody would read on. NULL when memory is out. */
json_t *verdict_string(const char *text);
json_t *verdict_excerpt(const char *text, size_t most);
json_t *verdict_sentence(const char *text);

/* Text and number of a member; "" and 0 when it is not there. */
const char *verdict_text(const json_t *object, const char *key);
long verdict_number(const json_t *object, const char *key);

/* The message of the first check of EXERCISE that did not pass and says WORDS;
 * NULL when none does. */
const char *verdict_complaint(const json_t *exercise, const char *words);

#endif
