/* test_memo.c - what a memo promises to whoever closes it. */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>
#include "brakes.h"
#include "memo.h"

/* Opens a memo that holds one line; the caller owns it. */
static struct memo *new_memo(const char *path)
{
	struct memo *memo = NULL;

	ck_assert_int_eq(memo_open(path, &memo), 0);
	ck_assert_int_eq(memo_add(memo, "milk\n"), 0);
	return memo;
}

/* Fails the test unless the file at PATH holds exactly TEXT. */
static void expect_file(const char *path, const char *text)
{
	char held[200];
	size_t len;
	FILE *file = fopen(path, "r");

	ck_assert_ptr_nonnull(file);
	len = fread(held, 1, sizeof held - 1, file);
	fclose(file);
	held[len] = '\0';
	ck_assert_str_eq(held, text);
}

/* Closing is what writes; it leaves nothing open. */
START_TEST(what_was_added_is_in_the_file)
{
	struct memo *memo = new_memo("a.memo");

	ck_assert_int_eq(memo_add(memo, "bread\n"), 0);
	ck_assert_int_eq(memo_close(&memo), 0);
	expect_file("a.memo", "milk\nbread\n");
	ck_assert_int_eq(still_open(), 0);
}
END_TEST

/* An open that fails owes nothing, and leaves the pointer alone. */
START_TEST(whichever_call_of_the_open_fails_nothing_is_open)
{
	for (int nth = 1; nth < 50; nth++) {
		struct memo *memo = NULL;
		int err;

		fail_call(nth, EMFILE);
		err = memo_open("a.memo", &memo);
		if (!fault_struck())
			return;
		ck_assert_int_lt(err, 0);
		ck_assert(memo == NULL);
		ck_assert_int_eq(still_open(), 0);
		ck_assert_int_eq(closed_twice(), 0);
	}
}
END_TEST

/* A write or a close that fails is told, also when both do. */
START_TEST(from_whichever_call_on_they_fail_the_caller_is_told)
{
	for (int nth = 1; nth < 50; nth++) {
		struct memo *memo = new_memo("a.memo");
		int err;

		fail_calls_from(nth, EIO);
		err = memo_close(&memo);
		if (!fault_struck())
			return;
		fail_call(0, 0); /* no more: the next memo is to be opened */
		ck_assert_int_eq(err, -EIO);
	}
}
END_TEST

/* Nobody has to make this fail: /dev/full is always full. */
START_TEST(a_full_disk_is_told)
{
	struct memo *memo = new_memo("/dev/full");

	ck_assert_int_eq(memo_close(&memo), -ENOSPC);
}
END_TEST

/* Nobody has to ask whether there is a memo before closing it. */
START_TEST(no_memo_is_nothing_to_close)
{
	ck_assert_int_eq(memo_close(NULL), 0);
}
END_TEST

/* The lowest free descriptor is handed out, and 0 can be free. */
START_TEST(descriptor_0_is_closed_like_any_other)
{
	struct memo *memo;

	close(0);
	memo = new_memo("a.memo");
	ck_assert_int_eq(memo_close(&memo), 0);
	ck_assert_int_eq(still_open(), 0);
}
END_TEST

/* TODO: this test passes, and shows little. It never asks what memo is after
 * the close, calls no second time, and lets no call fail. */
START_TEST(a_memo_is_closed_once_whatever_happens)
{
	struct memo *memo = new_memo("a.memo");

	ck_assert_int_eq(memo_close(&memo), 0);
	ck_assert_int_eq(closed_twice(), 0);
}
END_TEST

/* Names the tests to be run. */
void learner_tests(TCase *tests)
{
	tcase_add_test(tests, what_was_added_is_in_the_file);
	tcase_add_test(tests, whichever_call_of_the_open_fails_nothing_is_open);
	tcase_add_test(tests,
		       from_whichever_call_on_they_fail_the_caller_is_told);
	tcase_add_test(tests, a_full_disk_is_told);
	tcase_add_test(tests, no_memo_is_nothing_to_close);
	tcase_add_test(tests, descriptor_0_is_closed_like_any_other);
	tcase_add_test(tests, a_memo_is_closed_once_whatever_happens);
}
