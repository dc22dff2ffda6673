/* test_copy.c - what must be true of a copy, whatever happens to it. */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include "brakes.h"
#include "copy.h"

/* Makes a file at PATH that holds TEXT. */
static void put_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

/* Fails the test unless the file at PATH holds exactly TEXT. */
static void expect_file(const char *path, const char *text)
{
	char held[200];
	size_t n;
	FILE *file = fopen(path, "r");

	ck_assert_ptr_nonnull(file);
	n = fread(held, 1, sizeof held - 1, file);
	fclose(file);
	held[n] = '\0';
	ck_assert_str_eq(held, text);
}

/* Fails the test unless everything was given back, and given back once. */
static void expect_nothing_owed(void)
{
	ck_assert_int_eq(still_open(), 0);
	ck_assert_int_eq(closed_twice(), 0);
}

START_TEST(a_copy_holds_what_the_file_holds)
{
	put_file("from", "one\ntwo\n");
	put_file("to", "something else, and longer\n");
	ck_assert_int_eq(file_copy("from", "to"), 0);
	expect_file("to", "one\ntwo\n");
	expect_nothing_owed();
}
END_TEST

START_TEST(a_missing_file_leaves_the_old_copy)
{
	put_file("to", "old\n");
	ck_assert_int_eq(file_copy("nowhere/from", "to"), -ENOENT);
	expect_file("to", "old\n");
	expect_nothing_owed();
}
END_TEST

/* A call fails, each in its turn, until there is none left to fail. */
START_TEST(whichever_call_fails_nothing_is_owed)
{
	put_file("from", "one\ntwo\n");
	for (int nth = 1; nth < 50; nth++) {
		put_file("to", "old\n");
		fail_call(nth, EIO);
		file_copy("from", "to");
		if (!fault_struck())
			return;
		/* TODO: this call has failed. What has file_copy to say?
		 * What must be true of all that it took? */
	}
}
END_TEST

/* Names the tests to be run. */
void learner_tests(TCase *tests)
{
	tcase_add_test(tests, a_copy_holds_what_the_file_holds);
	tcase_add_test(tests, a_missing_file_leaves_the_old_copy);
	tcase_add_test(tests, whichever_call_fails_nothing_is_owed);
}
