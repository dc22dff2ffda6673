/* meter.c - a meter that is closed when the collector gets to it. */
#include <errno.h>
#include <fcntl.h>
#include <gc.h>
#include <stdlib.h>
#include <unistd.h>
#include "meter.h"

struct meter {
	int fd;
};

/* Runs when the collector finds that nothing points to OBJECT any more. */
static void finalize(void *object, void *unused)
{
	struct meter *meter = object;

	(void)unused;
	close(meter->fd);
}

/* Opens a meter, and leaves its end to the collector. */
int meter_open(const char *path, struct meter **ret_meter)
{
	struct meter *meter = GC_MALLOC(sizeof(*meter));

	if (!meter)
		return -ENOMEM;
	meter->fd = open(path, O_RDONLY);
	if (meter->fd < 0)
		return -errno;
	GC_REGISTER_FINALIZER(meter, finalize, NULL, NULL, NULL);
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

/* TODO: this lets go of the meter, and hopes that somebody will close it. */
int meter_close(struct meter **meter)
{
	*meter = NULL;
	return 0;
}
