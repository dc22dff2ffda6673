/* test_volume.c - what must be true of a volume, whatever fails on the way. */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include "brakes.h"
#include "volume.h"

static const char *const chapters[] = { "one", "none", "two" };

enum { CHAPTERS = 3, UNTOLD = -1 };

/* Writes the file at PATH. */
static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	ck_assert(file != NULL);
	fputs(text, file);
	fclose(file);
}

/* Fails the test unless the file at PATH holds exactly TEXT. */
static void expect_file(const char *path, const char *text)
{
	char held[200];
	size_t len;
	FILE *file = fopen(path, "r");

	ck_assert_msg(file != NULL, "there is no %s", path);
	len = fread(held, 1, sizeof held - 1, file);
	fclose(file);
	held[len] = '\0';
	ck_assert_str_eq(held, text);
}

/* Writes three chapters, the second without a line, and an old volume. */
static void write_all(void)
{
	write_file("one", "the first line\nand the second\n");
	write_file("none", "");
	write_file("two", "the last\n");
	write_file("volume", "the old volume\n");
}

/* Fails the test unless all that was opened is closed, and closed once. */
static void expect_all_closed(void)
{
	ck_assert_int_eq(still_open(), 0);
	ck_assert_int_eq(closed_twice(), 0);
}

/* Binds with nothing to hinder it, and asks for all that was promised. */
static void expect_a_good_volume(void)
{
	long lines = UNTOLD;

	ck_assert_int_eq(volume_bind("volume", chapters, CHAPTERS, &lines), 0);
	ck_assert_int_eq(lines, 3);
	expect_file("volume", "the first line\nand the second\nthe last\n");
	ck_assert(access("volume.new", F_OK) < 0);
	expect_all_closed();
}

/* A binding that failed with ERR has changed nothing and told nothing. */
static void expect_a_failure(int came, int err, long lines)
{
	ck_assert_int_eq(came, err);
	ck_assert_int_eq(lines, UNTOLD);
	expect_file("volume", "the old volume\n");
	expect_all_closed();
}

/* The second volume is as good as the first, and takes its place. */
START_TEST(two_volumes_are_bound_one_after_the_other)
{
	write_all();
	expect_a_good_volume();
	expect_a_good_volume();
}
END_TEST

/* A volume may be empty. */
START_TEST(no_chapters_make_an_empty_volume)
{
	long lines = UNTOLD;

	ck_assert_int_eq(volume_bind("volume", chapters, 0, &lines), 0);
	ck_assert_int_eq(lines, 0);
	expect_file("volume", "");
	expect_all_closed();
}
END_TEST

/* One call fails, each in its turn, and afterwards all is as before. */
START_TEST(whichever_call_fails_nothing_is_left_and_nothing_is_lost)
{
	for (int nth = 1; nth < 100; nth++) {
		long lines = UNTOLD;
		int err;

		write_all();
		fail_call(nth, EDQUOT);
		err = volume_bind("volume", chapters, CHAPTERS, &lines);
		if (!fault_struck())
			return;
		expect_a_failure(err, -EDQUOT, lines);
		ck_assert(access("volume.new", F_OK) < 0);
		expect_a_good_volume();
	}
}
END_TEST

/* All calls fail from one on, so that cleaning up is hindered too. */
START_TEST(from_whichever_call_on_they_fail_all_is_closed)
{
	for (int nth = 1; nth < 100; nth++) {
		long lines = UNTOLD;
		int err;

		write_all();
		unlink("volume.new"); /* which nobody could remove */
		fail_calls_from(nth, EDQUOT);
		err = volume_bind("volume", chapters, CHAPTERS, &lines);
		if (!fault_struck())
			return;
		expect_a_failure(err, -EDQUOT, lines);
	}
}
END_TEST

/* The chapter that is not there may be any of them. */
START_TEST(whichever_chapter_is_missing_the_old_volume_stays)
{
	for (int i = 0; i < CHAPTERS; i++) {
		long lines = UNTOLD;
		int err;

		write_all();
		unlink(chapters[i]);
		err = volume_bind("volume", chapters, CHAPTERS, &lines);
		expect_a_failure(err, -ENOENT, lines);
		ck_assert(access("volume.new", F_OK) < 0);
	}
}
END_TEST

/* What someone else has begun is theirs to remove. */
START_TEST(a_new_volume_of_someone_else_is_left_alone)
{
	long lines = UNTOLD;
	int err;

	write_all();
	write_file("volume.new", "half of it\n");
	err = volume_bind("volume", chapters, CHAPTERS, &lines);
	expect_a_failure(err, -EEXIST, lines);
	expect_file("volume.new", "half of it\n");
}
END_TEST

/* A directory is no volume, and is not replaced by one. */
START_TEST(a_directory_in_its_place_is_refused)
{
	long lines = UNTOLD;

	ck_assert_int_eq(mkdir("shelf", 0700), 0);
	ck_assert_int_eq(volume_bind("shelf", chapters, 0, &lines), -EINVAL);
	ck_assert_int_eq(lines, UNTOLD);
	expect_all_closed();
}
END_TEST

/* Names the tests to be run. */
void learner_tests(TCase *tests)
{
	tcase_add_test(tests, two_volumes_are_bound_one_after_the_other);
	tcase_add_test(tests, no_chapters_make_an_empty_volume);
	tcase_add_test(tests,
		       whichever_call_fails_nothing_is_left_and_nothing_is_lost);
	tcase_add_test(tests, from_whichever_call_on_they_fail_all_is_closed);
	tcase_add_test(tests,
		       whichever_chapter_is_missing_the_old_volume_stays);
	tcase_add_test(tests, a_new_volume_of_someone_else_is_left_alone);
	tcase_add_test(tests, a_directory_in_its_place_is_refused);
}
