/* day.c - the book is lent to a job, and taken back when the job is done. */
#include <errno.h>
#include <stdio.h>
#include "day.h"

/* What a day does with the book: the sales go in, the sum comes out. */
struct job {
	const struct sale *sales;
	size_t n;
	long cents;
};

/* Lends the book at PATH to USE for the length of one call. */
static int with_book(const char *path, int (*use)(FILE *, struct job *),
		     struct job *job)
{
	FILE *book = fopen(path, "w");
	int used, closed;

	if (!book)
		return -errno;
	used = use(book, job);
	closed = fclose(book) ? -errno : 0;
	return used ? used : closed;
}

/* Writes the lines of one day; the number goes first, by itself. */
static int write_sales(FILE *book, struct job *job)
{
	for (size_t i = 0; i < job->n; i++) {
		const struct sale *sale = &job->sales[i];

		if (fprintf(book, "%zu ", i + 1) < 0)
			return -EIO;
		if (fprintf(book, "%s %d\n", sale->what, sale->cents) < 0)
			return -EIO;
		job->cents += sale->cents;
	}
	return 0;
}

/* Runs one day on a book that is only borrowed. */
int day_run(const char *path, const struct sale sales[], size_t n,
	    long *ret_cents)
{
	struct job job = { .sales = sales, .n = n };
	int err = with_book(path, write_sales, &job);

	if (err == 0)
		*ret_cents = job.cents;
	return err;
}
