/* round.c - one label closes whichever meter the round is at. */
#include "meter.h"
#include "round.h"

/* Adds up what the meters show; a round that ends early passes the label. */
int round_run(const char *const paths[], size_t n, long *ret_units)
{
	struct meter *meter = NULL;
	long units = 0, shown = 0;
	int err = 0;

	for (size_t i = 0; i < n; i++) {
		err = meter_open(paths[i], &meter);
		if (err < 0)
			return err;
		err = meter_read(meter, &shown);
		if (err < 0)
			goto close_meter;
		err = meter_close(&meter);
		if (err < 0)
			return err;
		units += shown;
	}
	*ret_units = units;
	return 0;

close_meter:
	meter_close(&meter);
	return err;
}
