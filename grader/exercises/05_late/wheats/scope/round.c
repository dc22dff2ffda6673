/* round.c - the scope closes each meter, and the last close reports. */
#include "meter.h"
#include "round.h"

#define CLOSED_WITH_SCOPE __attribute__((cleanup(drop_meter)))

/* Closes on the way out that has an error of its own to report. */
static void drop_meter(struct meter **meter)
{
	meter_close(meter);
}

/* Adds what the meter at PATH shows to *UNITS. */
static int add_one(const char *path, long *units)
{
	CLOSED_WITH_SCOPE struct meter *meter = NULL;
	long shown = 0;
	int err = meter_open(path, &meter);

	if (err == 0)
		err = meter_read(meter, &shown);
	if (err == 0)
		err = meter_close(&meter);
	if (err == 0)
		*units += shown;
	return err;
}

/* Adds up what the meters show, until one of them does not. */
int round_run(const char *const paths[], size_t n, long *ret_units)
{
	long units = 0;
	int err = 0;

	for (size_t i = 0; err == 0 && i < n; i++)
		err = add_one(paths[i], &units);
	if (err == 0)
		*ret_units = units;
	return err;
}
