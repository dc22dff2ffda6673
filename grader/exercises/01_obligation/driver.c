/* driver.c - lets the judge call file_copy, and make files of any bytes. */
#include "copy.h"
#include "runtime/driver.h"

#include <unistd.h>

/* Byte N of a file that was filled: every value comes, zero too. */
static int byte_at(long n)
{
	return (int)((n + n / 256) % 256);
}

/* fill FILE SIZE: replies 0 once FILE holds SIZE bytes. */
static void fill(struct command_call *c)
{
	FILE *file = fopen(call_text(c, 0), "w");
	int failed = !file;
	for (long n = 0; file && n < call_int(c, 1); n++)
		failed |= fputc(byte_at(n), file) == EOF;
	if (file)
		failed |= fclose(file) != 0;
	reply_int(c, -failed);
}

/* compare FILE SIZE: replies the place of the first byte of FILE that is not
 * what fill writes, -1 when there is none, then the size of FILE. */
static void compare(struct command_call *c)
{
	FILE *file = fopen(call_text(c, 0), "r");
	long n = 0, differs = -1;
	for (int byte; file && (byte = fgetc(file)) != EOF; n++)
		if (differs < 0 && byte != byte_at(n))
			differs = n;
	if (file)
		fclose(file);
	reply_int(c, differs);
	reply_int(c, n);
}

/* file_copy FROM TO: replies what it returned. */
static void copy(struct command_call *c)
{
	errno = ERRNO_LEFT;
	reply_int(c, file_copy(call_text(c, 0), call_text(c, 1)));
}

/* free_descriptor_0: the next open gets it. */
static void free_descriptor_0(struct command_call *c)
{
	reply_int(c, close(0));
}

const struct command driver_commands[] = {
	{ "file_copy", copy },
	{ "fill", fill },
	{ "compare", compare },
	{ "free_descriptor_0", free_descriptor_0 },
	{ 0 },
};
