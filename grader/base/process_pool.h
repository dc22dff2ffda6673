/* process_pool.h - several programs at a time. */
#ifndef BASE_PROCESS_POOL_H
#define BASE_PROCESS_POOL_H

#include <stddef.h>
#include "process.h"

/* Runs N programs, at most JOBS at a time: 0 and ended[i] for each, which the
 * caller releases; or a negative errno with none to release. */
int run_programs(const struct program programs[], size_t n, size_t jobs,
		 struct ended ended[]);

/* How many programs run at a time here: the processors there are, 1 to 8. */
size_t jobs_here(void);

#endif
