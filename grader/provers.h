/* provers.h - the programs in which the learner's tests run (worker/prover.c): a few
 * at a time, each in one cell for as long as a proof takes.
 *
 * All libraries are put on a shelf first, a folder of copies whose names tell
 * nothing: no test can know by a path which version it is tried on.
 */
#ifndef PROVERS_H
#define PROVERS_H

#include <limits.h>
#include <stdbool.h>
#include "spawn.h"
#include "wire.h"
#include "worker/watch.h"

enum { PROVERS_MAX = 8, COUNTERS_FOLDERS = 2 };

/* One of them. */
struct prover {
	struct process process;
	int orders;		/* writes; -1 when there is no such prover */
	struct wire results;	/* reads; its descriptor -1 likewise */
	long version;		/* which the results speak of; -1: none yet */
	size_t due;		/* versions that have yet to end */
};

/* What they stand on. Borrowed. */
struct provers_plan {
	const char *root;	/* the workbook */
	const char *work;	/* a folder of our own */
	const char *tests;	/* libraries: the learner's tests, */
	const char *wrap;	/* and what stands before the code, or NULL:
				 * neither has to be there before the first order */
	const struct sandbox *sandbox;	/* NULL for tests of our own */
	const char *counters;	/* the folder that holds the folders below */
	int counters_folder[COUNTERS_FOLDERS]; /* open; for provers to hand on */
	int nice;		/* as in spawn.h */
};

/* All of them. Owns the programs. */
struct provers {
	struct provers_plan plan;
	char shelf[PATH_MAX];
	char tests[PATH_MAX], wrap[PATH_MAX]; /* on it; "" until the first order */
	struct prover prover[PROVERS_MAX];
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
};

/* Makes the shelf and starts as many provers as there are processors, which wait
 * for orders: 0, and provers_close ends it; or a negative errno. */
int provers_open(const struct provers_plan *plan, struct provers *ret_provers);

/* Has version NUMBER tried: 0, or a negative errno. */
int provers_order(struct provers *provers, size_t number,
		  const struct version_order *order);

/* Hears a line of prover.c's that is about version NUMBER. */
typedef void provers_heard(size_t number, const struct words *words,
			   void *data);

/* Calls HEARD with each line until all that was ordered has ended, or so many
 * milliseconds are over: then the rest is given up, and its versions have told
 * what they have told. 0 or a negative errno. */
int provers_collect(struct provers *provers, int milliseconds,
		    provers_heard *heard, void *data);

/* Ends all of them. */
void provers_close(struct provers *provers);

#endif
