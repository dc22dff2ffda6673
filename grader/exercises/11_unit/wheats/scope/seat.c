/* seat.c - a unit that its scope ends, and a statement likewise. */
#include "seat.h"

#define ENDED_BY(end) __attribute__((cleanup(end)))

/* A transaction that was begun; DB is NULL once it is committed. */
struct unit {
	sqlite3 *db;
};

/* Prepares SQL, runs it once and forgets it. */
static int once(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(statement);
	sqlite3_finalize(statement);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* Begins a unit: on failure there is nothing to be ended. */
static int unit_begin(struct unit *unit, sqlite3 *db)
{
	int rc = once(db, "BEGIN");

	unit->db = rc == SQLITE_OK ? db : NULL;
	return rc;
}

/* Commits; a commit that fails leaves the unit to its end. */
static int unit_commit(struct unit *unit)
{
	int rc = once(unit->db, "COMMIT");

	if (rc == SQLITE_OK)
		unit->db = NULL;
	return rc;
}

/* Rolls back, unless it is committed or SQLite did it by itself. */
static void unit_end(struct unit *unit)
{
	if (unit->db && !sqlite3_get_autocommit(unit->db))
		sqlite3_exec(unit->db, "ROLLBACK", NULL, NULL, NULL);
}

/* Finalizes what there is. */
static void statement_end(sqlite3_stmt **statement)
{
	sqlite3_finalize(*statement);
}

/* Takes one seat. */
static int take(sqlite3 *db, const char *name, int number)
{
	ENDED_BY(statement_end) sqlite3_stmt *insert = NULL;
	int rc = sqlite3_prepare_v2(db, "INSERT INTO seats VALUES (?, ?)", -1,
				    &insert, NULL);

	if (rc != SQLITE_OK)
		return rc;
	sqlite3_bind_int(insert, 1, number);
	rc = sqlite3_bind_text(insert, 2, name, -1, SQLITE_TRANSIENT);
	if (rc != SQLITE_OK)
		return rc;
	rc = sqlite3_step(insert);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* Seats a party; every return below the begin ends the unit. */
int seat_party(sqlite3 *db, const char *name, const int seats[], size_t n)
{
	ENDED_BY(unit_end) struct unit unit = { NULL };
	int rc = unit_begin(&unit, db);

	if (rc != SQLITE_OK)
		return rc;
	for (size_t i = 0; i < n; i++) {
		rc = take(db, name, seats[i]);
		if (rc != SQLITE_OK)
			return rc;
	}
	return unit_commit(&unit);
}
