/* test_courier.c - what must be true of the courier, whichever call fails. */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "airbag.h"
#include "brakes.h"
#include "courier.h"
#include "outbox.h"
#include "spool.h"
#include "unit.h"

static const char text[] = "Dear Anna,\nall is well.\n";

/* How a test asks for a fault: fail_call or fail_calls_from. */
typedef void arrange_fn(int nth, int err);

/* --- helpers ------------------------------------------------------------- */

/* Writes the file at PATH. */
static void put_file(const char *path, const char *what)
{
	FILE *out = fopen(path, "w");

	ck_assert_ptr_nonnull(out);
	ck_assert_int_ge(fputs(what, out), 0);
	ck_assert_int_eq(fclose(out), 0);
}

/* Fails the test unless the file at PATH holds exactly WHAT. */
static void expect_file(const char *path, const char *what)
{
	char held[2000];
	size_t n;
	FILE *in = fopen(path, "r");

	ck_assert_msg(in != NULL, "there is no %s", path);
	n = fread(held, 1, sizeof held - 1, in);
	fclose(in);
	held[n] = '\0';
	ck_assert_str_eq(held, what);
}

static int is_there(const char *path)
{
	return access(path, F_OK) == 0;
}

/* Fails the test unless the airbag, asked now, tells COUNT notes and has
 * written WHAT among them. */
static void expect_told(int count, const char *what)
{
	char *told = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&told, &size);

	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(airbag_report(out), count);
	ck_assert_int_eq(fclose(out), 0);
	ck_assert_msg(strstr(told, what), "\"%s\" is not in \"%s\"", what,
		      told);
	free(told);
}

/* Fails the test unless nothing is open, armed, or was closed twice. */
static void expect_nothing_left(void)
{
	ck_assert_int_eq(still_open(), 0);
	ck_assert_int_eq(closed_twice(), 0);
	expect_told(0, "");
}

/* Opens a ledger for the test itself: no call of ours is counted. */
static sqlite3 *own_ledger(const char *path)
{
	sqlite3 *db = NULL;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, "CREATE TABLE IF NOT EXISTS "
				      "delivered (id TEXT PRIMARY KEY)", NULL,
				      NULL, NULL), SQLITE_OK);
	return db;
}

/* How many rows DB has. */
static int rows_of(sqlite3 *db)
{
	sqlite3_stmt *count = NULL;
	int n;

	sqlite3_prepare_v2(db, "SELECT count(*) FROM delivered", -1, &count,
			   NULL);
	ck_assert_int_eq(sqlite3_step(count), SQLITE_ROW);
	n = sqlite3_column_int(count, 0);
	sqlite3_finalize(count);
	return n;
}

/* The same of the ledger at PATH. */
static int rows(const char *path)
{
	sqlite3 *db = own_ledger(path);
	int n = rows_of(db);

	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
	return n;
}

/* --- the spool ----------------------------------------------------------- */

/* Reads the one letter once for each call that can fail. */
static void read_under_each_fault(arrange_fn *arrange)
{
	for (int nth = 1; nth < 50; nth++) {
		struct letter letter = { .id = "untouched" };
		int found;

		arrange(nth, EIO);
		found = letter_next("spool", &letter);
		if (found == 1)
			ck_assert_str_eq(letter.text, text);
		else
			ck_assert_str_eq(letter.id, "untouched");
		expect_nothing_left();
		if (!fault_struck())
			return;
		ck_assert_int_ne(found, 0);
	}
}

START_TEST(a_letter_is_read_whole_or_not_at_all)
{
	mkdir("spool", 0700);
	put_file("spool/anna", text);
	read_under_each_fault(fail_call);
	read_under_each_fault(fail_calls_from);
}
END_TEST

START_TEST(a_spool_without_letters_is_told_from_one_that_is_not_there)
{
	struct letter letter = { .id = "untouched" };
	char long_text[LETTER_MAX + 2];

	ck_assert_int_eq(letter_next("spool", &letter), -ENOENT);
	mkdir("spool", 0700);
	put_file("spool/.hidden", text);
	ck_assert_int_eq(letter_next("spool", &letter), 0);
	memset(long_text, 'x', sizeof long_text);
	long_text[LETTER_MAX + 1] = '\0';
	put_file("spool/long", long_text);
	ck_assert_int_lt(letter_next("spool", &letter), 0);
	ck_assert_str_eq(letter.id, "untouched");
	expect_nothing_left();
}
END_TEST

/* --- the unit of work ---------------------------------------------------- */

/* Work that does as it is told, and a record of what it was asked. */
struct record {
	int result;
	int acts, undos;
};

static int act(void *arg)
{
	struct record *record = arg;

	record->acts++;
	return record->result;
}

static void undo(void *arg)
{
	struct record *record = arg;

	record->undos++;
}

/* Runs one unit on DB, where the row was or was not there before, and expects
 * both or neither. */
static int run_one(sqlite3 *db, struct record *record, int was)
{
	struct work work = { act, undo, record };
	int err = unit_run(db, "anna", &work);
	int row = rows_of(db);

	expect_nothing_left();
	ck_assert_int_eq(sqlite3_get_autocommit(db), 1);
	ck_assert_int_eq(row, err == 0 || was);
	ck_assert_int_le(record->acts, !was);
	if (!was && row)
		ck_assert_int_eq(record->acts, 1);
	ck_assert_int_eq(record->undos,
			 !row && record->acts && record->result == 0);
	return err;
}

/* Runs units until one meets no fault. */
static void run_under_each_fault(arrange_fn *arrange)
{
	for (int nth = 1; nth < 50; nth++) {
		struct record record = { 0 };
		sqlite3 *db = own_ledger(":memory:");
		int err;

		arrange(nth, ENOSPC);
		err = run_one(db, &record, 0);
		if (!fault_struck())
			ck_assert_int_eq(err, 0);
		sqlite3_close(db);
		if (!fault_struck())
			return;
	}
}

START_TEST(a_unit_does_both_or_neither)
{
	run_under_each_fault(fail_call);
	run_under_each_fault(fail_calls_from);
}
END_TEST

START_TEST(work_that_fails_is_rolled_back_and_not_undone)
{
	struct record fails = { .result = -EDQUOT }, works = { 0 };
	sqlite3 *db = own_ledger(":memory:");

	ck_assert_int_lt(run_one(db, &fails, 0), 0);
	ck_assert_int_eq(fails.acts, 1);
	ck_assert_int_eq(run_one(db, &works, 0), 0);
	sqlite3_close(db);
}
END_TEST

START_TEST(what_has_a_row_is_not_done_again)
{
	struct record first = { 0 }, second = { 0 };
	sqlite3 *db = own_ledger(":memory:");

	ck_assert_int_eq(run_one(db, &first, 0), 0);
	ck_assert_int_eq(run_one(db, &second, 1), 0);
	sqlite3_close(db);
}
END_TEST

/* A ledger that cannot be opened, or is none. */
START_TEST(a_ledger_of_no_use_is_closed)
{
	sqlite3 *db = NULL;

	ck_assert_int_lt(ledger_open("nowhere/ledger.db", &db), 0);
	ck_assert_ptr_null(db);
	expect_nothing_left();
	for (int nth = 1; nth < 20; nth++) {
		int err;

		fail_call(nth, ENOSPC);
		err = ledger_open("ledger.db", &db);
		if (err < 0)
			ck_assert_ptr_null(db);
		else
			ledger_close(&db);
		ck_assert_ptr_null(db);
		expect_nothing_left();
		if (!fault_struck())
			break;
	}
	ck_assert_int_eq(ledger_close(&db), 0);
}
END_TEST

/* --- the outbox ---------------------------------------------------------- */

START_TEST(a_forgotten_parcel_is_told_once_with_its_line)
{
	struct parcel *one = NULL, *two = NULL;
	char warning[200];
	int line = __LINE__ + 3;

	mkdir("outbox", 0700);
	ck_assert_int_eq(parcel_open("outbox", "anna", &one), 0);
	ck_assert_int_eq(parcel_open("outbox", "ben", &two), 0);
	ck_assert_int_eq(parcel_send(&two), 0);
	snprintf(warning, sizeof warning, "%s:%d: outbox/anna was", __FILE__,
		 line);
	expect_told(1, warning);
	expect_told(0, "");
	parcel_drop(&one);
	ck_assert_ptr_null(one);
	parcel_drop(&one);
	ck_assert_int_eq(is_there("outbox/anna.tmp"), 0);
	ck_assert_int_eq(is_there("outbox/anna"), 0);
	expect_nothing_left();
}
END_TEST

/* One life of a parcel: 0, or the first error that it met. */
static int live(void)
{
	struct parcel *parcel = NULL;
	int err = parcel_open("outbox", "anna", &parcel);

	if (err < 0) {
		ck_assert_ptr_null(parcel);
		return err;
	}
	err = parcel_write(parcel, text);
	if (err < 0)
		parcel_drop(&parcel);
	else
		err = parcel_send(&parcel);
	ck_assert_ptr_null(parcel);
	return err;
}

/* Lives once for each call that can fail. A disk that goes on failing cannot
 * be tidied up, so no question about it. */
static void live_under_each_fault(arrange_fn *arrange)
{
	for (int nth = 1; nth < 50; nth++) {
		int err;

		arrange(nth, ENOSPC);
		err = live();
		expect_nothing_left();
		if (err == 0)
			expect_file("outbox/anna", text);
		else if (arrange == fail_call)
			ck_assert_int_eq(is_there("outbox/anna"), 0);
		if (err < 0 && arrange == fail_call)
			ck_assert_int_eq(is_there("outbox/anna.tmp"), 0);
		if (!fault_struck())
			return;
		remove("outbox/anna");
	}
}

START_TEST(a_parcel_is_sent_whole_or_leaves_nothing)
{
	mkdir("outbox", 0700);
	live_under_each_fault(fail_call);
	remove("outbox/anna");
	live_under_each_fault(fail_calls_from);
}
END_TEST

/* --- the courier --------------------------------------------------------- */

/* Plays the recipient: takes the letter if it is there, 1 or 0. */
static int taken(void)
{
	if (!is_there("outbox/anna"))
		return 0;
	expect_file("outbox/anna", text);
	remove("outbox/anna");
	return 1;
}

/* Runs the courier and expects that nothing is open and nothing is lost. */
static int run(void)
{
	int err = courier_run("spool", "outbox", "ledger.db");

	expect_nothing_left();
	ck_assert(is_there("spool/anna") || rows("ledger.db") == 1);
	ck_assert_int_eq(is_there("spool/anna") && err == 0, 0);
	return err;
}

/* Makes an empty ledger and a spool with one letter. */
static void begin_anew(void)
{
	remove("ledger.db");
	mkdir("spool", 0700);
	mkdir("outbox", 0700);
	put_file("spool/anna", text);
}

/* One call fails; then a run in which none does. */
START_TEST(whichever_call_fails_the_next_run_delivers_once)
{
	for (int nth = 1; nth < 100; nth++) {
		int times, struck;

		begin_anew();
		fail_call(nth, ENOSPC);
		run();
		struck = fault_struck();
		fail_call(0, 0);
		times = taken();
		ck_assert_int_eq(times, rows("ledger.db"));
		ck_assert_int_eq(run(), 0);
		ck_assert_int_eq(times + taken(), 1);
		if (!struck)
			return;
	}
}
END_TEST

/* From some call on they all fail, what cleans up included. */
START_TEST(when_all_calls_fail_from_one_on_nothing_is_lost)
{
	for (int nth = 1; nth < 100; nth++) {
		begin_anew();
		fail_calls_from(nth, ENOSPC);
		run();
		if (!fault_struck())
			return;
	}
}
END_TEST

/* Folders and a ledger of their own, in one process and hence in one test. */
START_TEST(two_runs_know_nothing_of_each_other)
{
	begin_anew();
	ck_assert_int_eq(run(), 0);
	mkdir("spool2", 0700);
	mkdir("outbox2", 0700);
	put_file("spool2/ben", text);
	ck_assert_int_eq(courier_run("spool2", "outbox2", "ledger2.db"), 0);
	expect_nothing_left();
	expect_file("outbox2/ben", text);
	ck_assert_int_eq(rows("ledger.db"), 1);
	ck_assert_int_eq(rows("ledger2.db"), 1);
}
END_TEST

/* Names the tests to be run. */
void learner_tests(TCase *tests)
{
	tcase_add_test(tests, a_letter_is_read_whole_or_not_at_all);
	tcase_add_test(tests,
		a_spool_without_letters_is_told_from_one_that_is_not_there);
	tcase_add_test(tests, a_unit_does_both_or_neither);
	tcase_add_test(tests, work_that_fails_is_rolled_back_and_not_undone);
	tcase_add_test(tests, what_has_a_row_is_not_done_again);
	tcase_add_test(tests, a_ledger_of_no_use_is_closed);
	tcase_add_test(tests, a_forgotten_parcel_is_told_once_with_its_line);
	tcase_add_test(tests, a_parcel_is_sent_whole_or_leaves_nothing);
	tcase_add_test(tests, whichever_call_fails_the_next_run_delivers_once);
	tcase_add_test(tests, when_all_calls_fail_from_one_on_nothing_is_lost);
	tcase_add_test(tests, two_runs_know_nothing_of_each_other);
}
