/* seat.h - seats a party in a house: all of them or none.
 *
 * A house is a SQLite database that has the table
 *
 *	CREATE TABLE seats (number INTEGER PRIMARY KEY, name TEXT NOT NULL)
 *
 * with a row for each seat that is taken. A number can be there only once:
 * SQLite refuses a second row with it and returns SQLITE_CONSTRAINT.
 *
 * CONTRACT 1  seat_party returns SQLITE_OK, and each of the N seats is the
 *             party's; or it returns an error code, and every row is as it was
 *             before the call.
 * CONTRACT 2  When it has returned, everything that it began is ended: no
 *             transaction and no savepoint of its own is open, no statement is
 *             alive, no memory is held.
 * CONTRACT 3  When it fails, it returns the result code of the call that
 *             failed first. The commit is such a call.
 * CONTRACT 4  The database is lent: it is not closed. A transaction that was
 *             open before the call stays open, with all that it held.
 */
#ifndef SEAT_H
#define SEAT_H

#include <sqlite3.h>
#include <stddef.h>

/* Takes the N seats with these numbers in the house DB for NAME, one word.
 * Returns SQLITE_OK, or the result code of the call that failed first. */
int seat_party(sqlite3 *db, const char *name, const int seats[], size_t n);

#endif
