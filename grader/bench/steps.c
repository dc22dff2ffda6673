/* steps.c - code to be swept: N fallible calls, one live resource a step. */
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include "steps.h"

/* Works for MICROSECONDS, as the code around a call does. */
static void work(long microseconds)
{
	struct timespec now, start;
	clock_gettime(CLOCK_MONOTONIC, &start);
	do
		clock_gettime(CLOCK_MONOTONIC, &now);
	while (microseconds > 0 &&
	       (now.tv_sec - start.tv_sec) * 1000000L +
	       (now.tv_nsec - start.tv_nsec) / 1000 < microseconds);
}

int steps_run(int n, long microseconds)
{
	void *block[STEPS_MAX];
	int made = 0, rc = 0;
	while (rc == 0 && made < n && made < STEPS_MAX) {
		if (microseconds > 0)
			work(microseconds);
		block[made] = malloc(16);
		if (block[made])
			made++;
		else
			rc = -ENOMEM;
	}
	while (made > 0)
		free(block[--made]);
	return rc;
}
