/* day.c - the scope closes the book, and the last close reports. */
#include <errno.h>
#include <stdio.h>
#include "day.h"

#define CLOSED_WITH_SCOPE __attribute__((cleanup(drop_book)))

/* Closes the book, clears it and says how that went; once closed, 0. */
static int close_book(FILE **book)
{
	FILE *last = *book;

	*book = NULL;
	return last && fclose(last) != 0 ? -errno : 0;
}

/* Closes on the ways out that have an error of their own to report. */
static void drop_book(FILE **book)
{
	close_book(book);
}

/* Runs one day; the explicit close at the end tells what the scope hides. */
int day_run(const char *path, const struct sale sales[], size_t n,
	    long *ret_cents)
{
	CLOSED_WITH_SCOPE FILE *book = fopen(path, "w");
	long cents = 0;
	int err;

	if (!book)
		return -errno;
	for (const struct sale *sale = sales; sale < sales + n; sale++) {
		char line[80];

		snprintf(line, sizeof line, "%zu %s %d\n",
			 (size_t)(sale - sales) + 1, sale->what, sale->cents);
		if (fputs(line, book) == EOF)
			return -EIO;
		cents += sale->cents;
	}
	err = close_book(&book);
	if (err < 0)
		return err;
	*ret_cents = cents;
	return 0;
}
