/* unit.c - a row that is there refuses the insert, and says so. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>

int ledger_open(const char *path, sqlite3 **ret_db)
{
	sqlite3 *db = NULL;
	char *why = NULL;
	int err = -EIO;

	if (sqlite3_open(path, &db) == SQLITE_OK) {
		sqlite3_busy_timeout(db, 0);
		if (sqlite3_exec(db, "CREATE TABLE IF NOT EXISTS "
				 "delivered (id TEXT PRIMARY KEY)", NULL, NULL,
				 &why) == SQLITE_OK) {
			*ret_db = db;
			err = 0;
		} else {
			sqlite3_free(why);
		}
	}
	if (err < 0)
		sqlite3_close(db);
	return err;
}

int ledger_close(sqlite3 **db)
{
	int rc = *db ? sqlite3_close(*db) : SQLITE_OK;

	*db = NULL;
	return rc == SQLITE_OK ? 0 : -EIO;
}

enum outcome { DONE, FAILED, THERE };

/* Runs SQL in a statement of its own; ID is its value, if there is any. */
static enum outcome run(sqlite3 *db, const char *sql, const char *id)
{
	sqlite3_stmt *s;
	enum outcome outcome = FAILED;

	if (sqlite3_prepare_v3(db, sql, -1, 0, &s, NULL) == SQLITE_OK) {
		if (!id || sqlite3_bind_text(s, 1, id, -1, NULL) == SQLITE_OK) {
			int rc = sqlite3_step(s);

			if (rc == SQLITE_DONE)
				outcome = DONE;
			else if (rc == SQLITE_CONSTRAINT)
				outcome = THERE;
		}
		sqlite3_finalize(s);
	}
	return outcome;
}

/* The work and the commit, in a transaction whose row is inserted. */
static int act_and_commit(sqlite3 *db, const struct work *work)
{
	int err = work->act(work->arg);

	if (err == 0 && run(db, "COMMIT", NULL) != DONE) {
		work->undo(work->arg);
		err = -EIO;
	}
	return err;
}

int unit_run(sqlite3 *db, const char *id, const struct work *work)
{
	enum outcome outcome;
	int err = -EIO;

	if (run(db, "BEGIN IMMEDIATE", NULL) == DONE) {
		outcome = run(db, "INSERT INTO delivered VALUES (?)", id);
		if (outcome == DONE)
			err = act_and_commit(db, work);
		else if (outcome == THERE)
			err = 0;
		if (!sqlite3_get_autocommit(db))
			sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	}
	return err;
}
