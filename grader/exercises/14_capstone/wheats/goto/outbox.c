/* outbox.c - paths made to measure, and a label for each step. */
#include "outbox.h"
#include "airbag.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct parcel {
	FILE *stream;
	struct airbag *bag;
	char *path, *temp;
};

int parcel_open_at(const char *outbox, const char *id, const char *file,
		   int line, struct parcel **ret_parcel)
{
	int err = -ENOMEM;
	struct parcel *parcel = malloc(sizeof(*parcel));

	if (parcel == NULL)
		return -ENOMEM;
	parcel->bag = NULL;
	if (asprintf(&parcel->path, "%s/%s", outbox, id) < 0)
		goto free_parcel;
	if (asprintf(&parcel->temp, "%s.tmp", parcel->path) < 0)
		goto free_path;
	parcel->stream = fopen(parcel->temp, "w");
	if (parcel->stream == NULL) {
		err = -errno;
		goto free_temp;
	}
	err = airbag_arm(parcel->path, file, line, &parcel->bag);
	if (err < 0)
		goto close_stream;
	*ret_parcel = parcel;
	return 0;
close_stream:
	fclose(parcel->stream);
	unlink(parcel->temp);
free_temp:
	free(parcel->temp);
free_path:
	free(parcel->path);
free_parcel:
	free(parcel);
	return err;
}

int parcel_write(struct parcel *parcel, const char *text)
{
	size_t n = strlen(text);

	return fwrite(text, 1, n, parcel->stream) == n ? 0 : -errno;
}

/* Frees what is left of a parcel whose stream is closed. */
static void forget(struct parcel **parcel)
{
	airbag_disarm(&(*parcel)->bag);
	free((*parcel)->temp);
	free((*parcel)->path);
	free(*parcel);
	*parcel = NULL;
}

int parcel_send(struct parcel **parcel)
{
	struct parcel *p = *parcel;
	int err = 0;

	if (fflush(p->stream) != 0)
		err = -errno;
	if (fclose(p->stream) != 0 && err == 0)
		err = -errno;
	if (err == 0 && rename(p->temp, p->path) < 0)
		err = -errno;
	if (err != 0)
		unlink(p->temp);
	forget(parcel);
	return err;
}

void parcel_drop(struct parcel **parcel)
{
	if (*parcel == NULL)
		return;
	unlink((*parcel)->temp);
	fclose((*parcel)->stream);
	forget(parcel);
}

int parcel_recall(const char *outbox, const char *id)
{
	char *path;
	int err;

	if (asprintf(&path, "%s/%s", outbox, id) < 0)
		return -ENOMEM;
	err = unlink(path) < 0 ? -errno : 0;
	free(path);
	return err;
}
