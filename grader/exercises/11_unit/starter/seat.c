/* seat.c - seats a party: all of them or none. */
#include "seat.h"

/* TODO: whichever of these calls fails, let seat_party end all that it
 * began, tell what failed, and leave the house as it was. */

static const char sql[] = "INSERT INTO seats VALUES (?1, ?2)";

/* Takes one seat. */
static int take_seat(sqlite3 *db, const char *name, int number)
{
	sqlite3_stmt *insert;
	int rc = sqlite3_prepare_v2(db, sql, -1, &insert, NULL);

	if (rc != SQLITE_OK)
		return rc;
	sqlite3_bind_int(insert, 1, number);
	rc = sqlite3_bind_text(insert, 2, name, -1, SQLITE_STATIC);
	if (rc != SQLITE_OK)
		return rc;
	rc = sqlite3_step(insert);
	if (rc != SQLITE_DONE)
		return rc;
	return sqlite3_finalize(insert);
}

/* Takes one seat after the other, between a BEGIN and a COMMIT. */
int seat_party(sqlite3 *db, const char *name, const int seats[], size_t n)
{
	int rc = sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);

	if (rc != SQLITE_OK)
		return rc;
	for (size_t i = 0; i < n && rc == SQLITE_OK; i++)
		rc = take_seat(db, name, seats[i]);
	sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	return rc;
}
