/* spool.c - whoever opens lends to one function, and closes. */
#include "spool.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Reads all of IN line by line. */
static int read_lines(FILE *in, struct letter *letter)
{
	char *line = NULL;
	size_t size = 0, n = 0;
	ssize_t got;
	int err = 0;

	errno = 0;
	while (err == 0 && (got = getline(&line, &size, in)) > 0) {
		if (n + (size_t)got > LETTER_MAX) {
			err = -EFBIG;
		} else {
			memcpy(letter->text + n, line, (size_t)got);
			n += (size_t)got;
		}
	}
	if (err == 0 && !feof(in))
		err = -EIO;
	letter->text[n] = '\0';
	free(line);
	return err;
}

/* Reads the first letter that DIR has. */
static int read_first(DIR *dir, const char *spool, struct letter *letter)
{
	struct dirent *entry;
	int rc = 0;

	while (rc == 0) {
		errno = 0;
		entry = readdir(dir);
		if (!entry && errno == 0)
			return 0;
		if (!entry) {
			rc = -errno;
		} else if (entry->d_name[0] != '.') {
			FILE *in;

			strcpy(letter->id, entry->d_name);
			snprintf(letter->path, sizeof letter->path, "%s/%s",
				 spool, letter->id);
			in = fopen(letter->path, "r");
			if (in) {
				rc = read_lines(in, letter);
				if (fclose(in) != 0 && rc == 0)
					rc = -EIO;
				if (rc == 0)
					rc = 1;
			} else {
				rc = -errno;
			}
		}
	}
	return rc;
}

int letter_next(const char *spool, struct letter *ret_letter)
{
	int rc;
	DIR *dir = opendir(spool);

	if (dir) {
		struct letter *letter = malloc(sizeof(*letter));

		if (letter) {
			rc = read_first(dir, spool, letter);
			if (rc == 1)
				*ret_letter = *letter;
			free(letter);
		} else {
			rc = -ENOMEM;
		}
		if (closedir(dir) != 0 && rc == 0)
			rc = -EIO;
	} else {
		rc = -errno;
	}
	return rc;
}
