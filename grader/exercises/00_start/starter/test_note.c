/* test_note.c - what must be true of a note, saved or not. */
#include <check.h>
#include <errno.h>
#include "brakes.h"
#include "note.h"

/* A note that is saved leaves no file open. */
START_TEST(a_note_is_saved)
{
	ck_assert_int_eq(note_save("a.note", "buy milk"), 0);
	ck_assert_int_eq(still_open(), 0);
	ck_assert_int_eq(closed_twice(), 0);
}
END_TEST

/* There is no such folder, so the open fails. */
START_TEST(a_note_in_a_folder_that_is_not_there_is_not_saved)
{
	ck_assert_int_eq(note_save("nowhere/a.note", "buy milk"), -1);
	ck_assert_int_eq(still_open(), 0);
	ck_assert_int_eq(closed_twice(), 0);
}
END_TEST

/* /dev/full is a file that is always full. The text waits in memory until the
 * close: the write goes well, and it is the close that tells. */
START_TEST(a_note_on_a_full_disk_is_not_saved)
{
	ck_assert_int_eq(note_save("/dev/full", "buy milk"), -1);
	ck_assert_int_eq(still_open(), 0);
	ck_assert_int_eq(closed_twice(), 0);
}
END_TEST

/* TODO: copy a_note_is_saved, and give the copy a name of its own. Let its
 * first line be `fail_call(2, ENOSPC);`, and correct what it expects of
 * note_save. Then add its name below. */

/* Names the tests to be run. */
void learner_tests(TCase *tests)
{
	tcase_add_test(tests, a_note_is_saved);
	tcase_add_test(tests,
		       a_note_in_a_folder_that_is_not_there_is_not_saved);
	tcase_add_test(tests, a_note_on_a_full_disk_is_not_saved);
}
