/* suite.c - what day.h promises, asked of day_run. */
#include "oracle/judge.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { UNTOUCHED = -4711 };

/* The sum that the answer left in *ret_cents. */
static long sum_of(struct answer a)
{
	return a.n > 1 ? strtol(a.text[1], NULL, 10) : 0;
}

/* A sale: a line of the book. */
struct sale_line {
	const char *what;
	int cents;
};

/* Demands that FILE holds just the N lines of SALES, numbered from 1. */
static void demand_book(const char *file, const struct sale_line sales[], int n)
{
	const char *at = file_text(file);
	demand("CONTRACT 2", at != NULL, "there is no book at %s", file);
	for (int i = 0; i < n; i++) {
		char line[128];
		size_t length = strcspn(at, "\n");
		demand("CONTRACT 2", *at, "the book %s has %d of its %d lines",
		       file, i, n);
		snprintf(line, sizeof(line), "%d %s %d\n", i + 1, sales[i].what,
			 sales[i].cents);
		demand("CONTRACT 2", strncmp(at, line, strlen(line)) == 0,
		       "line %d of %s should be \"%.*s\", and is \"%.*s\"%s",
		       i + 1, file, (int)strlen(line) - 1, line, (int)length, at,
		       at[length] ? "" : " without a newline");
		at += strlen(line);
	}
	demand("CONTRACT 2", !*at, "the book %s holds more than its %d lines",
	       file, n);
}

/* Whether CALL writes a part of a line. */
static bool writes(enum call call)
{
	static const enum call writers[] = {
		CALL_fprintf, CALL_vfprintf, CALL_fputs, CALL_fputc, CALL_putc,
		CALL_fwrite, CALL_write, CALL_pwrite, CALL_dprintf,
		CALL_vdprintf,
	};
	for (size_t i = 0; i < sizeof(writers) / sizeof(*writers); i++)
		if (writers[i] == call)
			return true;
	return false;
}

/* Whether the error of CALL has to come back as it was: the book's own open
 * and close. Of memory, flushing and seeking no clause speaks. */
static bool tells(enum call call)
{
	return calls[call].got == KIND_STREAM ||
	       calls[call].got == KIND_DESCRIPTOR ||
	       calls[call].role == ROLE_RELEASE;
}

/* Demands what follows from a fault in the call that was answered. */
static void demand_failure(struct answer a)
{
	const char *name = calls[a.fault_call].name;
	if (calls[a.fault_call].got == KIND_HEAP && a.value == 0)
		return;
	demand(writes(a.fault_call) ? "CONTRACT 4" :
	       calls[a.fault_call].role == ROLE_RELEASE ? "CONTRACT 5" :
	       "CONTRACT 3", a.value < 0, "%s said that it failed, and day_run "
	       "said %ld", name, a.value);
	if (writes(a.fault_call))
		demand("CONTRACT 4", a.value == -EIO, "a line that cannot be "
		       "written is -EIO (%d); day_run said %ld", -EIO, a.value);
	else if (tells(a.fault_call))
		demand(calls[a.fault_call].role == ROLE_RELEASE ? "CONTRACT 5" :
		       "CONTRACT 3", tells_errno(a), "%s left an errno of %d, "
		       "and day_run said %ld instead of %d", name, a.fault_err,
		       a.value, -a.fault_err);
	demand("CONTRACT 6", sum_of(a) == UNTOUCHED, "the day failed, and "
	       "*ret_cents was changed all the same");
}

/* Demands that a day that succeeded has left its book of N sales at PATH, and
 * that it had OPENED it once. */
static void demand_day(const char *path, const struct sale_line sales[], int n,
		       size_t opened)
{
	bool held = live_now(KIND_STREAM) + live_now(KIND_DESCRIPTOR) > 0;
	demand("CONTRACT 1", !held || file_text(path), "there is no book at %s",
	       path);
	if (!held)
		demand_book(path, sales, n);
	demand("CONTRACT 2", opened <= 1, "the book %s was opened %zu times in "
	       "one run: each run opens it once", path, opened);
}

/* Runs a day of two sales and demands that it went as it had to. */
static void run_two(const char *path, const char *first, const char *second)
{
	const struct sale_line sales[] = { { first, 350 }, { second, 280 } };
	size_t before = times_opened(path);
	struct answer a = ask("day_run", "sisisi", path, UNTOUCHED, first, 350,
			      second, 280);
	if (a.faulted) {
		demand_failure(a);
		if (a.value < 0)
			return;
	}
	demand("CONTRACT 6", a.value == 0, "day_run said %ld", a.value);
	demand("CONTRACT 6", sum_of(a) == 630, "the day's sum is 630 cents, and "
	       "*ret_cents is %ld", sum_of(a));
	demand_day(path, sales, 2, times_opened(path) - before);
}

START_TEST(one_day)
{
	run_two("a.book", "bread", "milk");
}
END_TEST

START_TEST(two_days)
{
	run_two("a.book", "bread", "milk");
	run_two("b.book", "tea", "honey");
}
END_TEST

START_TEST(the_same_book_again)
{
	situation("when the same book is run twice");
	write_file("a.book", "1 old 1\n2 older 2\n3 oldest 3\n");
	run_two("a.book", "bread", "milk");
	run_two("a.book", "tea", "honey");
}
END_TEST

START_TEST(many_days)
{
	static const char *const books[] = { "a.book", "b.book", "c.book",
					     "d.book", "e.book", "f.book" };
	for (size_t i = 0; i < sizeof(books) / sizeof(*books); i++)
		run_two(books[i], "bread", i % 2 ? "milk" : "tea");
}
END_TEST

START_TEST(a_day_without_sales)
{
	situation("when a day has no sales");
	struct answer a = ask("day_run", "si", "a.book", UNTOUCHED);
	demand("CONTRACT 6", a.value == 0 && sum_of(a) == 0, "day_run said %ld "
	       "and the sum is %ld, which should both be 0", a.value, sum_of(a));
	demand("CONTRACT 2", file_text("a.book") != NULL, "there is no book");
	demand("CONTRACT 2", *file_text("a.book") == '\0', "the book is not empty");
}
END_TEST

/* A word may be 40 bytes long and hold a percent sign; a sum is a long. */
START_TEST(the_longest_words)
{
	static const char words[] = "abcdefghijklmnopqrstuvwxyzabcdefghijklmn";
	const struct sale_line sales[] = { { words, INT_MAX },
					   { "100%s", INT_MAX } };
	situation("when a word has 40 bytes, which is the most, and both prices "
		  "are the largest int");
	struct answer a = ask("day_run", "sisisi", "a.book", UNTOUCHED, words,
			      INT_MAX, "100%s", INT_MAX);
	demand("CONTRACT 6", a.value == 0, "day_run said %ld", a.value);
	demand("CONTRACT 6", sum_of(a) == 2L * INT_MAX, "the sum is %ld, and "
	       "*ret_cents is %ld", 2L * INT_MAX, sum_of(a));
	demand_day("a.book", sales, 2, times_opened("a.book"));
}
END_TEST

START_TEST(a_day_of_twelve_sales)
{
	struct sale_line sales[12];
	situation("when a day has twelve sales");
	for (int i = 0; i < 12; i++)
		sales[i] = (struct sale_line){ "egg", 25 };
	struct answer a = ask("day_run", "sisisisisisisisisisisisisi", "a.book",
			      UNTOUCHED, "egg", 25, "egg", 25, "egg", 25, "egg",
			      25, "egg", 25, "egg", 25, "egg", 25, "egg", 25,
			      "egg", 25, "egg", 25, "egg", 25, "egg", 25);
	demand("CONTRACT 6", a.value == 0 && sum_of(a) == 300, "day_run said %ld "
	       "and the sum is %ld instead of 300", a.value, sum_of(a));
	demand_day("a.book", sales, 12, times_opened("a.book"));
}
END_TEST

START_TEST(no_such_folder)
{
	situation("when the folder of the book is not there");
	struct answer a = ask("day_run", "sisi", "nowhere/a.book", UNTOUCHED,
			      "bread", 350);
	demand("CONTRACT 3", a.value == -ENOENT, "day_run said %ld instead of "
	       "-ENOENT (%d)", a.value, -ENOENT);
	demand("CONTRACT 6", sum_of(a) == UNTOUCHED, "*ret_cents was changed");
	situation("after a day whose folder was not there");
	run_two("b.book", "tea", "honey");
}
END_TEST

START_TEST(full_disk)
{
	situation("when the disk is full (the book is /dev/full)");
	struct answer a = ask("day_run", "sisi", "/dev/full", UNTOUCHED, "bread",
			      350);
	demand("CONTRACT 5", a.value < 0, "the lines are lost, and day_run said "
	       "%ld: only the close could tell, and it said ENOSPC", a.value);
	demand("CONTRACT 5", a.value == -ENOSPC || a.value == -EIO, "day_run said "
	       "%ld instead of -ENOSPC (%d)", a.value, -ENOSPC);
	demand("CONTRACT 6", sum_of(a) == UNTOUCHED, "the day failed, and "
	       "*ret_cents was changed all the same");
}
END_TEST

void judge_suite(struct suite *suite)
{
	add_scenario(suite, one_day, SWEPT);
	add_scenario(suite, two_days, SWEPT);
	add_scenario(suite, the_same_book_again, PLAIN);
	add_scenario(suite, many_days, PLAIN);
	add_scenario(suite, a_day_without_sales, PLAIN);
	add_scenario(suite, the_longest_words, PLAIN);
	add_scenario(suite, a_day_of_twelve_sales, PLAIN);
	add_scenario(suite, no_such_folder, PLAIN);
	add_scenario(suite, full_disk, PLAIN);
}
