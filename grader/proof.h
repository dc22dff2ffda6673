/* proof.h - the learner's tests, judged: valid against correct versions, the
 * error paths that they reach, the broken versions that they catch. */
#ifndef PROOF_H
#define PROOF_H

#include <jansson.h>
#include "catalog.h"
#include "worker/watch.h"

enum { REFERENCE_MAX = 64 };

/* Where the parts of a proof stand. NULL where an exercise has none. */
struct proof {
	const char *root;
	const struct exercise *exercise;
	const char *built;		/* build/exercises/ID */
	const char *work;		/* a folder of our own */
	const char *subject, *support, *tests;	/* the learner's libraries */
	const char *objects;		/* of the subject, for coverage */
	const char *source;		/* the folder of its sources */
	const json_t *reference;	/* reference.json */
	const json_t *exits;		/* where the own code leaves, by fault */
	bool clean;			/* the judge found nothing wrong */
	long seed;
};

/* Judges the tests and adds the checks of the group "proves", and the numbers
 * apart, to VERDICT: 0, or a negative errno when the grader could not
 * (-ENODATA: gcovr found no data; -ENOENT: there is no gcovr). */
int prove(const struct proof *proof, json_t *verdict);

#endif
