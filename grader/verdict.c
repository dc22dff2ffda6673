/* verdict.c - see verdict.h. */
#include "verdict.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef BRAKES_VERSION
#define BRAKES_VERSION "1.0"
#endif

static const char *const outcome_names[OUTCOME_COUNT] = {
	[OUTCOME_JUDGED] = "judged",
	[OUTCOME_COMPILE_ERROR] = "compile_error",
	[OUTCOME_MISSING] = "missing",
	[OUTCOME_REJECTED] = "rejected",
	[OUTCOME_TIMEOUT] = "timeout",
	[OUTCOME_CRASH] = "crash",
	[OUTCOME_OUTPUT_LIMIT] = "output_limit",
	[OUTCOME_MEMORY_LIMIT] = "memory_limit",
	[OUTCOME_GRADER_FAULT] = "grader_fault",
};

const char *outcome_name(enum outcome outcome)
{
	return outcome_names[outcome];
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

json_t *verdict_string(const char *text)
{
	json_t *string = json_string(text);
	char *shown = string ? NULL : malloc(4 * strlen(text) + 1);
	char *at = shown;
	if (!shown)
		return string;
	for (; *text; text++)
		if ((unsigned char)*text < 0x80)
			*at++ = *text;
		else
			at += sprintf(at, "\\x%02X", (unsigned char)*text);
	*at = '\0';
	string = json_string(shown);
	free(shown);
	return string;
}

json_t *verdict_exercise(const char *id)
{
	return json_pack("{s:s, s:s, s:i, s:i, s:s, s:[], s:[]}", "id", id,
			 "status", "fail", "score", 0, "max_score", 100,
			 "outcome", outcome_names[OUTCOME_JUDGED],
			 "unwatched", "checks");
}

void verdict_outcome(json_t *exercise, enum outcome outcome)
{
	bool judged = strcmp(verdict_text(exercise, "outcome"),
			     outcome_names[OUTCOME_JUDGED]) == 0;
	if (judged || outcome == OUTCOME_GRADER_FAULT)
		json_object_set_new(exercise, "outcome",
				    json_string(outcome_names[outcome]));
}

json_t *verdict_check(json_t *exercise, const char *group, const char *name,
		      const char *status, long score, long max_score,
		      const char *clause, const char *message)
{
	json_t *check = json_pack("{s:o, s:s, s:s, s:I, s:I, s:o}",
				  "name", verdict_string(name), "group", group,
				  "status", status,
				  "score", (json_int_t)score,
				  "max_score", (json_int_t)max_score,
				  "message", verdict_string(message));
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
	bool fault = strcmp(verdict_text(exercise, "outcome"),
			    outcome_names[OUTCOME_GRADER_FAULT]) == 0;
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
