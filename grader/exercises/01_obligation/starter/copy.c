/* copy.c - copies a file, once all of it has been read. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include "copy.h"

/* TODO: two ways out leave with something that is owed, and one line throws
 * away the only pointer to a block. */

enum { PIECE = 4096 };

/* Reads FD to its end. What was read by then is in *text, *size bytes of it,
 * and the caller's to free, also when this fails. */
static int read_all(int fd, char **text, size_t *size)
{
	ssize_t n;

	do {
		*text = realloc(*text, *size + PIECE);
		if (!*text)
			return -errno;
		n = read(fd, *text + *size, PIECE);
		if (n < 0)
			return -errno;
		*size += (size_t)n;
	} while (n > 0);
	return 0;
}

/* Writes SIZE bytes of TEXT into the file TO, and closes it. */
static int write_file(const char *to, const char *text, size_t size)
{
	int fd = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0666);

	if (fd < 0)
		return -errno;
	while (size > 0) {
		ssize_t n = write(fd, text, size);

		if (n < 0)
			return -errno;
		text += n;
		size -= (size_t)n;
	}
	return close(fd) < 0 ? -errno : 0;
}

/* Copies FROM to TO. */
int file_copy(const char *from, const char *to)
{
	char *text = NULL;
	size_t size = 0;
	int fd = open(from, O_RDONLY);
	int err;

	if (fd < 0)
		return -errno;
	err = read_all(fd, &text, &size);
	if (err < 0)
		return err;
	if (close(fd) < 0)
		err = -errno;
	if (err == 0)
		err = write_file(to, text, size);
	free(text);
	return err;
}
