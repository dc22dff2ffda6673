/* unit.h - the ledger of what was delivered, and a unit of work on it.
 *
 * The ledger is an SQLite database with one table, "delivered (id TEXT PRIMARY
 * KEY)". What SQLite refuses is told as a negative errno, whichever.
 *
 * UNIT 1  ledger_open returns 0, has seen to it that the table is there, and
 *         fills *ret_db, which the caller has to close; or it returns a
 *         negative errno, with *ret_db untouched and nothing open.
 * UNIT 2  ledger_close closes and sets *db to NULL. On NULL it returns 0.
 * UNIT 3  unit_run does the work and commits the row ID, both or neither. The
 *         database is lent: when unit_run is over it is still open, and no
 *         transaction is.
 * UNIT 4  unit_run returns 0, and the row is there; or a negative errno, and
 *         it is not, unless it was there before.
 * UNIT 5  act is called once at most, and never for a row that was there
 *         before. When act has returned 0 and the row is not committed after
 *         all, undo is called, once; else it is not called.
 */
#ifndef UNIT_H
#define UNIT_H

#include <sqlite3.h>

/* What is done in a unit, and how it is taken back. */
struct work {
	int (*act)(void *arg);		/* 0, or a negative errno: not done */
	void (*undo)(void *arg);
	void *arg;
};

/* Opens the ledger at PATH, and makes it if there is none. */
int ledger_open(const char *path, sqlite3 **ret_db);

/* Closes it: 0 or a negative errno. */
int ledger_close(sqlite3 **db);

/* Runs one unit of work: 0 or a negative errno. */
int unit_run(sqlite3 *db, const char *id, const struct work *work);

#endif
