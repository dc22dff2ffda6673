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

/* Reads one byte: 1, or 0 at the end, or a negative errno. */
static int next(int fd, char *ret_c)
{
	ssize_t n = read(fd, ret_c, 1);

	return n < 0 ? -errno : (int)n;
}

/* Passes over blanks and takes one sign, then digit after digit, until there
 * are no more. */
int meter_read(struct meter *meter, long *ret_units)
{
	long units = 0;
	int digits = 0, sign = 0, n;
	char c;

	while ((n = next(meter->fd, &c)) > 0) {
		if (isspace((unsigned char)c) && !sign && !digits)
			continue;
		if ((c == '-' || c == '+') && !sign && !digits) {
			sign = c == '-' ? -1 : 1;
			continue;
		}
		if (!isdigit((unsigned char)c))
			break;
		units = 10 * units + (c - '0');
		digits++;
	}
	if (n < 0 || digits == 0)
		return n < 0 ? n : -EINVAL;
	*ret_units = sign < 0 ? -units : units;
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
