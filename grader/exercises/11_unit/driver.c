/* driver.c - lets the judge call seat_party on a house of the driver's. */
#include "seat.h"
#include "runtime/driver.h"

#include <string.h>

enum { SEATS_MAX = 16, TEXT_MAX = 512, SAVEPOINTS_MAX = 8, NAME_LENGTH = 64 };

/* The house, in memory: it ends with the process. */
static sqlite3 *db;

/* Whether the caller has begun a transaction. */
static int begun;

/* The names of the savepoints that were asked for, as SQLite tells them when the
 * statement is prepared. */
static struct {
	size_t n;
	char name[SAVEPOINTS_MAX][NAME_LENGTH];
} savepoints;

/* Keeps the name of each savepoint. Source: sqlite3_set_authorizer, where
 * SQLITE_SAVEPOINT comes with the operation and the name. */
static int note_savepoint(void *unused, int action, const char *operation,
			  const char *name, const char *database,
			  const char *trigger)
{
	(void)unused;
	(void)database;
	(void)trigger;
	if (action == SQLITE_SAVEPOINT && strcmp(operation, "BEGIN") == 0 &&
	    savepoints.n < SAVEPOINTS_MAX)
		snprintf(savepoints.name[savepoints.n++], NAME_LENGTH, "%s",
			 name);
	return SQLITE_OK;
}

/* The name of a savepoint that is still open inside the caller's transaction, ""
 * when none is: only one that is open can be released. */
static const char *open_savepoint(void)
{
	if (!begun || sqlite3_get_autocommit(db))
		return "";
	for (size_t i = 0; i < savepoints.n; i++) {
		char *sql = sqlite3_mprintf("RELEASE \"%w\"",
					    savepoints.name[i]);
		int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
		sqlite3_free(sql);
		if (rc == SQLITE_OK)
			return savepoints.name[i];
	}
	return "";
}

/* house: an empty one but for Bo, who has seat 5, and Ada, who has seat 9. */
static void build_house(struct command_call *c)
{
	int rc = sqlite3_open(":memory:", &db);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, "CREATE TABLE seats (number INTEGER "
				  "PRIMARY KEY, name TEXT NOT NULL);"
				  "INSERT INTO seats VALUES (5, 'Bo'), "
				  "(9, 'Ada')", NULL, NULL, NULL);
	sqlite3_set_authorizer(db, note_savepoint, NULL);
	reply_int(c, rc);
}

/* begin: the caller's own transaction, which holds seat 30. */
static void begin(struct command_call *c)
{
	begun = 1;
	reply_int(c, sqlite3_exec(db, "BEGIN; INSERT INTO seats VALUES "
				  "(30, 'Host')", NULL, NULL, NULL));
}

/* What SQLite asks at a commit: anything but 0 turns it into a rollback. */
static int refuse_commit(void *unused)
{
	(void)unused;
	return 1;
}

/* refuse: from now on each commit is refused. */
static void refuse(struct command_call *c)
{
	sqlite3_commit_hook(db, refuse_commit, NULL);
	reply_int(c, 0);
}

/* Writes the seats that are taken, "5 Bo, 9 Ada". */
static void list_seats(char text[TEXT_MAX])
{
	sqlite3_stmt *query = NULL;
	size_t n = 0;
	sqlite3_prepare_v2(db, "SELECT number, name FROM seats ORDER BY number",
			   -1, &query, NULL);
	text[0] = '\0';
	while (n < TEXT_MAX - 1 && sqlite3_step(query) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(query, 1);
		snprintf(text + n, TEXT_MAX - n, "%s%d %s", n ? ", " : "",
			 sqlite3_column_int(query, 0), name ? name : "?");
		n += strlen(text + n);
	}
	sqlite3_finalize(query);
}

/* seat_party NAME [SEAT]...: replies what it returned, whether a transaction is
 * open, the seats that are taken, and a savepoint that is still open. */
static void seat(struct command_call *c)
{
	int seats[SEATS_MAX + 1] = { 0 };
	char text[TEXT_MAX];
	size_t n;
	for (n = 0; n < SEATS_MAX && n + 1 < call_count(c); n++)
		seats[n] = (int)call_int(c, n + 1);
	errno = ERRNO_LEFT;
	reply_int(c, seat_party(db, call_text(c, 0), seats, n));
	reply_int(c, !sqlite3_get_autocommit(db));
	list_seats(text);
	reply_text(c, text);
	reply_text(c, open_savepoint());
}

const struct command driver_commands[] = {
	{ "house", build_house },
	{ "begin", begin },
	{ "refuse", refuse },
	{ "seat_party", seat },
	{ 0 },
};
