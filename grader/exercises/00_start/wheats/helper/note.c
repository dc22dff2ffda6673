/* note.c - the line is put together in memory, then written by a helper that
 * borrows the descriptor: the function that opened it closes it. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "note.h"

/* Writes LENGTH bytes into FD, which stays the caller's: 0, or -1. One write may
 * take only a part of them. */
static int write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t n = write(fd, bytes, length);

		if (n < 0)
			return -1;
		bytes += n;
		length -= (size_t)n;
	}
	return 0;
}

/* Writes LINE into the file at PATH: open and close in one place. */
static int save_line(const char *path, const char *line, size_t length)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	int written = -1, closed = -1;

	if (fd >= 0) {
		written = write_all(fd, line, length);
		closed = close(fd);
	}
	return written < 0 ? written : closed;
}

/* Saves a note: one block of memory, one file. */
int note_save(const char *path, const char *text)
{
	size_t length = strlen(text);
	char *line = malloc(length + 1);
	int rc;

	if (!line)
		return -1;
	memcpy(line, text, length);
	line[length] = '\n';
	rc = save_line(path, line, length + 1);
	free(line);
	return rc;
}
