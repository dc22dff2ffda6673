/* outbox.c - an adapter: it owns a stream, the stream's file and a note. */
#include "outbox.h"
#include "airbag.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

/* TODO: stage 3, airbag. Two of the six faults stand in here. */

struct parcel {
	FILE *stream;
	struct airbag *bag;
	char path[PATH_MAX];
	char temp[PATH_MAX + 4];
};

/* Takes the note and opens the file. */
int parcel_open_at(const char *outbox, const char *id, const char *file,
		   int line, struct parcel **ret_parcel)
{
	struct parcel *parcel = calloc(1, sizeof(*parcel));

	if (!parcel)
		return -ENOMEM;
	snprintf(parcel->path, sizeof parcel->path, "%s/%s", outbox, id);
	snprintf(parcel->temp, sizeof parcel->temp, "%s.tmp", parcel->path);
	if (airbag_arm(parcel->path, file, line, &parcel->bag) < 0) {
		free(parcel);
		return -ENOMEM;
	}
	parcel->stream = fopen(parcel->temp, "w");
	if (!parcel->stream) {
		int err = -errno;

		free(parcel);
		return err;
	}
	*ret_parcel = parcel;
	return 0;
}

/* Leaves TEXT with the stream, which may pass it on later. */
int parcel_write(struct parcel *parcel, const char *text)
{
	return fputs(text, parcel->stream) < 0 ? -EIO : 0;
}

/* Closes the stream, of which there is nothing to warn any more. */
static void close_stream(struct parcel *parcel)
{
	fclose(parcel->stream);
	airbag_disarm(&parcel->bag);
}

/* Closes the file and gives it the name that the recipient looks for. */
int parcel_send(struct parcel **parcel)
{
	int err = 0;

	close_stream(*parcel);
	if (rename((*parcel)->temp, (*parcel)->path) != 0)
		err = -errno;
	if (err < 0)
		remove((*parcel)->temp);
	free(*parcel);
	*parcel = NULL;
	return err;
}

/* Closes all the same, but nobody waits for this file. */
void parcel_drop(struct parcel **parcel)
{
	if (!*parcel)
		return;
	close_stream(*parcel);
	remove((*parcel)->temp);
	free(*parcel);
	*parcel = NULL;
}

/* Removes a file that was renamed already. */
int parcel_recall(const char *outbox, const char *id)
{
	char path[PATH_MAX];

	snprintf(path, sizeof path, "%s/%s", outbox, id);
	return remove(path) != 0 ? -errno : 0;
}
