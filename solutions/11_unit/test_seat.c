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

/* What was not seated left nothing behind: no row, no transaction, no
 * statement; and what failed was told. */
static void expect_turned_away(sqlite3 *db, int rc)
{
	ck_assert_int_ne(rc, SQLITE_OK);
	expect_seats(db, "5 Bo, 9 Ada");
	ck_assert_int_ne(sqlite3_get_autocommit(db), 0);
	ck_assert_int_eq(still_open(), 0);
	ck_assert_int_eq(closed_twice(), 0);
}

/* A party of two gets its seats, and its unit is over. */
START_TEST(a_party_gets_its_seats)
{
	const int seats[] = { 4, 6 };
	sqlite3 *db = build_house();

	ck_assert_int_eq(seat_party(db, "Ada", seats, 2), SQLITE_OK);
	expect_seats(db, "4 Ada, 5 Bo, 6 Ada, 9 Ada");
	ck_assert_int_ne(sqlite3_get_autocommit(db), 0);
	ck_assert_int_eq(still_open(), 0);
	sqlite3_close(db);
}
END_TEST

/* Ada does not sit on Bo, nor in the seat beside; hers of before is hers. */
START_TEST(a_taken_seat_turns_the_whole_party_away)
{
	const int seats[] = { 4, 5, 6 }, others[] = { 4, 6 };
	sqlite3 *db = build_house();
	int rc = seat_party(db, "Ada", seats, 3);

	ck_assert_int_eq(rc, SQLITE_CONSTRAINT);
	expect_turned_away(db, rc);
	ck_assert_int_eq(seat_party(db, "Cy", others, 2), SQLITE_OK);
	expect_seats(db, "4 Cy, 5 Bo, 6 Cy, 9 Ada");
	sqlite3_close(db);
}
END_TEST

/* One call fails, each in its turn; a commit that fails so stays open. */
START_TEST(whichever_call_fails_the_house_is_as_it_was)
{
	const int seats[] = { 4, 6 };
	sqlite3 *db = build_house();

	for (int nth = 1; nth < 50; nth++) {
		int rc;

		fail_call(nth, ENOSPC);
		rc = seat_party(db, "Ada", seats, 2);
		if (!fault_struck())
			break;
		expect_turned_away(db, rc);
	}
	sqlite3_close(db);
}
END_TEST

/* The same with a seat that is taken: here the rollback fails as well. */
START_TEST(a_rollback_that_fails_leaves_nothing_open)
{
	const int seats[] = { 4, 5 };
	sqlite3 *db = build_house();

	for (int nth = 1; nth < 50; nth++) {
		int rc;

		fail_calls_from(nth, EIO);
		rc = seat_party(db, "Ada", seats, 2);
		expect_turned_away(db, rc);
		if (!fault_struck())
			break;
	}
	sqlite3_close(db);
}
END_TEST

/* What the caller has begun, the caller ends. */
START_TEST(a_transaction_of_the_caller_stays_open)
{
	const int seats[] = { 4, 5 };
	sqlite3 *db = build_house();

	run(db, "BEGIN");
	run(db, "INSERT INTO seats VALUES (30, 'Host')");
	ck_assert_int_ne(seat_party(db, "Ada", seats, 2), SQLITE_OK);
	ck_assert_int_eq(sqlite3_get_autocommit(db), 0);
	ck_assert_int_eq(closed_twice(), 0);
	expect_seats(db, "5 Bo, 9 Ada, 30 Host");
	run(db, "COMMIT");
	sqlite3_close(db);
}
END_TEST

/* Names the tests to be run. */
void learner_tests(TCase *tests)
{
	tcase_add_test(tests, a_party_gets_its_seats);
	tcase_add_test(tests, a_taken_seat_turns_the_whole_party_away);
	tcase_add_test(tests, whichever_call_fails_the_house_is_as_it_was);
	tcase_add_test(tests, a_rollback_that_fails_leaves_nothing_open);
	tcase_add_test(tests, a_transaction_of_the_caller_stays_open);
}
