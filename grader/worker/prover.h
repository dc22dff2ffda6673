/* prover.h - what the grader and the prover agree on. */
#ifndef PROVER_H
#define PROVER_H

enum {
	PROVER_RESULTS = 3,	/* the descriptors: for results, */
	PROVER_ORDERS,		/* with orders, */
	PROVER_COUNTERS,	/* and the first of the folders for counters */
	PROVER_SKIP_MAX = 1024,	/* bytes of the list of tests left out */
	PROVER_LOST = 121,	/* exit statuses */
	PROVER_NO_TESTS,
	PROVER_NO_CODE,
};

#endif
