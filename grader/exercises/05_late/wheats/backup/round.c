/* round.c - a helper reads one meter, and is the scope of it. */
#include "meter.h"
#include "round.h"

/* Opens, reads and closes one meter; the first error counts. */
static int read_one(const char *path, long *ret_units)
{
	struct meter *meter = NULL;
	int closed, err = meter_open(path, &meter);

	if (err)
		return err;
	err = meter_read(meter, ret_units);
	closed = meter_close(&meter);
	return err ? err : closed;
}

/* Adds up what the meters show. */
int round_run(const char *const paths[], size_t n, long *ret_units)
{
	long units = 0;

	while (n-- > 0) {
		long shown = 0;
		int err = read_one(*paths++, &shown);

		if (err)
			return err;
		units += shown;
	}
	*ret_units = units;
	return 0;
}
