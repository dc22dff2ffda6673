/* unit.h - the ledger of what was delivered, and a unit of work on it.
 *
 * The ledger is a SQLite database with one table, "delivered (id TEXT PRIMARY
 * KEY)". When a call of SQLite fails, these functions return a negative errno.
 * Which errno is free.
 *
 * UNIT 1  ledger_open returns 0, has made the table if there was none, and
 *         fills *ret_db, which the caller has to close; or it returns a
 *         negative errno, with *ret_db unchanged and nothing open.
 * UNIT 2  ledger_close closes and sets *db to NULL. If *db is NULL, it returns
 *         0.
 * UNIT 3  unit_run does the work and commits the row ID, both or neither. The
 *         database is lent: when unit_run has returned, it is still open, and
 *         no transaction is.
 * UNIT 4  unit_run returns 0, and the row is there; or it returns a negative
 *         errno, and the row is not there, unless it was there before.
 * UNIT 5  act is called at most once, and never for a row that was there
 *         before. If act has returned 0 and the row is not committed, undo is
 *         called, once. Otherwise undo is not called.
 */
#ifndef UNIT_H
#define UNIT_H

#include <sqlite3.h>

/* What a unit does, and how to undo it. */
struct work {
	int (*act)(void *arg);		/* 0, or a negative errno: not done */
	void (*undo)(void *arg);
	void *arg;
};

/* Opens the ledger at PATH, and creates it if there is none. */
int ledger_open(const char *path, sqlite3 **ret_db);

/* Closes the ledger. Returns 0 or a negative errno. */
int ledger_close(sqlite3 **db);

/* Runs one unit of work. Returns 0 or a negative errno. */
int unit_run(sqlite3 *db, const char *id, const struct work *work);

#endif
