/* unit.c - asks first whether there is a row, and inserts it after the work. */
#include "unit.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

int ledger_open(const char *path, sqlite3 **ret_db)
{
	sqlite3 *db = NULL;
	int rc = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE |
				 SQLITE_OPEN_CREATE, NULL);

	if (rc != SQLITE_OK)
		goto close_db;
	rc = sqlite3_exec(db, "CREATE TABLE IF NOT EXISTS "
			  "delivered (id TEXT PRIMARY KEY)", NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		goto close_db;
	*ret_db = db;
	return 0;
close_db:
	sqlite3_close(db);
	return rc == SQLITE_NOMEM ? -ENOMEM : -EIO;
}

int ledger_close(sqlite3 **db)
{
	sqlite3 *last = *db;

	*db = NULL;
	return last == NULL || sqlite3_close(last) == SQLITE_OK ? 0 : -EBUSY;
}

/* Prepares SQL with ID as its one value. */
static int prepare(sqlite3 *db, const char *sql, const char *id,
		   sqlite3_stmt **ret_stmt)
{
	sqlite3_stmt *stmt = NULL;

	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		return -EIO;
	if (sqlite3_bind_text(stmt, 1, id, -1, SQLITE_TRANSIENT) != SQLITE_OK) {
		sqlite3_finalize(stmt);
		return -EIO;
	}
	*ret_stmt = stmt;
	return 0;
}

int unit_run(sqlite3 *db, const char *id, const struct work *work)
{
	sqlite3_stmt *ask, *insert;
	bool there;
	int rc, err;

	if (sqlite3_exec(db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
		return -EIO;
	err = prepare(db, "SELECT 1 FROM delivered WHERE id = ?", id, &ask);
	if (err < 0)
		goto roll_back;
	rc = sqlite3_step(ask);
	sqlite3_finalize(ask);
	err = rc == SQLITE_ROW || rc == SQLITE_DONE ? 0 : -EIO;
	there = rc == SQLITE_ROW;
	if (err < 0 || there)
		goto roll_back;
	err = work->act(work->arg);
	if (err < 0)
		goto roll_back;
	err = prepare(db, "INSERT INTO delivered VALUES (?)", id, &insert);
	if (err < 0)
		goto undo;
	rc = sqlite3_step(insert);
	sqlite3_finalize(insert);
	err = -EIO;
	if (rc != SQLITE_DONE)
		goto undo;
	if (sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
		goto undo;
	return 0;
undo:
	work->undo(work->arg);
roll_back:
	if (!sqlite3_get_autocommit(db))
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return err;
}
