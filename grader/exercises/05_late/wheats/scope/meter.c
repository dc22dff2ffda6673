/* meter.c - the memory is the collector's, the descriptor is ours. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <gc.h>
#include <unistd.h>
#include "meter.h"

struct meter {
	int fd;
};

/* Opens a meter; whatever happens to the memory, nobody has to free it. */
int meter_open(const char *path, struct meter **ret_meter)
{
	int fd = open(path, O_RDONLY);

	if (fd >= 0) {
		struct meter *meter = GC_MALLOC(sizeof(*meter));

		if (meter) {
			meter->fd = fd;
			*ret_meter = meter;
			return 0;
		}
		close(fd);
		return -ENOMEM;
	}
	return -errno;
}

/* Takes digit after digit, until there are no more. */
int meter_read(struct meter *meter, long *ret_units)
{
	long units = 0;
	int digits = 0;
	char c;

	for (;;) {
		ssize_t n = read(meter->fd, &c, 1);

		if (n < 0)
			return -errno;
		if (n == 0 || !isdigit((unsigned char)c))
			break;
		units = 10 * units + (c - '0');
		digits++;
	}
	if (digits == 0)
		return -EINVAL;
	*ret_units = units;
	return 0;
}

/* Closes once, and tells how that went. */
int meter_close(struct meter **meter)
{
	if (*meter) {
		int fd = (*meter)->fd;

		*meter = NULL;
		if (close(fd) != 0)
			return -errno;
	}
	return 0;
}
