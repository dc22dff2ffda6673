/* outbox.c - the stream has a buffer of its own, and two blocks of memory. */
#include "outbox.h"
#include "airbag.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct parcel {
	FILE *stream;
	struct airbag *bag;
	char *path;
};

static void free_parcel(struct parcel **parcel)
{
	struct parcel *p = *parcel;
	char temp[PATH_MAX + 4];

	if (!p)
		return;
	if (p->stream) {
		fclose(p->stream);
		stpcpy(stpcpy(temp, p->path), ".tmp");
		remove(temp);
	}
	airbag_disarm(&p->bag);
	free(p->path);
	free(p);
	*parcel = NULL;
}

int parcel_open_at(const char *outbox, const char *id, const char *file,
		   int line, struct parcel **ret_parcel)
{
	__attribute__((cleanup(free_parcel))) struct parcel *p =
		calloc(1, sizeof(*p));
	char temp[PATH_MAX + 4];

	if (!p)
		return -ENOMEM;
	p->path = malloc(strlen(outbox) + strlen(id) + 2);
	if (!p->path)
		return -ENOMEM;
	stpcpy(stpcpy(stpcpy(p->path, outbox), "/"), id);
	stpcpy(stpcpy(temp, p->path), ".tmp");
	remove(temp);
	p->stream = fopen(temp, "wx");
	if (!p->stream)
		return -errno;
	if (airbag_arm(p->path, file, line, &p->bag) < 0)
		return -ENOMEM;
	*ret_parcel = p;
	p = NULL;
	return 0;
}

int parcel_write(struct parcel *parcel, const char *text)
{
	for (; *text; text++)
		if (fputc(*text, parcel->stream) == EOF)
			return -EIO;
	return fflush(parcel->stream) == 0 ? 0 : -errno;
}

int parcel_send(struct parcel **parcel)
{
	__attribute__((cleanup(free_parcel))) struct parcel *p = *parcel;
	char temp[PATH_MAX + 4];
	FILE *stream = p->stream;
	int err = 0;

	*parcel = NULL;
	stpcpy(stpcpy(temp, p->path), ".tmp");
	p->stream = NULL;
	if (fclose(stream) != 0 || rename(temp, p->path) != 0)
		err = -errno;
	if (err < 0)
		remove(temp);
	return err;
}

void parcel_drop(struct parcel **parcel)
{
	free_parcel(parcel);
}

int parcel_recall(const char *outbox, const char *id)
{
	char path[PATH_MAX];

	stpcpy(stpcpy(stpcpy(path, outbox), "/"), id);
	return remove(path) == 0 ? 0 : -errno;
}
