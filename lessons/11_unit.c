/* 11 unit - A unit of work ends everything that it began.
 *
 * PLACE  Lesson 10 gave each resource one owner. Lesson 12 is about resources
 * that live for ever. The courier of the capstone (14) uses units of work for
 * its ledger.
 *
 * CLAIM  Three boxes arrive on the right and are still on the left: the second
 * of two changes failed, and the first one is kept. The program checked each
 * call, but nothing undid the first change. A unit of work gives changes that
 * belong together one beginning and one end, and no return can miss the end.
 * In a database this is a transaction: at its end it is committed, or it is
 * rolled back as a whole. In Python `with db:` does this; like the code here,
 * it leaves the database itself open.
 *
 * EXAMPLE  Boxes move from left to right in an SQLite database. A second
 * connection, called other, has the same file open. `cc 11_unit.c -lsqlite3` */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A transaction that was begun on a borrowed database. NULL: none. */
struct unit {
	sqlite3 *db;
};

/* Runs SQL. Returns SQLITE_OK or the code of the failure. */
static int run(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

/* Begins. If that fails, there is nothing to end. */
static int unit_begin(struct unit *unit, sqlite3 *db)
{
	int rc = run(db, "BEGIN");

	unit->db = rc == SQLITE_OK ? db : NULL;
	return rc;
}

/* Commits. If that fails, the unit still has to be ended. */
static int unit_commit(struct unit *unit)
{
	int rc = run(unit->db, "COMMIT");

	if (rc == SQLITE_OK)
		unit->db = NULL;
	return rc;
}

/* Rolls back, unless the unit was committed or SQLite has rolled back by
 * itself: sqlite3_get_autocommit returns 0 while a transaction is open. */
static void unit_end(struct unit *unit)
{
	if (unit->db && !sqlite3_get_autocommit(unit->db))
		run(unit->db, "ROLLBACK");
	unit->db = NULL;
}

/* Moves three boxes. The table refuses a negative number on the left. */
static int move(sqlite3 *db)
{
	int rc = run(db, "UPDATE sides SET right = right + 3");

	return rc ? rc : run(db, "UPDATE sides SET left = left - 3");
}

/* Does the same in a unit, which the scope ends on every return. */
static int move_in_unit(sqlite3 *db)
{
	__attribute__((cleanup(unit_end))) struct unit unit = { NULL };
	int rc = unit_begin(&unit, db);

	if (rc == SQLITE_OK)
		rc = move(db);
	return rc == SQLITE_OK ? unit_commit(&unit) : rc;
}

/* Prints the code RC of the step WHAT, and what is in the table now. */
static void show(sqlite3 *db, const char *what, int rc)
{
	sqlite3_stmt *row = NULL;

	if (sqlite3_prepare_v2(db, "SELECT * FROM sides", -1, &row, NULL) ==
	    SQLITE_OK && sqlite3_step(row) == SQLITE_ROW)
		printf("%-11s %-18s%2d left,%2d right%s\n", what,
		       sqlite3_errstr(rc), sqlite3_column_int(row, 0),
		       sqlite3_column_int(row, 1),
		       sqlite3_get_autocommit(db) ? "" : ", open");
	sqlite3_finalize(row);
}

/* Tries moves with and without a unit, while OTHER reads and after that. */
static void try_moves(sqlite3 *db, sqlite3 *other)
{
	run(other, "BEGIN; SELECT * FROM sides");
	show(db, "other reads", move_in_unit(db));
	run(db, "BEGIN");
	move(db);
	show(db, "COMMIT", run(db, "COMMIT"));
	show(db, "ROLLBACK", run(db, "ROLLBACK"));
	run(other, "COMMIT");
	show(db, "a unit", move_in_unit(db));
	show(db, "ROLLBACK", run(db, "ROLLBACK"));
	show(db, "a unit", move_in_unit(db));
	show(db, "no unit", move(db));
}

/* Opens the file at PATH twice and makes the table. Returns SQLite's code. */
static int try_on(const char *path)
{
	sqlite3 *db = NULL, *other = NULL;
	int rc = sqlite3_open(path, &db);

	if (rc == SQLITE_OK)
		rc = sqlite3_open(path, &other);
	if (rc == SQLITE_OK)
		rc = run(db, "CREATE TABLE sides(left CHECK(left >= 0), right);"
			     "INSERT INTO sides VALUES (5, 0)");
	if (rc == SQLITE_OK)
		try_moves(db, other);
	sqlite3_close(other);	/* a failed open leaves a handle, too */
	sqlite3_close(db);
	return rc;
}

int main(void)
{
	char path[] = "/tmp/boxes-XXXXXX";
	int rc, fd = mkstemp(path); /* makes a new file and opens it */

	if (fd < 0)
		return 1;
	close(fd);
	rc = try_on(path);
	if (unlink(path) < 0)
		return 1;
	return rc != SQLITE_OK;
}
/* BOUNDARY  A commit can fail: return its error, and end the unit. After
 * SQLITE_BUSY the transaction is still open (row 2). After SQLITE_FULL or
 * SQLITE_IOERR SQLite may have rolled back by itself (sqlite.org, page
 * "Transaction"): check sqlite3_get_autocommit. A rollback can fail as well and
 * leave the transaction open. A database and a file have no common commit. Do
 * first what can be undone (write the file) and commit last. If the commit
 * fails, undo the first step (remove the file); this is called compensation.
 *
 * VERIFY  Type `make lesson-11`. Then remove the cleanup attribute: rows 1, 2,
 * 6 and 7 end with "open", and row 2 has the boxes that row 1 refused.
 *
 * REVIEW QUESTION  What does ROLLBACK do after a COMMIT that succeeded?
 *
 * EXERCISE  Type `make 11`: a party sits together, or not at all. */
