/* unit.c - a unit of work on a database that it is lent. */
#include "unit.h"

#include <errno.h>
#include <stddef.h>

/* Runs one statement without values. */
static int run_sql(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : -EIO;
}

/* TODO: stages 1 and 2, owner and unit. Two of the six faults stand in here. */

/* Opens it, and sees to it that the table is there. */
int ledger_open(const char *path, sqlite3 **ret_db)
{
	sqlite3 *db = NULL;
	int err = sqlite3_open(path, &db) == SQLITE_OK ? 0 : -EIO;

	if (err == 0)
		err = run_sql(db, "CREATE TABLE IF NOT EXISTS "
				  "delivered (id TEXT PRIMARY KEY)");
	if (err < 0)
		return err;
	*ret_db = db;
	return 0;
}

/* Closes it: no statement of ours is left that could keep it open. */
int ledger_close(sqlite3 **db)
{
	int err = sqlite3_close(*db) == SQLITE_OK ? 0 : -EIO;

	*db = NULL;
	return err;
}

/* Inserts the row, and tells whether there was none before. */
static int insert_row(sqlite3 *db, const char *id, int *ret_new)
{
	sqlite3_stmt *insert;
	int err = 0;

	if (sqlite3_prepare_v2(db, "INSERT OR IGNORE INTO delivered VALUES (?)",
			       -1, &insert, NULL) != SQLITE_OK)
		return -EIO;
	if (sqlite3_bind_text(insert, 1, id, -1, SQLITE_STATIC) != SQLITE_OK ||
	    sqlite3_step(insert) != SQLITE_DONE)
		err = -EIO;
	sqlite3_finalize(insert);
	if (err == 0)
		*ret_new = sqlite3_changes(db);
	return err;
}

/* The commit comes last, since it alone cannot be undone. */
int unit_run(sqlite3 *db, const char *id, const struct work *work)
{
	int is_new = 0;
	int err = run_sql(db, "BEGIN IMMEDIATE");

	if (err < 0)
		return err;
	err = insert_row(db, id, &is_new);
	if (err == 0 && is_new)
		err = work->act(work->arg);
	if (err < 0) {
		run_sql(db, "ROLLBACK");
		return err;
	}
	return run_sql(db, "COMMIT");
}
