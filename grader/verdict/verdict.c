/* verdict.c - see verdict.h. */
#include "verdict.h"
#include "base/printable.h"

#include <stdlib.h>
#include <string.h>

enum { SENTENCE_MAX = 2000 };

/* What is said of each outcome. */
static const struct {
	const char *name, *learner, *teacher;
} outcomes[OUTCOME_COUNT] = {
#define OUTCOME(NAME, name, learner, teacher) \
	[OUTCOME_##NAME] = { name, learner, teacher },
#include "outcomes.def"
#undef OUTCOME
};

const char *outcome_name(enum outcome outcome)
{
	return outcomes[outcome].name;
}

const char *verdict_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text ? text : "";
}

long verdict_number(const json_t *object, const char *key)
{
	return (long)json_integer_value(json_object_get(object, key));
}

/* Whether CHECK did not pass, and says WORDS. */
static bool says(const json_t *check, const char *words)
{
	return strcmp(verdict_text(check, "status"), "pass") != 0 &&
	       strstr(verdict_text(check, "message"), words);
}

const char *verdict_complaint(const json_t *exercise, const char *words)
{
	const json_t *checks = json_object_get(exercise, "checks");
	for (size_t i = 0; i < json_array_size(checks); i++)
		if (says(json_array_get(checks, i), words))
			return verdict_text(json_array_get(checks, i),
					    "message");
	return NULL;
}

json_t *verdict_excerpt(const char *text, size_t most)
{
	char *shown = printable_harmless(text, most);
	json_t *string = json_string(shown);
	free(shown);
	return string;
}

json_t *verdict_string(const char *text)
{
	return verdict_excerpt(text, PRINTABLE_WHOLE);
}

json_t *verdict_sentence(const char *text)
{
	char *shown = printable_harmless(text, SENTENCE_MAX);
	if (shown)
		printable_join_lines(shown);
	json_t *string = json_string(shown);
	free(shown);
	return string;
}

json_t *verdict_exercise(const char *id)
{
	return json_pack("{s:s, s:s, s:i, s:i, s:s, s:[], s:[]}", "id", id,
			 "status", "fail", "score", 0, "max_score", 100,
			 "outcome", outcome_name(OUTCOME_JUDGED),
			 "unwatched", "checks");
}

/* Whether the outcome of EXERCISE is OUTCOME. */
static bool is_outcome(const json_t *exercise, enum outcome outcome)
{
	return strcmp(verdict_text(exercise, "outcome"),
		      outcome_name(outcome)) == 0;
}

void verdict_outcome(json_t *exercise, enum outcome outcome)
{
	if (outcome == OUTCOME_JUDGED ||
	    (!is_outcome(exercise, OUTCOME_JUDGED) &&
	     outcome != OUTCOME_GRADER_FAULT))
		return;
	json_object_set_new(exercise, "outcome",
			    json_string(outcome_name(outcome)));
	json_object_set_new(exercise, "says", json_pack(
		"{s:s, s:s}", "learner", outcomes[outcome].learner,
		"teacher", outcomes[outcome].teacher));
}

json_t *verdict_check(json_t *exercise, const char *group, const char *name,
		      const char *status, long score, long max_score,
		      const char *clause, const char *message)
{
	json_t *check = json_pack("{s:o, s:s, s:s, s:I, s:I, s:o}",
				  "name", verdict_sentence(name), "group", group,
				  "status", status,
				  "score", (json_int_t)score,
				  "max_score", (json_int_t)max_score,
				  "message", verdict_sentence(message));
	if (clause)
		json_object_set_new(check, "clause", json_string(clause));
	json_array_append_new(json_object_get(exercise, "checks"), check);
	return check;
}

/* Whether any check of CHECKS has not passed. */
static bool any_failed(const json_t *checks)
{
	size_t i;
	json_t *check;
	json_array_foreach(checks, i, check)
		if (strcmp(verdict_text(check, "status"), "pass") != 0 &&
		    strcmp(verdict_text(check, "status"), "skip") != 0)
			return true;
	return false;
}

void verdict_close_exercise(json_t *exercise)
{
	const json_t *checks = json_object_get(exercise, "checks");
	long score = 0, max = 0;
	size_t i;
	json_t *check;
	json_array_foreach(checks, i, check) {
		score += verdict_number(check, "score");
		max += verdict_number(check, "max_score");
	}
	bool fault = is_outcome(exercise, OUTCOME_GRADER_FAULT);
	bool full = max == 100 && score == max && !any_failed(checks);
	json_object_set_new(exercise, "score", json_integer(fault ? 0 : score));
	json_object_set_new(exercise, "status", json_string(
		fault ? "error" : full ? "pass" : "fail"));
}

/* What the whole is called: an error anywhere is one, else any failure. */
static const char *whole_status(const json_t *exercises)
{
	const char *status = json_array_size(exercises) ? "pass" : "error";
	size_t i;
	json_t *exercise;
	json_array_foreach(exercises, i, exercise) {
		const char *one = verdict_text(exercise, "status");
		if (strcmp(one, "error") == 0)
			return "error";
		if (strcmp(one, "pass") != 0)
			status = "fail";
	}
	return status;
}

json_t *verdict_whole(json_t *exercises, const char *sandbox, long seed)
{
	long score = 0, max = 0;
	size_t i;
	json_t *exercise;
	json_array_foreach(exercises, i, exercise) {
		score += verdict_number(exercise, "score");
		max += verdict_number(exercise, "max_score");
	}
	return json_pack("{s:s, s:s, s:s, s:I, s:I, s:i, s:s, s:o}",
			 "schema", VERDICT_SCHEMA, "brakes", BRAKES_VERSION,
			 "sandbox", sandbox, "seed", (json_int_t)seed,
			 "score", (json_int_t)(max ? 100 * score / max : 0),
			 "max_score", 100, "status", whole_status(exercises),
			 "exercises", exercises);
}

int verdict_exit_status(const json_t *verdict)
{
	const char *status = verdict_text(verdict, "status");
	if (strcmp(status, "pass") == 0)
		return 0;
	return strcmp(status, "fail") == 0 ? 1 : 3;
}
