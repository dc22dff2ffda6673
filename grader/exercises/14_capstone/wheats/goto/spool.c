/* spool.c - labels that say what they undo; the folder stays open meanwhile. */
#include "spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Reads the text of LETTER: 1, or a negative errno. */
static int read_text(FILE *in, struct letter *letter)
{
	size_t n = 0;
	int c;

	while ((c = fgetc(in)) != EOF) {
		if (n == LETTER_MAX)
			return -EFBIG;
		letter->text[n++] = (char)c;
	}
	letter->text[n] = '\0';
	return ferror(in) ? -EIO : 1;
}

int letter_next(const char *spool, struct letter *ret_letter)
{
	struct letter letter;
	struct dirent *entry;
	FILE *in;
	int fd, rc;
	DIR *dir = opendir(spool);

	if (dir == NULL)
		return -errno;
	do {
		errno = 0;
		entry = readdir(dir);
		rc = -errno;
		if (entry == NULL)
			goto close_dir;
	} while (entry->d_name[0] == '.');
	snprintf(letter.id, sizeof letter.id, "%s", entry->d_name);
	snprintf(letter.path, sizeof letter.path, "%s/%s", spool, letter.id);
	fd = openat(dirfd(dir), letter.id, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		rc = -errno;
		goto close_dir;
	}
	in = fdopen(fd, "r");
	if (in == NULL) {
		rc = -errno;
		goto close_fd;
	}
	fd = -1;
	rc = read_text(in, &letter);
	if (fclose(in) != 0 && rc > 0)
		rc = -errno;
close_fd:
	if (fd >= 0)
		close(fd);
close_dir:
	closedir(dir);
	if (rc > 0)
		*ret_letter = letter;
	return rc;
}
