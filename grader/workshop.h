/* workshop.h - what both grading and calibrating stand on: a folder of our own,
 * the suite of an exercise, and a worker with the judge over it. */
#ifndef WORKSHOP_H
#define WORKSHOP_H

#include <limits.h>
#include "catalog.h"
#include "judge/judging.h"

/* One exercise at work. Owns its folder and the loaded suite. */
struct workshop {
	const char *root;
	const struct exercise *exercise;
	char built[PATH_MAX];	/* build/exercises/ID */
	const struct sandbox *sandbox;	/* NULL for code of our own */
	char work[PATH_MAX];	/* removed at the end */
	char handed_in[PATH_MAX]; /* the folder of the learner's files */
	void *suite_library;
	struct suite suite;
};

/* Loads the suite and makes the folder: 0, and workshop_close ends it; or a
 * negative errno with the reason in *ret_why, which the caller frees. What is
 * handed in runs in SANDBOX, NULL for code of our own. */
int workshop_open(const char *root, const struct exercise *exercise,
		  const struct sandbox *sandbox, struct workshop *ret_workshop,
		  char **ret_why);

void workshop_close(struct workshop *workshop);

/* What one judging wants. */
struct assignment {
	const char *subject, *support;	/* libraries; support may be NULL */
	const char *coverage;		/* a folder for counters, or NULL */
	long seed;
	bool sweep, swept_alone, stop_at_first, debug;
	const char *only;
	enum change change;
	uint32_t change_offset;
};

/* An open session with all that judge() needs. */
struct bench {
	struct session session;
	struct sites *sites;
	struct judging judging;
};

/* Starts the worker for ASSIGNMENT, whose libraries need not be built yet: each has
 * a folder of its own, which the worker may read. 0, and bench_close ends it; or a
 * negative errno. */
int bench_start(const struct workshop *workshop,
		const struct assignment *assignment, struct bench *ret_bench);

/* Reads the libraries, which are there now: 0 or a negative errno. */
int bench_read(const struct workshop *workshop,
	       const struct assignment *assignment, struct bench *bench);

/* Both at once: 0, and bench_close ends it; or a negative errno. */
int bench_open(const struct workshop *workshop,
	       const struct assignment *assignment, struct bench *ret_bench);

void bench_close(struct bench *bench);

/* Opens, judges, closes: the scenarios of the workshop's suite are filled and
 * the caller releases them by suite_release. */
int workshop_judge(struct workshop *workshop,
		   const struct assignment *assignment);

/* Makes a sentence for the caller to free and returns RC, for `return`. */
int because(char **ret_why, int rc, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
