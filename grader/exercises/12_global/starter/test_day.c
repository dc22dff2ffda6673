/* test_day.c - what must be true of a day, whatever happens in it. */
#include <check.h>
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

/* A day tells what it took. */
START_TEST(a_day_adds_up)
{
	long cents = 0;

	ck_assert_int_eq(day_run("day.book", sales, 2, &cents), 0);
	ck_assert_int_eq(cents, 470);
}
END_TEST

/* A day on which nobody came still has a book. */
START_TEST(a_day_without_sales_has_an_empty_book)
{
	long cents = -1;

	ck_assert_int_eq(day_run("day.book", sales, 0, &cents), 0);
	ck_assert_int_eq(cents, 0);
	expect_book("day.book", "");
}
END_TEST

/* TODO: both tests pass, and the book is never closed. Test two days in
 * one test, and a day in which a call fails. */

/* Names the tests to be run. */
void learner_tests(TCase *tests)
{
	tcase_add_test(tests, a_day_adds_up);
	tcase_add_test(tests, a_day_without_sales_has_an_empty_book);
}
