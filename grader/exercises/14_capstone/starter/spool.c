/* spool.c - reads one letter, and closes what it read from. */
#include "spool.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* TODO: stage 1, owner. One of the six faults stands in here. */

/* Reads the letter whose path is known. */
static int read_letter(struct letter *letter)
{
	FILE *in = fopen(letter->path, "r");
	size_t n;
	int next;

	if (!in)
		return -errno;
	n = fread(letter->text, 1, LETTER_MAX, in);
	next = getc(in);
	if (ferror(in))
		return -EIO;
	if (next != EOF)
		return -EFBIG;
	letter->text[n] = '\0';
	fclose(in);
	return 0;
}

/* Finds a name that begins with no dot: 1, 0 for none, or what failed. */
static int next_name(DIR *dir, char id[NAME_MAX + 1])
{
	struct dirent *entry;

	do {
		errno = 0;
		entry = readdir(dir);
	} while (entry && entry->d_name[0] == '.');
	if (!entry)
		return -errno;
	strcpy(id, entry->d_name);
	return 1;
}

/* Opens the spool, looks into it, and closes it before anything else. */
int letter_next(const char *spool, struct letter *ret_letter)
{
	struct letter letter;
	int found, err;
	DIR *dir = opendir(spool);

	if (!dir)
		return -errno;
	found = next_name(dir, letter.id);
	closedir(dir);
	if (found <= 0)
		return found;
	snprintf(letter.path, sizeof letter.path, "%s/%s", spool, letter.id);
	err = read_letter(&letter);
	if (err < 0)
		return err;
	*ret_letter = letter;
	return 1;
}
