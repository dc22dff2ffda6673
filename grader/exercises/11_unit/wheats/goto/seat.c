/* seat.c - one statement for all seats, and labels that undo in reverse. */
#include "seat.h"

/* Seats a party; each label says what it ends. */
int seat_party(sqlite3 *db, const char *name, const int seats[], size_t n)
{
	static const char sql[] =
		"INSERT INTO seats (name, number) VALUES (?, ?)";
	sqlite3_stmt *insert = NULL;
	int rc;

	rc = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	if (rc)
		return rc;
	rc = sqlite3_prepare_v2(db, sql, -1, &insert, NULL);
	if (rc)
		goto roll_back;
	rc = sqlite3_bind_text(insert, 1, name, -1, SQLITE_STATIC);
	if (rc)
		goto finalize;
	for (size_t i = 0; i < n; i++) {
		sqlite3_bind_int(insert, 2, seats[i]);
		rc = sqlite3_step(insert);
		if (rc != SQLITE_DONE)
			goto finalize;
		sqlite3_reset(insert);
	}
	rc = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
finalize:
	sqlite3_finalize(insert);
	if (rc == SQLITE_OK)
		return SQLITE_OK;
roll_back:
	sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}
