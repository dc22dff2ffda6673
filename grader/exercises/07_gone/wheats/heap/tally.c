/* tally.c - a copy of the name on the heap, which lives to the end: nobody
 * frees it, and the last words may rely on that. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tally.h"

static char *name_copy;
static FILE *log_file;
static struct { long lines, good, bad; } counted;

/* Prints the words in two goes. */
static int print_words(FILE *out)
{
	if (fprintf(out, "%s: ", name_copy) < 0)
		return -EIO;
	if (fprintf(out, "%ld lines, %ld files, %ld unread\n", counted.lines,
		    counted.good, counted.bad) < 0)
		return -EIO;
	return 0;
}

/* Without a name there was no start, and there are no words. */
static void at_the_end(void)
{
	if (name_copy)
		print_words(stderr);
}

/* Arms before it copies; the handler knows when it came to nothing. */
int tally_start(const char *name, FILE *log)
{
	if (atexit(at_the_end) != 0)
		return -ENOMEM;
	name_copy = strdup(name);
	if (!name_copy)
		return -ENOMEM;
	log_file = log;
	return 0;
}

/* Reads letter by letter: the number of lines, or a negative errno. */
static long lines_of(const char *path)
{
	FILE *in = fopen(path, "r");
	long n = 0;
	int c;

	if (!in)
		return -errno;
	while ((c = getc(in)) != EOF)
		n += c == '\n';
	if (ferror(in))
		n = -EIO;
	fclose(in);
	return n;
}

/* Either the one or the other. */
int tally_file(const char *path)
{
	long n = lines_of(path);

	if (n < 0) {
		counted.bad++;
		return (int)n;
	}
	counted.good++;
	counted.lines += n;
	return 0;
}

/* The same words, in life. */
int tally_report(void)
{
	return print_words(log_file);
}
