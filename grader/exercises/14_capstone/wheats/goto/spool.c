/* spool.c - labels that say what they undo; the folder stays open meanwhile. */
#include "spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int letter_next(const char *spool, struct letter *ret_letter)
{
	struct letter letter;
	struct dirent *entry;
	size_t n = 0;
	FILE *in;
	int fd, c, rc;
	DIR *dir = opendir(spool);

	if (dir == NULL)
		return -errno;
	for (;;) {
		errno = 0;
		entry = readdir(dir);
		if (entry == NULL) {
			rc = -errno;
			goto close_dir;
		}
		if (entry->d_name[0] != '.')
			break;
	}
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
	while ((c = fgetc(in)) != EOF) {
		if (n == LETTER_MAX) {
			rc = -EFBIG;
			goto close_file;
		}
		letter.text[n++] = (char)c;
	}
	letter.text[n] = '\0';
	rc = ferror(in) ? -EIO : 1;
close_file:
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
