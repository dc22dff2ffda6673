/* courier.c - one label, below which the ledger is closed. */
#include "courier.h"
#include "outbox.h"
#include "spool.h"
#include "unit.h"

#include <errno.h>
#include <unistd.h>

struct delivery {
	const char *outbox;
	struct letter letter;
};

static int put(void *arg)
{
	struct delivery *d = arg;
	struct parcel *parcel = NULL;
	int err = parcel_open(d->outbox, d->letter.id, &parcel);

	if (err < 0)
		goto out;
	err = parcel_write(parcel, d->letter.text);
	if (err < 0)
		goto out;
	err = parcel_send(&parcel);
out:
	parcel_drop(&parcel);
	return err;
}

static void take_back(void *arg)
{
	struct delivery *d = arg;

	parcel_recall(d->outbox, d->letter.id);
}

int courier_run(const char *spool, const char *outbox, const char *ledger)
{
	struct delivery d = { .outbox = outbox };
	const struct work work = { put, take_back, &d };
	sqlite3 *db = NULL;
	int err = ledger_open(ledger, &db);

	if (err < 0)
		return err;
next:
	err = letter_next(spool, &d.letter);
	if (err <= 0)
		goto close_ledger;
	err = unit_run(db, d.letter.id, &work);
	if (err < 0)
		goto close_ledger;
	if (unlink(d.letter.path) == 0)
		goto next;
	err = -errno;
close_ledger:
	ledger_close(&db);
	return err;
}
