/* test_day.c - what must be true of a day, whatever happens in it. */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include "brakes.h"
#include "day.h"

static const struct sale sales[] = { { "bread", 350 }, { "milk", 120 } };

/* Fails the test unless the book at PATH holds exactly TEXT. */
static void expect_book(const char *path, const char *text)
{
	char held[200];
	size_t len;
	FILE *book = fopen(path, "r");

	ck_assert_ptr_nonnull(book);
	len = fread(held, 1, sizeof held - 1, book);
	fclose(book);
	held[len] = '\0';
	ck_assert_str_eq(held, text);
}

/* Fails the test unless all that was opened is closed, and closed once. */
static void expect_all_closed(void)
{
	ck_assert_int_eq(still_open(), 0);
	ck_assert_int_eq(closed_twice(), 0);
}

/* Runs the next day, which must know nothing of the days before. */
static void expect_a_good_day(const char *path)
{
	long cents = 0;

	ck_assert_int_eq(day_run(path, sales, 2, &cents), 0);
	ck_assert_int_eq(cents, 470);
	expect_book(path, "1 bread 350\n2 milk 120\n");
	expect_all_closed();
}

/* A day that failed says so, gives no sum, and leaves nothing behind. */
static void expect_a_failed_day(int err, long cents)
{
	ck_assert_int_lt(err, 0);
	ck_assert_int_eq(cents, -1);
	expect_all_closed();
}

/* A day on which nobody came still has a book. */
START_TEST(a_day_without_sales_has_an_empty_book)
{
	long cents = -1;

	ck_assert_int_eq(day_run("day.book", sales, 0, &cents), 0);
	ck_assert_int_eq(cents, 0);
	expect_book("day.book", "");
}
END_TEST

/* Two days in one process, hence in one test: each keeps its own book. */
START_TEST(two_days_know_nothing_of_each_other)
{
	expect_a_good_day("monday.book");
	expect_a_good_day("tuesday.book");
	expect_book("monday.book", "1 bread 350\n2 milk 120\n");
}
END_TEST

/* One call fails, each in its turn; the next day is as good as any. */
START_TEST(whichever_call_fails_the_day_leaves_nothing_behind)
{
	for (int nth = 1; nth < 50; nth++) {
		long cents = -1;
		int err;

		fail_call(nth, ENOSPC);
		err = day_run("bad.book", sales, 2, &cents);
		if (!fault_struck())
			return;
		expect_a_failed_day(err, cents);
		expect_a_good_day("next.book");
	}
}
END_TEST

/* A line fails and so does all that follows, the close included. */
START_TEST(when_every_call_fails_from_one_on_nothing_stays_open)
{
	for (int nth = 1; nth < 50; nth++) {
		long cents = -1;
		int err;

		fail_calls_from(nth, ENOSPC);
		err = day_run("bad.book", sales, 2, &cents);
		if (!fault_struck())
			return;
		expect_a_failed_day(err, cents);
	}
}
END_TEST

/* A full disk shows late: every line fits the buffer, the close does not. */
START_TEST(a_full_disk_fails_the_day)
{
	long cents = -1;
	int err = day_run("/dev/full", sales, 2, &cents);

	expect_a_failed_day(err, cents);
	expect_a_good_day("next.book");
}
END_TEST

/* A book that cannot be opened costs this day, and no other. */
START_TEST(a_missing_directory_is_told_and_forgotten)
{
	long cents = -1;
	int err = day_run("nowhere/day.book", sales, 2, &cents);

	ck_assert_int_eq(err, -ENOENT);
	expect_a_failed_day(err, cents);
	expect_a_good_day("next.book");
}
END_TEST

/* Names the tests to be run. */
void learner_tests(TCase *tests)
{
	tcase_add_test(tests, a_day_without_sales_has_an_empty_book);
	tcase_add_test(tests, two_days_know_nothing_of_each_other);
	tcase_add_test(tests,
		       whichever_call_fails_the_day_leaves_nothing_behind);
	tcase_add_test(tests,
		       when_every_call_fails_from_one_on_nothing_stays_open);
	tcase_add_test(tests, a_full_disk_fails_the_day);
	tcase_add_test(tests, a_missing_directory_is_told_and_forgotten);
}
