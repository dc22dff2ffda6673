/* courier.c - carries each letter in a unit of work of its own. */
#include "courier.h"
#include "unit.h"
#include "outbox.h"
#include "spool.h"

#include <errno.h>
#include <stdio.h>

/* A letter, and the outbox that it is for. Both are borrowed. */
struct errand {
	const char *outbox;
	const struct letter *letter;
};

/* Puts the letter into the outbox, whole or not at all. */
static int put(void *arg)
{
	const struct errand *errand = arg;
	struct parcel *parcel;
	int err = parcel_open(errand->outbox, errand->letter->id, &parcel);

	if (err < 0)
		return err;
	err = parcel_write(parcel, errand->letter->text);
	if (err == 0)
		return parcel_send(&parcel);
	parcel_drop(&parcel);
	return err;
}

/* Takes it out again, should the ledger refuse the row. */
static void take_back(void *arg)
{
	const struct errand *errand = arg;

	parcel_recall(errand->outbox, errand->letter->id);
}

/* Delivers one letter; only then does it leave the spool. */
static int deliver(sqlite3 *db, const char *outbox, const struct letter *letter)
{
	struct errand errand = { outbox, letter };
	struct work work = { put, take_back, &errand };
	int err = unit_run(db, letter->id, &work);

	if (err == 0 && remove(letter->path) != 0)
		err = -errno;
	return err;
}

/* TODO: stage 4, all. The last of the six faults stands in here. */

/* Finds the ledger, which opens when it is first asked for. */
static sqlite3 *the_ledger(const char *path)
{
	static sqlite3 *db;

	if (!db && ledger_open(path, &db) < 0)
		return NULL;
	return db;
}

/* Lends the ledger to each delivery. */
int courier_run(const char *spool, const char *outbox, const char *ledger)
{
	sqlite3 *db = the_ledger(ledger);
	struct letter letter;
	int err = 0, found = 0;

	if (!db)
		return -EIO;
	while (err == 0 && (found = letter_next(spool, &letter)) > 0)
		err = deliver(db, outbox, &letter);
	return err == 0 ? found : err;
}
