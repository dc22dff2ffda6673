/* seat.c - a savepoint, which also fits into a transaction of the caller's;
 * and text in place of bound values, so that no statement needs finalizing. */
#include "seat.h"

#include <stdbool.h>

/* Runs SQL. */
static int run(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

/* Writes the SQL for one seat, runs it and frees it. */
static int take(sqlite3 *db, const char *name, int number)
{
	char *sql = sqlite3_mprintf("INSERT INTO seats VALUES (%d, %Q)",
				    number, name);
	int rc;

	if (sql == NULL)
		return SQLITE_NOMEM;
	rc = run(db, sql);
	sqlite3_free(sql);
	return rc;
}

/* Takes seats until none is left or one is refused. */
static int take_all(sqlite3 *db, const char *name, const int *seats, size_t n)
{
	int rc;

	if (n == 0)
		return SQLITE_OK;
	rc = take(db, name, seats[0]);
	return rc ? rc : take_all(db, name, seats + 1, n - 1);
}

/* Goes back to the savepoint. A release may be refused like a commit, so where
 * no transaction was open before, all of it is rolled back. */
static void undo(sqlite3 *db, bool nested)
{
	if (!nested) {
		run(db, "ROLLBACK");
	} else {
		run(db, "ROLLBACK TO party");
		run(db, "RELEASE party");
	}
}

/* Seats a party, in the caller's transaction if there is one. */
int seat_party(sqlite3 *db, const char *name, const int seats[], size_t n)
{
	bool nested = !sqlite3_get_autocommit(db);
	int rc = run(db, "SAVEPOINT party");

	if (rc)
		return rc;
	rc = take_all(db, name, seats, n);
	if (!rc)
		rc = run(db, "RELEASE party");
	if (rc)
		undo(db, nested);
	return rc;
}
