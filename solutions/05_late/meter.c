/* meter.c - a meter that is closed when its user says so. */
#include <errno.h>
#include <fcntl.h>
#include <gc.h>
#include <stdlib.h>
#include <unistd.h>
#include "meter.h"

struct meter {
	int fd;
};

/* Opens a meter; only its memory is left to the collector. */
int meter_open(const char *path, struct meter **ret_meter)
{
	struct meter *meter = GC_MALLOC(sizeof(*meter));

	if (!meter)
		return -ENOMEM;
	meter->fd = open(path, O_RDONLY);
	if (meter->fd < 0)
		return -errno;
	*ret_meter = meter;
	return 0;
}

/* Takes the first number of the file. */
int meter_read(struct meter *meter, long *ret_units)
{
	char text[32], *end;
	ssize_t n = read(meter->fd, text, sizeof(text) - 1);
	long units;

	if (n < 0)
		return -errno;
	text[n] = '\0';
	units = strtol(text, &end, 10);
	if (end == text)
		return -EINVAL;
	*ret_units = units;
	return 0;
}

/* Closes once: the descriptor is gone even when close says that it failed. */
int meter_close(struct meter **meter)
{
	struct meter *last = *meter;

	*meter = NULL;
	if (!last)
		return 0;
	return close(last->fd) < 0 ? -errno : 0;
}
