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
	const struct sandbox *sandbox;	/* for the tests, and for gcovr */
	const char *subject, *support, *tests;	/* the learner's libraries;
					 * subject NULL: their code cannot
					 * be judged, the tests can */
	const char *objects;		/* of the subject, for coverage */
	const char *source;		/* the folder of its sources */
	const json_t *reference;	/* reference.json */
	const json_t *exits;		/* where the own code leaves, by fault */
	bool clean;			/* the judge found nothing wrong */
	long seed;
};

/* A proof under way. */
struct proving;

/* Gets ready, when nothing is built yet: gcovr and the provers are started, which
 * then wait. PROOF
 * has to last as long, and may still change before prove_start. 0 and *ret_proving,
 * which prove_finish takes; or a negative errno. */
int prove_prepare(const struct proof *proof, struct proving **ret_proving);

/* First round: the tests on the learner's own code, on the reference and on each
 * correct version; gcovr then goes on with what they left. It needs neither
 * `exits` nor `clean`, so the judge can work meanwhile. 0 or a negative errno when
 * the grader could not. */
int prove_start(struct proving *proving);

/* Second round: the broken versions. Adds the checks of the group "proves", and
 * the numbers apart, to VERDICT: 0 or a negative errno when the grader could not
 * (-ENODATA: no counters were written; -ENOENT: no gcovr). VERDICT may be NULL, to
 * give up. *PROVING is released and cleared in any case; NULL does nothing. */
int prove_finish(struct proving **proving, json_t *verdict);

#endif
