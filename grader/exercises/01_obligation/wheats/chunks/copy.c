/* copy.c - the text in a chain of pieces; every helper gives back its own. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include "copy.h"

struct piece {
	struct piece *next;
	size_t size;
	char bytes[512];
};

/* Frees a chain. */
static void drop(struct piece *first)
{
	while (first) {
		struct piece *next = first->next;

		free(first);
		first = next;
	}
}

/* Hangs the rest of FD on *LAST, piece by piece. */
static int hang_on(int fd, struct piece **last)
{
	ssize_t n;

	do {
		*last = calloc(1, sizeof **last);
		if (!*last)
			return -errno;
		n = read(fd, (*last)->bytes, sizeof (*last)->bytes);
		if (n < 0)
			return -errno;
		(*last)->size = (size_t)n;
		last = &(*last)->next;
	} while (n > 0);
	return 0;
}

/* Writes a chain, piece by piece. */
static int write_on(int fd, const struct piece *piece)
{
	for (; piece; piece = piece->next) {
		size_t done = 0;

		while (done < piece->size) {
			ssize_t n = write(fd, piece->bytes + done,
					  piece->size - done);

			if (n < 0)
				return -errno;
			done += (size_t)n;
		}
	}
	return 0;
}

/* Closes FD when there is nothing worse to tell than that. */
static int finish(int fd, int err)
{
	int closed = close(fd) < 0 ? -errno : 0;

	return err < 0 ? err : closed;
}

/* Copies FROM to TO. */
int file_copy(const char *from, const char *to)
{
	struct piece *first = NULL;
	int err = 0, fd = open(from, O_RDONLY);

	if (fd >= 0) {
		err = finish(fd, hang_on(fd, &first));
		if (err == 0) {
			fd = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
			if (fd >= 0)
				err = finish(fd, write_on(fd, first));
			else
				err = -errno;
		}
	} else {
		err = -errno;
	}
	drop(first);
	return err;
}
