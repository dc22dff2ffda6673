/* round.c - reads one meter after the other. */
#include "meter.h"
#include "round.h"

/* Adds up what the meters show. Each is closed before its error counts. */
int round_run(const char *const paths[], size_t n, long *ret_units)
{
	long units = 0;

	for (size_t i = 0; i < n; i++) {
		struct meter *meter = NULL;
		long shown;
		int err = meter_open(paths[i], &meter), closed;

		if (err < 0)
			return err;
		err = meter_read(meter, &shown);
		closed = meter_close(&meter);
		if (err == 0)
			err = closed;
		if (err < 0)
			return err;
		units += shown;
	}
	*ret_units = units;
	return 0;
}
