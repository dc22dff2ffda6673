/* verdict.h - what the grader concluded, as data: the JSON object of
 * brakes/verdict/v1. What comes after it only shows it. verdict.schema.json is the
 * contract: it describes each field, and how the points are dealt. Fields may be
 * added to v1 and to the schema; none is removed or changes its meaning.
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

/* TEXT, which may come from outside, as a JSON string, made harmless as printable.h
 * says. The caller owns each. An excerpt has MOST bytes at most; a sentence is one
 * line of 2000 bytes at most. NULL when memory is out. */
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
