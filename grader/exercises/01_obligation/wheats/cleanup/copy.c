/* copy.c - scopes give back; a close that has to be told stands there too. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include "copy.h"

#define CLOSED __attribute__((cleanup(drop_fd)))
#define FREED __attribute__((cleanup(drop_text)))

/* Closes *fd once, and says how that went. */
static int close_fd(int *fd)
{
	int last = *fd;

	*fd = -1;
	return close(last) < 0 ? -errno : 0;
}

/* What becomes of a descriptor at the end of its scope. */
static void drop_fd(int *fd)
{
	if (*fd >= 0)
		close_fd(fd);
}

/* What becomes of a block at the end of its scope. */
static void drop_text(char **text)
{
	free(*text);
}

/* Makes room for SIZE bytes in *text, which is lost only to something wider. */
static int widen(char **text, size_t size)
{
	char *wider = realloc(*text, size);

	if (!wider)
		return -errno;
	*text = wider;
	return 0;
}

/* Copies FROM to TO. */
int file_copy(const char *from, const char *to)
{
	CLOSED int in = open(from, O_RDONLY);
	CLOSED int out = -1;
	FREED char *text = NULL;
	size_t size = 0;
	ssize_t n = 1;
	int err;

	if (in < 0)
		return -errno;
	for (; n > 0; size += (size_t)n) {
		err = widen(&text, size + 300);
		if (err < 0)
			return err;
		n = read(in, text + size, 300);
		if (n < 0)
			return -errno;
	}
	out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (out < 0)
		return -errno;
	for (size_t done = 0; done < size; done += (size_t)n) {
		n = write(out, text + done, size - done);
		if (n < 0)
			return -errno;
	}
	err = close_fd(&in);
	return err < 0 ? err : close_fd(&out);
}
