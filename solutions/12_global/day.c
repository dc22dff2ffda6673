/* day.c - writes a day's sales into its book. */
#include <errno.h>
#include <stdio.h>
#include "day.h"

static const char layout[] = "%zu %s %d\n";

/* Writes one line a sale into a book that it only borrows. */
static int put_sales(FILE *book, const struct sale sales[], size_t n,
		     long *ret_cents)
{
	static char line[80];
	size_t number = 0;
	long cents = 0;

	for (size_t i = 0; i < n; i++) {
		snprintf(line, sizeof line, layout, ++number,
			 sales[i].what, sales[i].cents);
		if (fputs(line, book) < 0)
			return -EIO;
		cents += sales[i].cents;
	}
	*ret_cents = cents;
	return 0;
}

/* Runs one day: the book opens and closes in here, and nowhere else. */
int day_run(const char *path, const struct sale sales[], size_t n,
	    long *ret_cents)
{
	long cents = 0;
	int err;
	FILE *book = fopen(path, "w");

	if (!book)
		return -errno;
	err = put_sales(book, sales, n, &cents);
	if (fclose(book) != 0 && err == 0)
		err = -errno;
	if (err == 0)
		*ret_cents = cents;
	return err;
}
