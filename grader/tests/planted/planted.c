/* planted.c - right as long as nothing fails; four faults lie on its error
 * paths. The words in brackets tell test_planted.c what it must find there. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "planted.h"

enum { LINE = 80 };

int copy_line(const char *from, const char *to)
{
	char *line = calloc(1, LINE);		/* [block begins] */
	if (!line)
		return -1;
	int in = open(from, O_RDONLY);		/* [block fails] [fd begins] */
	if (in < 0)
		return -1;			/* [block enters] [block leaves] */
	FILE *out = fopen(to, "w");		/* [fd fails] [stream begins] */
	if (!out) {
		free(line);			/* [fd enters] */
		return -1;			/* [fd leaves] */
	}
	if (read(in, line, LINE - 1) < 0) {	/* [stream fails] */
		close(in);			/* [stream enters] */
		free(line);
		return -1;			/* [stream leaves] */
	}
	int rc = 0;
	if (fputs(line, out) < 0) {		/* [double fails] */
		close(in);			/* [double ends] */
		rc = -1;
	}
	free(line);
	if (fclose(out) != 0)
		rc = -1;
	close(in);				/* [double leaves] */
	return rc;
}
