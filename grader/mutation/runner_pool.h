/* runner_pool.h - the programs in which the learner's tests run (runtime/test_runner.c): a few
 * at a time, each in one cell for as long as a proof takes.
 *
 * All libraries are put on a shelf first, a folder of copies whose names tell
 * nothing: no test can know by a path which version it is tried on.
 */
#ifndef MUTATION_RUNNER_POOL_H
#define MUTATION_RUNNER_POOL_H

#include <limits.h>
#include <stdbool.h>
#include "sandbox/cell.h"
#include "base/process.h"
#include "protocol/wire.h"
#include "protocol/plan.h"

enum { RUNNERS_MAX = 8, COUNTERS_FOLDERS = 2 };

/* One of them. */
struct test_runner {
	struct process process;
	int orders;		/* writes; -1 when there is no such runner */
	struct wire results;	/* reads; its descriptor -1 likewise */
	long version;		/* which the results speak of; -1: none yet */
	size_t due;		/* versions that have yet to end */
};

/* What they stand on. Borrowed. */
struct runner_pool_plan {
	const char *root;	/* the workbook */
	const char *work;	/* a folder of our own */
	const char *tests;	/* libraries: the learner's tests, */
	const char *wrap;	/* and the exercise's wrappers, or NULL:
				 * neither has to be there before the first order */
	const struct sandbox *sandbox;	/* NULL for tests of our own */
	const char *counters;	/* the folder that holds the folders below */
	int counters_folder[COUNTERS_FOLDERS]; /* open; for runners to hand on */
	int nice;		/* as in process.h */
};

/* All of them. Owns the programs. */
struct runner_pool {
	struct runner_pool_plan plan;
	char shelf[PATH_MAX];
	char tests[PATH_MAX], wrap[PATH_MAX]; /* on it; "" until the first order */
	struct test_runner runner[RUNNERS_MAX];
	size_t n;
};

/* One version to be tried. */
struct version_order {
	const char *subject, *support;	/* libraries; support may be NULL */
	const char *skip;		/* tests left out: ",3,5," */
	int counters;			/* which folder, -1 for none */
	enum change change;
	uint32_t offset;
	bool stop;			/* the first rejection is enough */
	bool told;			/* what tests print, and the pairs, is wanted */
	const char *only;		/* the name of the one test to be run, or NULL */
};

/* Makes the shelf and starts as many runners as there are processors, which wait
 * for orders: 0, and runner_pool_close ends it; or a negative errno. */
int runner_pool_open(const struct runner_pool_plan *plan, struct runner_pool *ret_pool);

/* Has version NUMBER tried: 0, or a negative errno. */
int runner_pool_order(struct runner_pool *pool, size_t number,
		  const struct version_order *order);

/* Hears a line of test_runner.c's that is about version NUMBER. */
typedef void runner_pool_heard(size_t number, const struct words *words,
			   void *data);

/* Calls HEARD with each line until all that was ordered has ended, or so many
 * milliseconds are over: then the rest is given up, and its versions have told
 * what they have told. 0 or a negative errno. */
int runner_pool_collect(struct runner_pool *pool, int milliseconds,
		    runner_pool_heard *heard, void *data);

/* Ends all of them. */
void runner_pool_close(struct runner_pool *pool);

#endif
