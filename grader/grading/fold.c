/* fold.c - see fold.h. */
#include "fold.h"
#include "verdict/verdict.h"

#include <stdio.h>
#include <string.h>

/* Whether FINDING is the end of a process, which its place tells best: whatever was
 * asked of the code when it came there. */
static bool is_end(const char *finding)
{
	static const char *const ends[] = { "crash", "abort", "exit", "hang" };
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (strcmp(finding, ends[i]) == 0)
			return true;
	return false;
}

/* Whether the texts of A and B under KEY are the same, and not empty. */
static bool same_text(const json_t *a, const json_t *b, const char *key)
{
	return *verdict_text(a, key) &&
	       strcmp(verdict_text(a, key), verdict_text(b, key)) == 0;
}

/* Whether the calls that failed in A and B stand in the same line, if any failed. */
static bool same_failure(const json_t *a, const json_t *b)
{
	const json_t *fault = json_object_get(a, "fault");
	const json_t *other = json_object_get(b, "fault");
	return strcmp(verdict_text(fault, "file"), verdict_text(other, "file")) == 0 &&
	       verdict_number(fault, "line") == verdict_number(other, "line");
}

/* The line at which the first resource was acquired that CHECK tells of; 0 for none. */
static long acquired_line(const json_t *check)
{
	const json_t *first = json_array_get(json_object_get(check, "ledger"), 0);
	return verdict_number(json_object_get(first, "acquired"), "line");
}

/* Whether A and B name the same places in the code: of the fault, of the call that was
 * made to fail, and of what was acquired. */
static bool same_places(const json_t *a, const json_t *b)
{
	return json_object_get(a, "fault") && json_object_get(b, "fault") &&
	       strcmp(verdict_text(a, "file"), verdict_text(b, "file")) == 0 &&
	       verdict_number(a, "line") == verdict_number(b, "line") &&
	       acquired_line(a) == acquired_line(b) && same_failure(a, b);
}

/* Whether A and B tell the same fault of the code. That a demand is not met can be the
 * fault of each call that fails. */
static bool alike(const json_t *a, const json_t *b)
{
	if (!same_text(a, b, "finding"))
		return false;
	if (same_places(a, b))
		return true;
	if (same_text(a, b, "what"))
		return strcmp(verdict_text(a, "finding"), "demand") != 0 ||
		       same_failure(a, b);
	return is_end(verdict_text(a, "finding")) && same_text(a, b, "file") &&
	       verdict_number(a, "line") == verdict_number(b, "line");
}

/* In how many runs CHECK shows. */
static long times_of(const json_t *check)
{
	long times = verdict_number(check, "times");
	return times ? times : 1;
}

/* Counts at CHECK that it shows in N further runs. */
static void add_times(json_t *check, long n)
{
	json_object_set_new(check, "times", json_integer(times_of(check) + n));
}

bool fold_repeated(const json_t *checks, const json_t *story)
{
	size_t i;
	json_t *check;
	json_array_foreach(checks, i, check)
		if (strcmp(verdict_text(check, "group"), "survives") == 0 &&
		    alike(check, story)) {
			add_times(check, 1);
			return true;
		}
	return false;
}

/* Marks CHECK as told when one before it, number N, tells the same. */
static void fold(const json_t *checks, size_t n, json_t *check)
{
	for (size_t i = 0; i < n; i++) {
		json_t *first = json_array_get(checks, i);
		if (json_object_get(first, "folded") || !alike(first, check))
			continue;
		add_times(first, times_of(check));
		json_object_set_new(check, "folded", json_true());
		return;
	}
}

/* Says at the end of the message of CHECK in how many other runs it shows. */
static void say_times(json_t *check)
{
	long others = times_of(check) - 1;
	if (others == 0 || json_object_get(check, "folded"))
		return;
	json_object_set_new(check, "message", json_sprintf(
		"%s (and in %ld other run%s)", verdict_text(check, "message"),
		others, others == 1 ? "" : "s"));
}

void fold_findings(json_t *exercise)
{
	const json_t *checks = json_object_get(exercise, "checks");
	size_t i;
	json_t *check;
	json_array_foreach(checks, i, check)
		fold(checks, i, check);
	json_array_foreach(checks, i, check) {
		say_times(check);
		json_object_del(check, "what");
	}
}
