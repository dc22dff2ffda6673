/* test_menu.c - who owns what, when all goes well and when it does not. */
#include <check.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include "brakes.h"
#include "menu.h"
#include "paper.h"

/* Makes a database at PATH, by calls of the test's own: nobody counts them,
 * and none is made to fail. SQL says what is in it. */
static void cook(const char *path, const char *sql)
{
	sqlite3 *db = NULL;

	remove(path);
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
}

static const char two_dishes[] = "CREATE TABLE dish (name TEXT);"
				 "INSERT INTO dish VALUES ('soup'), ('pie')";

/* Stands in *ret_menu before an open, to be found there after a failure. */
static char mark;
#define UNTOUCHED ((struct menu *)&mark)

/* Fails the test unless all that was opened is closed, and closed once. */
static void expect_all_closed(void)
{
	ck_assert_int_eq(still_open(), 0);
	ck_assert_int_eq(closed_twice(), 0);
}

/* Fails the test unless the paper at PATH holds exactly TEXT. */
static void expect_paper(const char *path, const char *text)
{
	char held[80];
	FILE *paper = fopen(path, "r");
	size_t len;

	ck_assert_ptr_nonnull(paper);
	len = fread(held, 1, sizeof(held) - 1, paper);
	fclose(paper);
	held[len] = '\0';
	ck_assert_str_eq(held, text);
}

/* A paper that is still the test's own. */
static FILE *new_paper(const char *path)
{
	FILE *paper = NULL;

	ck_assert_int_eq(paper_open(path, &paper), 0);
	return paper;
}

/* Opens a menu, or finds after a failure that no ownership has changed: the
 * paper is open and ours, so we close it, and the pointer is as it was. */
static int open_menu(const char *db, FILE *paper, struct menu **ret_menu)
{
	struct menu *menu = UNTOUCHED;
	int err = menu_open(db, paper, &menu);

	if (err == 0) {
		*ret_menu = menu;
		return 0;
	}
	ck_assert_int_lt(err, 0);
	ck_assert(menu == UNTOUCHED);
	ck_assert_int_eq(still_open(), 1);
	paper_close(paper);
	expect_all_closed();
	return err;
}

/* Closes once, and once more for nothing. */
static int close_menu(struct menu *menu)
{
	int err = menu_close(&menu);

	ck_assert_int_le(err, 0);
	ck_assert(menu == NULL);
	ck_assert_int_eq(menu_close(&menu), 0);
	expect_all_closed();
	return err;
}

/* The whole life of a menu: 0, or the first error that it met. */
static int live(const char *db, FILE *paper)
{
	struct menu *menu = NULL;
	int closed, said = open_menu(db, paper, &menu);

	if (said < 0)
		return said;
	do
		said = menu_print(menu);
	while (said > 0);
	closed = close_menu(menu);
	return said < 0 ? said : closed;
}

START_TEST(a_menu_is_printed_and_ends_all_that_it_owns)
{
	cook("day.db", two_dishes);
	ck_assert_int_eq(live("day.db", new_paper("day.txt")), 0);
	expect_paper("day.txt", "pie\nsoup\n");
}
END_TEST

/* Each of these fails by itself: the first opens no file, the second has no
 * table to prepare a statement for. */
START_TEST(a_failed_open_changes_no_ownership)
{
	cook("empty.db", "CREATE TABLE drink (name TEXT)");
	ck_assert_int_lt(live("nowhere/day.db", new_paper("day.txt")), 0);
	ck_assert_int_lt(live("empty.db", new_paper("day.txt")), 0);
}
END_TEST

/* Lives once for each call that can fail, which ARRANGE makes fail. */
static void live_under_each_fault(void (*arrange)(int nth, int err))
{
	cook("day.db", two_dishes);
	for (int nth = 1; nth < 50; nth++) {
		FILE *paper = new_paper("day.txt");
		int err, struck;

		arrange(nth, EIO);
		err = live("day.db", paper);
		struck = fault_struck();
		fail_call(0, 0);
		if (!struck)
			return;
		if (err == 0)
			expect_paper("day.txt", "pie\nsoup\n");
	}
	ck_abort_msg("the life of a menu has 50 calls that can fail");
}

START_TEST(whichever_call_fails_everything_has_one_owner)
{
	live_under_each_fault(fail_call);
}
END_TEST

START_TEST(when_every_call_fails_from_one_on_everything_has_one_owner)
{
	live_under_each_fault(fail_calls_from);
}
END_TEST

/* The names wait in a buffer, so it is the close that finds the disk full. */
START_TEST(a_full_disk_is_told_and_the_rest_is_released)
{
	cook("day.db", two_dishes);
	ck_assert_int_lt(live("day.db", new_paper("/dev/full")), 0);
}
END_TEST

/* Prints one dish in a scope, which ends with the statement half read. */
static int print_one(const char *db, FILE *give_paper)
{
	CLOSED_WITH_SCOPE struct menu *menu = NULL;
	int err = menu_open(db, give_paper, &menu);

	return err < 0 ? err : menu_print(menu);
}

START_TEST(a_scope_ends_what_it_opened_and_nothing_else)
{
	FILE *paper = new_paper("day.txt");

	cook("day.db", two_dishes);
	ck_assert_int_eq(print_one("day.db", paper), 1);
	expect_all_closed();
	paper = new_paper("day.txt");
	ck_assert_int_lt(print_one("nowhere/day.db", paper), 0);
	ck_assert_int_eq(paper_close(paper), 0);
	expect_all_closed();
}
END_TEST

/* Names the tests to be run. */
void learner_tests(TCase *tests)
{
	tcase_add_test(tests, a_menu_is_printed_and_ends_all_that_it_owns);
	tcase_add_test(tests, a_failed_open_changes_no_ownership);
	tcase_add_test(tests, whichever_call_fails_everything_has_one_owner);
	tcase_add_test(tests,
		when_every_call_fails_from_one_on_everything_has_one_owner);
	tcase_add_test(tests, a_full_disk_is_told_and_the_rest_is_released);
	tcase_add_test(tests, a_scope_ends_what_it_opened_and_nothing_else);
}
