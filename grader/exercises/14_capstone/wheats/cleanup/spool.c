/* spool.c - the scope closes; nothing was written, so no error is lost. */
#include "spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void close_dir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static int read_letter(struct letter *letter)
{
	__attribute__((cleanup(close_fd))) int fd =
		open(letter->path, O_RDONLY);
	size_t n = 0;

	if (fd < 0)
		return -errno;
	for (;;) {
		ssize_t got = read(fd, letter->text + n,
				   sizeof letter->text - n);

		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		n += (size_t)got;
		if (n > LETTER_MAX)
			return -EFBIG;
	}
	letter->text[n] = '\0';
	return 1;
}

int letter_next(const char *spool, struct letter *ret_letter)
{
	__attribute__((cleanup(close_dir))) DIR *dir = opendir(spool);
	struct letter letter;
	struct dirent *entry;
	int rc;

	if (!dir)
		return -errno;
	do {
		errno = 0;
		entry = readdir(dir);
		if (!entry)
			return -errno;
	} while (entry->d_name[0] == '.');
	strcpy(letter.id, entry->d_name);
	snprintf(letter.path, sizeof letter.path, "%s/%s", spool, letter.id);
	rc = read_letter(&letter);
	if (rc == 1)
		*ret_letter = letter;
	return rc;
}
