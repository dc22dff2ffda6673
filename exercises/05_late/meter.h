/* meter.h - a meter: a file that begins with the number that it shows.
 *
 * METER 1  meter_open returns 0 and fills *ret_meter, which the caller has to
 *          close; or it returns a negative errno, and then nothing is open and
 *          *ret_meter is unchanged.
 * METER 2  meter_read gives the number at the beginning of the file, in
 *          decimal digits; it fits into a long. Blanks and a sign before the
 *          digits may be read as strtol reads them. What follows the number
 *          does not matter, nor how long it is. Without a number meter_read
 *          returns -EINVAL. On failure *ret_units is unchanged.
 * METER 3  meter_close closes the meter before it returns, no matter what else
 *          still points to it, and sets *meter to NULL. It does both even when
 *          it fails; then it returns the negative errno.
 * METER 4  A second close does nothing: when *meter is NULL, meter_close
 *          returns 0.
 * METER 5  What has been closed is not closed again, no matter when a
 *          collector looks.
 */
#ifndef METER_H
#define METER_H

struct meter;

/* Opens the meter at PATH, which may be read once. Returns 0 or a negative
 * errno. */
int meter_open(const char *path, struct meter **ret_meter);

/* Reads the number that the meter shows, in units. Returns 0 or a negative
 * errno. */
int meter_read(struct meter *meter, long *ret_units);

/* Closes the meter. Returns 0 or a negative errno; the meter is closed either
 * way. */
int meter_close(struct meter **meter);

#endif
