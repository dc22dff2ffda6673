/* unit.c - a guard rolls back unless the unit has been committed. */
#include "unit.h"

#include <errno.h>
#include <stddef.h>

static void close_db(sqlite3 **db)
{
	sqlite3_close(*db);
}

static void free_text(char **text)
{
	sqlite3_free(*text);
}

int ledger_open(const char *path, sqlite3 **ret_db)
{
	__attribute__((cleanup(close_db))) sqlite3 *db = NULL;

	if (sqlite3_open(path, &db) != SQLITE_OK ||
	    sqlite3_exec(db, "CREATE TABLE IF NOT EXISTS "
			 "delivered (id TEXT PRIMARY KEY)", NULL, NULL, NULL))
		return -EIO;
	*ret_db = db;
	db = NULL;
	return 0;
}

int ledger_close(sqlite3 **db)
{
	int rc = sqlite3_close(*db);

	*db = NULL;
	return rc ? -EIO : 0;
}

/* What a unit has to take back when its scope ends early. */
struct guard {
	sqlite3 *db;
	const struct work *acted;
};

static void roll_back(struct guard *guard)
{
	if (guard->db)
		sqlite3_exec(guard->db, "ROLLBACK", NULL, NULL, NULL);
	if (guard->acted)
		guard->acted->undo(guard->acted->arg);
}

int unit_run(sqlite3 *db, const char *id, const struct work *work)
{
	__attribute__((cleanup(free_text))) char *sql = sqlite3_mprintf(
		"INSERT OR IGNORE INTO delivered VALUES (%Q)", id);
	__attribute__((cleanup(roll_back))) struct guard guard = { 0 };
	int err;

	if (!sql || sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL))
		return -EIO;
	guard.db = db;
	if (sqlite3_exec(db, sql, NULL, NULL, NULL))
		return -EIO;
	if (sqlite3_changes(db) == 0)
		return 0;
	err = work->act(work->arg);
	if (err < 0)
		return err;
	guard.acted = work;
	if (sqlite3_exec(db, "COMMIT", NULL, NULL, NULL))
		return -EIO;
	guard = (struct guard){ 0 };
	return 0;
}
