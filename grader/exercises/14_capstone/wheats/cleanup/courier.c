/* courier.c - the parcel and the ledger end with the scope. */
#include "courier.h"
#include "outbox.h"
#include "spool.h"
#include "unit.h"

#include <errno.h>
#include <unistd.h>

struct errand {
	const char *outbox;
	const struct letter *letter;
};

static int put(void *arg)
{
	const struct errand *e = arg;
	__attribute__((cleanup(parcel_drop))) struct parcel *parcel = NULL;
	int err = parcel_open(e->outbox, e->letter->id, &parcel);

	if (err < 0)
		return err;
	err = parcel_write(parcel, e->letter->text);
	return err < 0 ? err : parcel_send(&parcel);
}

static void take_back(void *arg)
{
	const struct errand *e = arg;

	parcel_recall(e->outbox, e->letter->id);
}

static void end_ledger(sqlite3 **db)
{
	ledger_close(db);
}

int courier_run(const char *spool, const char *outbox, const char *ledger)
{
	__attribute__((cleanup(end_ledger))) sqlite3 *db = NULL;
	struct letter letter;
	struct errand errand = { outbox, &letter };
	int found, err = ledger_open(ledger, &db);

	if (err < 0)
		return err;
	while ((found = letter_next(spool, &letter)) > 0) {
		err = unit_run(db, letter.id,
			       &(struct work){ put, take_back, &errand });
		if (err < 0)
			return err;
		if (unlink(letter.path) < 0)
			return -errno;
	}
	return found;
}
