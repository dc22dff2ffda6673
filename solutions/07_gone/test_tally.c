/* test_tally.c - what is counted, and what is said when all else is gone. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "brakes.h"
#include "tally.h"

static FILE *the_log;

/* Ends the log, and stands for all who clear up. It is led to nowhere rather
 * than closed: whoever writes to it after that does no harm. */
static void end_log(void)
{
	the_log = freopen("/dev/null", "w", the_log);
}

/* Reads the file at PATH into HELD. */
static void read_text(const char *path, char held[200])
{
	FILE *file = fopen(path, "r");

	ck_assert_ptr_nonnull(file);
	held[fread(held, 1, 199, file)] = '\0';
	fclose(file);
}

/* Fails the test unless stderr would be told TEXT if the program ended now:
 * a copy of it does end, with all that was registered to run at exit. */
static void expect_last_words(const char *text)
{
	char told[200];
	int status = 0;
	int words = open("words", O_CREAT | O_TRUNC | O_WRONLY, 0600);
	pid_t copy;

	ck_assert_int_ge(words, 0);
	fflush(NULL);
	copy = fork();
	if (copy == 0) {
		dup2(words, STDERR_FILENO);
		exit(0);
	}
	close(words);
	ck_assert_int_eq(waitpid(copy, &status, 0), copy);
	ck_assert_msg(status == 0, "the program crashes at exit");
	read_text("words", told);
	ck_assert_str_eq(told, text);
}

/* Starts a tally of "paper", whose memory is put to another use at once,
 * and makes the file "two" with two lines to be counted. */
static void start(void)
{
	static char name[] = "paper";
	FILE *two = fopen("two", "w");

	ck_assert_ptr_nonnull(two);
	fputs("one\ntwo\n", two);
	fclose(two);
	the_log = fopen("log", "w");
	ck_assert_ptr_nonnull(the_log);
	ck_assert_int_eq(tally_start(name, the_log), 0);
	strcpy(name, "?????");
}

START_TEST(files_are_added_up)
{
	char held[200];

	the_log = fopen("log", "w");
	ck_assert_ptr_nonnull(the_log);
	ck_assert_int_eq(tally_start("paper", the_log), 0);
	ck_assert_int_eq(tally_file("nowhere/at/all"), -ENOENT);
	ck_assert_int_eq(tally_report(), 0);
	end_log();
	read_text("log", held);
	ck_assert_str_eq(held, "paper: 0 lines, 0 files, 1 unread\n");
}
END_TEST

/* What is registered last runs first: here the log is ended before the last
 * words, and the name was overwritten long ago. */
START_TEST(the_last_words_need_nobody)
{
	start();
	ck_assert_int_eq(atexit(end_log), 0);
	ck_assert_int_eq(tally_file("two"), 0);
	ck_assert_int_eq(tally_file("two"), 0);
	expect_last_words("paper: 4 lines, 2 files, 0 unread\n");
}
END_TEST

/* Fails the test unless LINES lines of FILES files, and UNREAD unread, would be
 * the last words. */
static void expect_counted(int lines, int files, int unread)
{
	char text[100];

	snprintf(text, sizeof text, "paper: %d lines, %d files, %d unread\n",
		 lines, files, unread);
	expect_last_words(text);
}

/* Counts "two" once for each call that can fail, which ARRANGE makes fail.
 * A close may have failed untold: then the file was read all the same. */
static void count_under_each_fault(void (*arrange)(int nth, int err))
{
	int files = 0, unread = 0;

	start();
	for (int nth = 1; nth < 50; nth++) {
		int held = still_open();
		int err;

		arrange(nth, EIO);
		err = tally_file("two");
		ck_assert_int_le(err, 0);
		err < 0 ? unread++ : files++;
		ck_assert_int_eq(still_open(), held);
		ck_assert_int_eq(closed_twice(), 0);
		if (!fault_struck())
			break;
	}
	ck_assert_int_ge(files, 1);
	arrange(0, 0);
	expect_counted(2 * files, files, unread);
}

START_TEST(a_failing_file_is_closed_and_counts_as_unread)
{
	count_under_each_fault(fail_call);
}
END_TEST

START_TEST(a_file_failing_for_good_is_closed_and_counts_as_unread)
{
	count_under_each_fault(fail_calls_from);
}
END_TEST

/* At the end nothing is to be had any more: no memory, no file. */
START_TEST(the_last_words_ask_for_nothing)
{
	start();
	ck_assert_int_eq(tally_file("two"), 0);
	fail_calls_from(1, ENOMEM);
	expect_counted(2, 1, 0);
}
END_TEST

/* Starts while call NTH fails. A start may make one call or several; when it
 * fails, there is nothing to say. */
static void start_while_failing(int nth)
{
	int err;

	the_log = fopen("log", "w");
	ck_assert_ptr_nonnull(the_log);
	fail_call(nth, ENOMEM);
	err = tally_start("paper", the_log);
	ck_assert_int_le(err, 0);
	fail_call(0, 0);
	if (err < 0)
		expect_last_words("");
	else
		expect_counted(0, 0, 0);
}

START_TEST(a_start_that_fails_says_nothing)
{
	start_while_failing(1);
}
END_TEST

START_TEST(a_start_that_fails_later_says_nothing)
{
	start_while_failing(2);
}
END_TEST

START_TEST(a_report_that_fails_is_told)
{
	start();
	fail_call(1, ENOSPC);
	ck_assert_int_lt(tally_report(), 0);
}
END_TEST

/* Names the tests to be run. */
void learner_tests(TCase *tests)
{
	tcase_add_test(tests, files_are_added_up);
	tcase_add_test(tests, the_last_words_need_nobody);
	tcase_add_test(tests,
		       a_failing_file_is_closed_and_counts_as_unread);
	tcase_add_test(tests,
		       a_file_failing_for_good_is_closed_and_counts_as_unread);
	tcase_add_test(tests, the_last_words_ask_for_nothing);
	tcase_add_test(tests, a_start_that_fails_says_nothing);
	tcase_add_test(tests, a_start_that_fails_later_says_nothing);
	tcase_add_test(tests, a_report_that_fails_is_told);
}
