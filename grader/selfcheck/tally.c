/* tally.c - see tally.h. */
#include "tally.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const sort_names[SORT_COUNT] = {
	[SORT_STARTER] = "starters",
	[SORT_SOLUTION] = "solutions",
	[SORT_CORRECT] = "correct versions",
	[SORT_BROKEN] = "broken versions",
	[SORT_MISCONCEPTION] = "misconceptions",
	[SORT_PAIR] = "two misconceptions",
	[SORT_REPEAT] = "graded alike twice",
	[SORT_LESSON] = "lessons",
	[SORT_HINT] = "hints",
	[SORT_CLAUSE] = "clauses",
	[SORT_ROW] = "rows shown",
	[SORT_PRICE] = "prices",
};

/* Prints one line: what a message quotes may hold several, or worse. */
static void print_line(const char *format, va_list args)
{
	char *text = NULL;
	if (vasprintf(&text, format, args) < 0) {
		puts("out of memory");
		return;
	}
	for (const char *at = text; *at; at++)
		putchar(iscntrl((unsigned char)*at) ? ' ' : *at);
	putchar('\n');
	fflush(stdout);
	free(text);
}

bool tally_hold(struct tally *tally, enum sort sort, bool holds,
		const char *format, ...)
{
	va_list args;
	(holds ? tally->passed : tally->failed)[sort]++;
	va_start(args, format);
	if (!holds)
		print_line(format, args);
	va_end(args);
	return holds;
}

void tally_skip(struct tally *tally, enum sort sort, const char *format, ...)
{
	va_list args;
	tally->skipped[sort]++;
	va_start(args, format);
	print_line(format, args);
	va_end(args);
}

void tally_fault(struct tally *tally, const char *format, ...)
{
	va_list args;
	tally->faults++;
	va_start(args, format);
	print_line(format, args);
	va_end(args);
}

void tally_print(const struct tally *tally)
{
	long passed = 0, failed = 0;
	printf("%-20s %7s %7s %7s\n", "", "passed", "failed", "skipped");
	for (int i = 0; i < SORT_COUNT; i++) {
		passed += tally->passed[i];
		failed += tally->failed[i];
		printf("%-20s %7ld %7ld %7ld\n", sort_names[i],
		       tally->passed[i], tally->failed[i], tally->skipped[i]);
	}
	if (tally->faults)
		printf("%ld could not be judged, which is the grader's fault\n",
		       tally->faults);
	printf("%ld passed, %ld failed\n", passed, failed);
}

int tally_status(const struct tally *tally)
{
	if (tally->faults)
		return 3;
	for (int i = 0; i < SORT_COUNT; i++)
		if (tally->failed[i])
			return 1;
	return 0;
}
