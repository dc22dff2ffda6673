/* outbox.c - a descriptor and write, one way to end it. */
#include "outbox.h"
#include "airbag.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct parcel {
	int fd;
	struct airbag *bag;
	char path[PATH_MAX];
};

/* The path of the file while it grows. */
static void temp_of(const struct parcel *parcel, char temp[PATH_MAX + 4])
{
	stpcpy(stpcpy(temp, parcel->path), ".tmp");
}

/* Ends a parcel: its file gets its name when SENT, or is removed. */
static int end(struct parcel **parcel, int sent)
{
	struct parcel *p = *parcel;
	char temp[PATH_MAX + 4];
	int err = 0;

	*parcel = NULL;
	temp_of(p, temp);
	airbag_disarm(&p->bag);
	if (close(p->fd) < 0)
		err = -errno;
	if (sent && err == 0)
		err = rename(temp, p->path) < 0 ? -errno : 0;
	if (!sent || err < 0)
		unlink(temp);
	free(p);
	return err;
}

int parcel_open_at(const char *outbox, const char *id, const char *file,
		   int line, struct parcel **ret_parcel)
{
	struct parcel *p = calloc(1, sizeof(*p));
	char temp[PATH_MAX + 4];
	int err = -ENOMEM;

	if (p) {
		snprintf(p->path, sizeof p->path, "%s/%s", outbox, id);
		temp_of(p, temp);
		p->fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC, 0600);
		if (p->fd >= 0) {
			err = airbag_arm(p->path, file, line, &p->bag);
			if (err < 0)
				end(&p, 0);
			else
				*ret_parcel = p;
		} else {
			err = -errno;
			free(p);
		}
	}
	return err;
}

int parcel_write(struct parcel *parcel, const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		ssize_t n = write(parcel->fd, text, left);

		if (n < 0)
			return -errno;
		text += n;
		left -= (size_t)n;
	}
	return fsync(parcel->fd) < 0 && errno != EINVAL ? -errno : 0;
}

int parcel_send(struct parcel **parcel)
{
	return end(parcel, 1);
}

void parcel_drop(struct parcel **parcel)
{
	if (*parcel)
		end(parcel, 0);
}

int parcel_recall(const char *outbox, const char *id)
{
	char path[PATH_MAX];

	snprintf(path, sizeof path, "%s/%s", outbox, id);
	return unlink(path) < 0 ? -errno : 0;
}
