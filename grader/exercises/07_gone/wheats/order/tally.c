/* tally.c - one block, freed at exit by a handler that was registered before
 * the one that speaks, and so runs after it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tally.h"

#define CLOSED_WITH_SCOPE __attribute__((cleanup(drop_file)))
#define FREED_WITH_SCOPE __attribute__((cleanup(drop_text)))

/* The name stands at the end of the block. */
struct tally {
	FILE *log;
	long lines, files, unread;
	char name[];
};

static struct tally *only;

/* Closes what is open, at the end of its scope. */
static void drop_file(FILE **file)
{
	if (*file)
		fclose(*file);
}

/* Frees the text, at the end of its scope. */
static void drop_text(char **text)
{
	free(*text);
}

/* Registered first, runs last. */
static void give_back(void)
{
	free(only);
	only = NULL;
}

/* Says the words of the tally. */
static int tell(FILE *out)
{
	int n = fprintf(out, "%s: %ld lines, %ld files, %ld unread\n",
			only->name, only->lines, only->files, only->unread);

	return n < 0 ? -EIO : 0;
}

/* Registered last of the two, runs first: the block is still there. */
static void speak(void)
{
	if (only)
		tell(stderr);
}

/* Allocates, then registers the two in the order in which they depend. */
int tally_start(const char *name, FILE *log)
{
	only = calloc(1, sizeof(*only) + strlen(name) + 1);
	if (!only)
		return -ENOMEM;
	strcpy(only->name, name);
	only->log = log;
	if (atexit(give_back) == 0 && atexit(speak) == 0)
		return 0;
	give_back();
	return -ENOMEM;
}

/* Counts the lines that getline finds. */
static int read_lines(const char *path, long *ret_lines)
{
	CLOSED_WITH_SCOPE FILE *in = fopen(path, "r");
	FREED_WITH_SCOPE char *line = NULL;
	size_t room = 0;
	long n = 0;

	if (!in)
		return -errno;
	while (getline(&line, &room, in) >= 0)
		n++;
	if (!feof(in))
		return -EIO;
	*ret_lines = n;
	return 0;
}

/* Adds what a file has, when it could be read. */
int tally_file(const char *path)
{
	long n = 0;
	int err = read_lines(path, &n);

	only->lines += n;
	if (err == 0)
		only->files++;
	else
		only->unread++;
	return err;
}

/* The words so far. */
int tally_report(void)
{
	return tell(only->log);
}
