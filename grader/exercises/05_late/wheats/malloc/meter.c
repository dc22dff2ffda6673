/* meter.c - a meter without any collector: what is taken is given back. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include "meter.h"

struct meter {
	FILE *file;
};

/* Opens a meter; on failure what was taken so far goes back. */
int meter_open(const char *path, struct meter **ret_meter)
{
	struct meter *meter = malloc(sizeof(*meter));
	int err;

	if (meter == NULL)
		return -ENOMEM;
	meter->file = fopen(path, "r");
	if (meter->file == NULL) {
		err = -errno;
		goto free_meter;
	}
	*ret_meter = meter;
	return 0;

free_meter:
	free(meter);
	return err;
}

/* Takes the number at the beginning of the first line. */
int meter_read(struct meter *meter, long *ret_units)
{
	char line[64], *end;
	long units;

	if (fgets(line, sizeof(line), meter->file) == NULL)
		return ferror(meter->file) ? -EIO : -EINVAL;
	units = strtol(line, &end, 10);
	if (end == line)
		return -EINVAL;
	*ret_units = units;
	return 0;
}

/* Closes the file, then frees the memory, and says how the close went. */
int meter_close(struct meter **meter)
{
	int err = 0;

	if (*meter == NULL)
		return 0;
	if (fclose((*meter)->file) == EOF)
		err = -errno;
	free(*meter);
	*meter = NULL;
	return err;
}
