/* meter.c - closed by its user; a finalizer is only the backup. */
#include <errno.h>
#include <fcntl.h>
#include <gc.h>
#include <stdlib.h>
#include <unistd.h>
#include "meter.h"

enum { CLOSED = -1 };

struct meter {
	int fd;
};

/* Closes the descriptor of a meter, once and for all. */
static int shut(struct meter *meter)
{
	int fd = meter->fd;

	meter->fd = CLOSED;
	if (fd == CLOSED)
		return 0;
	return close(fd) < 0 ? -errno : 0;
}

/* For a meter that was forgotten: sooner or later, or never. */
static void back_up(void *meter, void *unused)
{
	(void)unused;
	shut(meter);
}

/* Opens a meter, and has the backup stand behind it. */
int meter_open(const char *path, struct meter **ret_meter)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct meter *meter;

	if (fd < 0)
		return -errno;
	meter = GC_MALLOC_ATOMIC(sizeof(*meter));
	if (!meter) {
		close(fd);
		return -ENOMEM;
	}
	meter->fd = fd;
	GC_REGISTER_FINALIZER(meter, back_up, NULL, NULL, NULL);
	*ret_meter = meter;
	return 0;
}

/* Reads from the beginning, however often it is asked. */
int meter_read(struct meter *meter, long *ret_units)
{
	char text[32] = "", *end = text;
	long units = 0;

	if (pread(meter->fd, text, sizeof(text) - 1, 0) < 0)
		return -errno;
	units = strtol(text, &end, 10);
	if (end == text)
		return -EINVAL;
	*ret_units = units;
	return 0;
}

/* Closes now; the finalizer, should it still run, finds nothing to do. */
int meter_close(struct meter **meter)
{
	int err = *meter ? shut(*meter) : 0;

	*meter = NULL;
	return err;
}
