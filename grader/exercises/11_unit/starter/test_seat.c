/* test_seat.c - all of a party is seated, or the house is as it was. */
#include <check.h>
#include <errno.h>
#include <sqlite3.h>
#include "brakes.h"
#include "seat.h"

/* Runs SQL that is known to be right. */
static void run(sqlite3 *db, const char *sql)
{
	ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
}

/* Builds a house in memory: seat 5 is Bo's, seat 9 is Ada's. */
static sqlite3 *build_house(void)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(":memory:", &db), SQLITE_OK);
	run(db, "CREATE TABLE seats (number INTEGER PRIMARY KEY, "
		"name TEXT NOT NULL)");
	run(db, "INSERT INTO seats VALUES (5, 'Bo'), (9, 'Ada')");
	return db;
}

/* Fails the test unless these seats are taken: "5 Bo, 9 Ada". */
static void expect_seats(sqlite3 *db, const char *seats)
{
	static const char sql[] =
		"SELECT group_concat(number || ' ' || name, ', ') "
		"FROM (SELECT * FROM seats ORDER BY number)";
	sqlite3_stmt *list;
	const char *taken;
	int rc = sqlite3_prepare_v2(db, sql, -1, &list, NULL);

	ck_assert_int_eq(rc, SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(list), SQLITE_ROW);
	taken = (const char *)sqlite3_column_text(list, 0);
	ck_assert_str_eq(taken, seats);
	sqlite3_finalize(list);
}

/* A party of two gets its seats. */
START_TEST(a_party_gets_its_seats)
{
	const int seats[] = { 4, 6 };
	sqlite3 *db = build_house();

	ck_assert_int_eq(seat_party(db, "Ada", seats, 2), SQLITE_OK);
	expect_seats(db, "4 Ada, 5 Bo, 6 Ada, 9 Ada");
	sqlite3_close(db);
}
END_TEST

/* TODO: this test passes, and a party that is turned away sits down by
 * half. Ask what the house is like, and what is still open, when a seat is
 * taken, and when a call fails: each in its turn, the commit too. */

/* Names the tests to be run. */
void learner_tests(TCase *tests)
{
	tcase_add_test(tests, a_party_gets_its_seats);
}
