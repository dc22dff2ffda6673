/* 11 unit - A unit of work ends everything that it began.
 *
 * PLACE  Before: 10, one owner for each thing. Next: 12, what
 * lives for ever. The courier of 14 keeps its ledger by units.
 *
 * CLAIM  Three boxes have come to the right and never left the
 * left: the second of two changes failed, and the first one stands.
 * Each call was checked; nobody undid. Give changes that belong
 * together one beginning and one end that no return can miss: if
 * they were not committed by then, it rolls all of them back. In
 * Python `with db:` does it; that, too, leaves the database open.
 *
 * EXAMPLE  Boxes go from left to right, in a SQLite database. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What was begun on a database that is lent; NULL once ended. */
struct unit {
	sqlite3 *db;
};

/* Runs SQL: SQLITE_OK, or the code of what failed. */
static int run(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

/* Begins; where that fails there is nothing to be ended. */
static int unit_begin(struct unit *unit, sqlite3 *db)
{
	int rc = run(db, "BEGIN");
	unit->db = rc == SQLITE_OK ? db : NULL;
	return rc;
}

/* Commits. One that fails is told, and leaves the unit to end. */
static int unit_commit(struct unit *unit)
{
	int rc = run(unit->db, "COMMIT");
	if (rc == SQLITE_OK)
		unit->db = NULL;
	return rc;
}

/* Rolls back, unless it is committed or SQLite did so by itself. */
static void unit_end(struct unit *unit)
{
	if (unit->db && !sqlite3_get_autocommit(unit->db))
		run(unit->db, "ROLLBACK");
	unit->db = NULL;
}

/* Moves three boxes; fewer than none cannot be on the left. */
static int move(sqlite3 *db)
{
	int rc = run(db, "UPDATE sides SET right = right + 3");
	return rc ? rc : run(db, "UPDATE sides SET left = left - 3");
}

/* The same in a unit, which the scope ends on every way out. */
static int move_in_unit(sqlite3 *db)
{
	__attribute__((cleanup(unit_end))) struct unit unit = { 0 };
	int rc = unit_begin(&unit, db);
	if (rc == SQLITE_OK)
		rc = move(db);
	return rc == SQLITE_OK ? unit_commit(&unit) : rc;
}

/* Prints what WHAT answered, and how things then stand. */
static void show(sqlite3 *db, const char *what, int rc)
{
	sqlite3_stmt *row;
	sqlite3_prepare_v2(db, "SELECT * FROM sides", -1, &row, 0);
	sqlite3_step(row);
	printf("%-11s %-18s%2d left,%2d right%s\n", what,
	       sqlite3_errstr(rc), sqlite3_column_int(row, 0),
	       sqlite3_column_int(row, 1),
	       sqlite3_get_autocommit(db) ? "" : ", open");
	sqlite3_finalize(row);
}

/* Five boxes, and OTHER, who has the file open as well. */
int main(void)
{
	char path[] = "/tmp/boxes-XXXXXX";
	sqlite3 *db, *other;
	if (close(mkstemp(path)) || sqlite3_open(path, &db) ||
	    sqlite3_open(path, &other))
		return 1; /* the end of the process closes them */
	run(db, "CREATE TABLE sides(left CHECK(left >= 0), right);"
		"INSERT INTO sides VALUES (5, 0)");
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
	return sqlite3_close(other) || sqlite3_close(db) || unlink(path);
}
/* BOUNDARY  A commit may fail: report it, and end the unit. Busy
 * has left it open (row 2); after SQLITE_FULL or SQLITE_IOERR, says
 * sqlite.org under "Transaction", SQLite may have rolled back by
 * itself: ask sqlite3_get_autocommit. A database and a file have no
 * common commit: first what can be undone (write the file), last
 * the commit; if it fails, compensate (remove the file).
 *
 * VERIFY  make lesson-11. Then take the cleanup attribute out: rows
 * 1, 2, 6 and 7 are open, and row 2 has boxes that row 1 refused.
 *
 * REVIEW QUESTION  What does rollback do after commit?
 *
 * EXERCISE  make 11: a party sits together, or not at all. */
