/* tally.c - the last words lie ready at any time, and are only written. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "tally.h"

static char name_copy[64], words[256];
static FILE *told;
static long total, read_well, read_ill;

/* Puts the words in order again, after each change. */
static void prepare(void)
{
	snprintf(words, sizeof words, "%s: %ld lines, %ld files, %ld unread\n",
		 name_copy, total, read_well, read_ill);
}

/* One system call, which takes what lies ready; nobody is left to whom a
 * failure could be told. */
static void speak(void)
{
	if (write(STDERR_FILENO, words, strlen(words)) < 0)
		return;
}

/* Arms first; before the first words are ready there are none. */
int tally_start(const char *name, FILE *log)
{
	if (atexit(speak) != 0)
		return -ENOMEM;
	strncpy(name_copy, name, sizeof name_copy - 1);
	told = log;
	prepare();
	return 0;
}

/* Counts the newlines that come from a descriptor: their number or -EIO. */
static long newlines(int fd)
{
	char block[128];
	long found = 0;
	ssize_t n;

	while ((n = read(fd, block, sizeof block)) > 0)
		for (ssize_t i = 0; i < n; i++)
			found += block[i] == '\n';
	return n < 0 ? -EIO : found;
}

/* Reads by a descriptor; a close that fails makes it unread as well. */
int tally_file(const char *path)
{
	int fd = open(path, O_RDONLY);
	long found = fd < 0 ? -errno : newlines(fd);

	if (fd >= 0 && close(fd) < 0 && found >= 0)
		found = -errno;
	if (found < 0) {
		read_ill++;
	} else {
		read_well++;
		total += found;
	}
	prepare();
	return found < 0 ? (int)found : 0;
}

/* The words that lie ready, to the log. */
int tally_report(void)
{
	return fputs(words, told) == EOF ? -EIO : 0;
}
