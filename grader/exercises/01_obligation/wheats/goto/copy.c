/* copy.c - one function, and labels that say what they give back. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include "copy.h"

enum { ROOM = 1000 };

/* Reads FD into memory that doubles: 0 or a negative errno. */
static int slurp(int fd, char **text, size_t *size)
{
	size_t room = ROOM;
	ssize_t n;

	*text = malloc(room);
	if (!*text)
		return -errno;
	while ((n = read(fd, *text + *size, room - *size)) > 0) {
		*size += (size_t)n;
		if (*size < room)
			continue;
		room *= 2;
		char *wider = realloc(*text, room);
		if (!wider)
			return -errno;
		*text = wider;
	}
	return n < 0 ? -errno : 0;
}

/* Copies FROM to TO; each label undoes one step. */
int file_copy(const char *from, const char *to)
{
	char *text = NULL;
	size_t size = 0, done;
	ssize_t n;
	int in, out, err = 0;

	in = open(from, O_RDONLY);
	if (in < 0)
		return -errno;
	err = slurp(in, &text, &size);
	if (err)
		goto close_in;
	out = creat(to, 0644);
	if (out < 0) {
		err = -errno;
		goto close_in;
	}
	for (done = 0; done < size; done += (size_t)n) {
		n = write(out, text + done, size - done);
		if (n < 0) {
			err = -errno;
			break;
		}
	}
	if (close(out) < 0 && !err)
		err = -errno;
close_in:
	if (close(in) < 0 && !err)
		err = -errno;
	free(text);
	return err;
}
