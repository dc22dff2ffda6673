/* test_airbag.c - does the airbag warn, and only when somebody forgot? */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "airbag.h"
#include "brakes.h"
#include "journal.h"

/* Fails the test unless the airbag, asked now, tells COUNT notes and has
 * written TEXT among them. expect_told(0, "") expects silence. */
static void expect_told(int count, const char *text)
{
	char *told = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&told, &size);
	int lines = 0;

	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(airbag_report(out), count);
	ck_assert_int_eq(fclose(out), 0);
	for (const char *at = told; *at; at++)
		lines += *at == '\n';
	ck_assert_int_eq(lines, count);
	ck_assert_msg(strstr(told, text), "\"%s\" is not in \"%s\"", text,
		      told);
	free(told);
}

/* What is told of PATH when it was opened at LINE of this file. */
static const char *warning(int line, const char *path)
{
	static char text[1024];

	snprintf(text, sizeof(text), "%s:%d: %s was never closed\n",
		 __FILE__, line, path);
	return text;
}

/* Opens a journal at PATH, which has to succeed. */
#define MUST_OPEN(path, ret_journal) \
	ck_assert_int_eq(journal_open((path), (ret_journal)), 0)

/* Fails the test unless nothing is open, armed, or was closed twice. */
static void expect_nothing_left(void)
{
	expect_told(0, "");
	ck_assert_int_eq(still_open(), 0);
	ck_assert_int_eq(closed_twice(), 0);
}

START_TEST(what_was_closed_is_not_told)
{
	struct journal *j = NULL;

	MUST_OPEN("/dev/null", &j);
	ck_assert_int_eq(journal_close(&j), 0);
	ck_assert_ptr_null(j);
	expect_nothing_left();
	ck_assert_int_eq(journal_close(&j), 0);
	expect_nothing_left();
}
END_TEST

/* Told once, with the line that forgot; and its close may still come. */
START_TEST(what_was_forgotten_is_told_once_and_can_be_closed)
{
	struct journal *j = NULL;
	int line = __LINE__ + 1;
	MUST_OPEN("/dev/null", &j);

	expect_told(1, warning(line, "/dev/null"));
	expect_told(0, "");
	ck_assert_int_eq(journal_close(&j), 0);
	expect_nothing_left();
}
END_TEST

START_TEST(all_that_was_forgotten_is_told)
{
	struct journal *one = NULL, *two = NULL;
	int line = __LINE__ + 1;
	MUST_OPEN("/dev/null", &one);
	MUST_OPEN("/dev/null", &two);

	expect_told(2, warning(line, "/dev/null"));
	ck_assert_int_eq(journal_close(&one), 0);
	ck_assert_int_eq(journal_close(&two), 0);
	expect_nothing_left();
}
END_TEST

/* Closing the younger or the older of two leaves the note of the other. */
START_TEST(closing_one_leaves_the_note_of_the_other)
{
	for (int older = 0; older < 2; older++) {
		struct journal *j[2] = { NULL, NULL };
		int line = __LINE__ + 1;
		MUST_OPEN("/dev/null", &j[0]);
		MUST_OPEN("/dev/null", &j[1]);

		ck_assert_int_eq(journal_close(&j[!older]), 0);
		expect_told(1, warning(line + older, "/dev/null"));
		ck_assert_int_eq(journal_close(&j[older]), 0);
		expect_nothing_left();
	}
}
END_TEST

START_TEST(a_note_outlives_the_memory_of_its_path)
{
	char path[] = "/dev/null";
	struct journal *j = NULL;
	int line = __LINE__ + 1;
	MUST_OPEN(path, &j);

	memset(path, 'x', sizeof(path) - 1);
	expect_told(1, warning(line, "/dev/null"));
	ck_assert_int_eq(journal_close(&j), 0);
	expect_nothing_left();
}
END_TEST

/* An open that fails by itself, with no fault asked for. */
START_TEST(what_cannot_be_opened_arms_nothing)
{
	struct journal *j = NULL;

	ck_assert_int_eq(journal_open("/nowhere/at/all", &j), -ENOENT);
	ck_assert_ptr_null(j);
	expect_nothing_left();
}
END_TEST

/* One life of a journal: 0, or the first error that it met. */
static int open_write_close(const char *path)
{
	struct journal *j = NULL;
	int err = journal_open(path, &j);
	int closed;

	if (err < 0) {
		ck_assert_ptr_null(j);
		return err;
	}
	err = journal_write(j, "a line\n");
	closed = journal_close(&j);
	ck_assert_ptr_null(j);
	return err < 0 ? err : closed;
}

/* Lives once for each call that can fail, which ARRANGE makes fail. */
static void live_under_each_fault(void (*arrange)(int nth, int err))
{
	for (int nth = 1; nth < 50; nth++) {
		int err;

		arrange(nth, EIO);
		err = open_write_close("/dev/null");
		if (!fault_struck())
			return;
		ck_assert_int_lt(err, 0);
		expect_nothing_left();
	}
	ck_abort_msg("the life of a journal has 50 calls that can fail");
}

START_TEST(whichever_call_fails_nothing_is_open_or_armed)
{
	live_under_each_fault(fail_call);
}
END_TEST

START_TEST(when_all_calls_fail_from_one_on_nothing_is_open_or_armed)
{
	live_under_each_fault(fail_calls_from);
}
END_TEST

/* The disk is full: write or close says so, and the journal is closed. */
START_TEST(a_close_that_fails_reports_and_disarms)
{
	ck_assert_int_eq(open_write_close("/dev/full"), -ENOSPC);
	expect_nothing_left();
}
END_TEST

/* Names the tests to be run; each runs in a process of its own. */
void learner_tests(TCase *tests)
{
	tcase_add_test(tests, what_was_closed_is_not_told);
	tcase_add_test(tests,
		       what_was_forgotten_is_told_once_and_can_be_closed);
	tcase_add_test(tests, all_that_was_forgotten_is_told);
	tcase_add_test(tests, closing_one_leaves_the_note_of_the_other);
	tcase_add_test(tests, a_note_outlives_the_memory_of_its_path);
	tcase_add_test(tests, what_cannot_be_opened_arms_nothing);
	tcase_add_test(tests, whichever_call_fails_nothing_is_open_or_armed);
	tcase_add_test(tests,
		when_all_calls_fail_from_one_on_nothing_is_open_or_armed);
	tcase_add_test(tests, a_close_that_fails_reports_and_disarms);
}
