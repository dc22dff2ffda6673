/* tally.c - counts lines, and says at the end how many there were. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include "tally.h"

enum { NAME = 41 };

/* A static is there to the last, but for what it points to: so it holds the
 * name itself. The log is only pointed to, and no matter for the last words. */
static struct {
	char name[NAME];
	FILE *log;
	long lines, files, unread;
} tally;

/* Says the words as they are now to OUT. */
static int say(FILE *out)
{
	return fprintf(out, "%s: %ld lines, %ld files, %ld unread\n",
		       tally.name, tally.lines, tally.files,
		       tally.unread) < 0 ? -EIO : 0;
}

/* Tells the log, which is open as long as its owner wants reports. */
int tally_report(void)
{
	return say(tally.log);
}

/* Runs at exit, perhaps last of all: it needs nobody but stderr. */
static void last_words(void)
{
	say(stderr);
}

/* Takes over what the last words need, and has them said. */
int tally_start(const char *name, FILE *log)
{
	snprintf(tally.name, sizeof tally.name, "%s", name);
	tally.log = log;
	return atexit(last_words) == 0 ? 0 : -ENOMEM;
}

/* Counts the lines of FILE, which it borrows. */
static int count_lines(FILE *file, long *ret_lines)
{
	char line[82];
	long lines = 0;

	while (fgets(line, sizeof line, file))
		lines++;
	if (ferror(file))
		return -EIO;
	*ret_lines = lines;
	return 0;
}

/* Counts a whole file, or none of it. */
int tally_file(const char *path)
{
	long lines = 0;
	FILE *file = fopen(path, "r");
	int err = file ? count_lines(file, &lines) : -errno;

	if (file)
		fclose(file);
	tally.lines += lines;
	tally.files += err == 0;
	tally.unread += err < 0;
	return err;
}
