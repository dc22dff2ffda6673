/* process_pool.c - see process_pool.h. */
#include "process_pool.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

size_t jobs_here(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	return n < 1 ? 1 : n > 8 ? 8 : (size_t)n;
}

int run_programs(const struct program programs[], size_t n, size_t jobs,
		 struct ended ended[])
{
	struct process *running = calloc(n + 1, sizeof(*running));
	size_t started = 0, finished = 0;
	int rc = running ? 0 : -ENOMEM;
	while (rc == 0 && finished < n) {
		bool start = started < n && started - finished < jobs;
		rc = start ? process_start(&programs[started], &running[started])
			   : process_wait(&running[finished], &ended[finished]);
		if (rc == 0)
			start ? started++ : finished++;
	}
	for (size_t i = finished; rc < 0 && i < started; i++)
		process_end(&running[i]);
	for (size_t i = 0; rc < 0 && i < finished; i++)
		ended_release(&ended[i]);
	free(running);
	return rc;
}
