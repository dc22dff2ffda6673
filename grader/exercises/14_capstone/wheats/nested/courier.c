/* courier.c - goes on with the other letters when one has failed. */
#include "courier.h"
#include "outbox.h"
#include "spool.h"
#include "unit.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* One delivery: all paths are the caller's. */
struct delivery {
	const char *spool, *outbox, *id;
};

/* Copies one file into a parcel, a line at a time. */
static int copy(FILE *in, struct parcel *parcel)
{
	char line[200];
	int err = 0;

	while (err == 0 && fgets(line, sizeof line, in))
		err = parcel_write(parcel, line);
	return err == 0 && ferror(in) ? -EIO : err;
}

static int put(void *arg)
{
	const struct delivery *d = arg;
	struct parcel *parcel;
	char path[PATH_MAX];
	FILE *in;
	int err;

	snprintf(path, sizeof path, "%s/%s", d->spool, d->id);
	in = fopen(path, "r");
	if (!in)
		return -errno;
	err = parcel_open(d->outbox, d->id, &parcel);
	if (err == 0) {
		err = copy(in, parcel);
		if (err == 0)
			err = parcel_send(&parcel);
		else
			parcel_drop(&parcel);
	}
	fclose(in);
	return err;
}

static void take_back(void *arg)
{
	const struct delivery *d = arg;

	parcel_recall(d->outbox, d->id);
}

/* Delivers one file, and removes it from the spool. */
static int deliver(sqlite3 *db, struct delivery *d)
{
	struct work work = { .act = put, .undo = take_back, .arg = d };
	char path[PATH_MAX];
	int err = unit_run(db, d->id, &work);

	if (err == 0) {
		snprintf(path, sizeof path, "%s/%s", d->spool, d->id);
		err = remove(path) < 0 ? -errno : 0;
	}
	return err;
}

/* Delivers all that stands in DIR: 0, or the first error. */
static int deliver_all(sqlite3 *db, DIR *dir, struct delivery *d)
{
	int first = 0, err;

	for (;;) {
		struct dirent *entry;

		errno = 0;
		entry = readdir(dir);
		err = entry ? 0 : -errno;
		if (entry && entry->d_name[0] != '.') {
			d->id = entry->d_name;
			err = deliver(db, d);
		}
		if (first == 0)
			first = err;
		if (!entry)
			return first;
	}
}

int courier_run(const char *spool, const char *outbox, const char *ledger)
{
	struct delivery d = { .spool = spool, .outbox = outbox };
	sqlite3 *db = NULL;
	DIR *dir = opendir(spool);
	int err;

	if (!dir)
		return -errno;
	err = ledger_open(ledger, &db);
	if (err == 0) {
		err = deliver_all(db, dir, &d);
		if (ledger_close(&db) < 0 && err == 0)
			err = -EIO;
	}
	closedir(dir);
	return err;
}
