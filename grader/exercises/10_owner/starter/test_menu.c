/* test_menu.c - who owns what, when all goes well and when it does not. */
#include <check.h>
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

/* A menu prints its dishes, one at a time. */
START_TEST(two_dishes_are_printed)
{
	struct menu *menu = NULL;
	FILE *paper = NULL;

	cook("day.db", two_dishes);
	ck_assert_int_eq(paper_open("day.txt", &paper), 0);
	ck_assert_int_eq(menu_open("day.db", paper, &menu), 0);
	ck_assert_int_eq(menu_print(menu), 1);
	ck_assert_int_eq(menu_print(menu), 1);
	ck_assert_int_eq(menu_print(menu), 0);
	ck_assert_int_eq(menu_close(&menu), 0);
}
END_TEST

/* TODO: this passes, and the database is still open. Ask who owns what after
 * the close; and after an open that failed, at whichever step it was. */

/* Names the tests to be run. */
void learner_tests(TCase *tests)
{
	tcase_add_test(tests, two_dishes_are_printed);
}
