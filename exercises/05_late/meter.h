/* meter.h - a meter on the wall: a file that begins with what it shows.
 *
 * METER 1  open returns 0 and fills *ret_meter, which the caller has to
 *          close; or it returns a negative errno, with *ret_meter
 *          untouched and nothing open.
 * METER 2  read gives the number that the file begins with, in decimal
 *          digits. (Blanks and a sign before them may be taken as strtol
 *          takes them.) What stands after it does not matter, nor how much.
 *          When the file begins with none, it is -EINVAL. On failure
 *          *ret_units is untouched.
 * METER 3  close closes the meter before it returns, whoever else still
 *          points to it, and sets *meter to NULL. It does both even when
 *          it fails; then it returns the negative errno.
 * METER 4  Close is safe to call twice: when *meter is NULL it does nothing
 *          and returns 0.
 * METER 5  What has been closed is not closed again, by anybody, whenever a
 *          collector may look.
 */
#ifndef METER_H
#define METER_H

struct meter;

/* Opens the meter at PATH, to be read once. 0 or a negative errno. */
int meter_open(const char *path, struct meter **ret_meter);

/* Reads what the meter shows, in units. 0 or a negative errno. */
int meter_read(struct meter *meter, long *ret_units);

/* Ends the ownership: 0 or a negative errno, closed either way. */
int meter_close(struct meter **meter);

#endif
