/* proof_parts.h - the two halves of proof.c's work, and what they share: the one tries
 * the tests on the versions, the other (proof_checks.c) says what came of it. */
#ifndef PROOF_PARTS_H
#define PROOF_PARTS_H

#include <jansson.h>
#include <limits.h>
#include <stdbool.h>
#include "coverage.h"
#include "proof.h"
#include "provers.h"
#include "worker/prover.h"

enum {
	TESTS_MAX = 200,
	VERSIONS_MAX = 96,
};

/* The first versions. */
enum { OWN, REFERENCE };

/* What one test made of one version. */
enum mark { MARK_NONE, MARK_ACCEPTS, MARK_REJECTS, MARK_LEAVES, MARK_CRASHES,
	    MARK_HANGS };

/* Whose counters a version writes. */
enum counted { COUNTED_OWN, COUNTED_REFERENCE, COUNTED_NOT };

/* A version of the code and what the tests made of it. */
struct version {
	const char *name, *says, *clause;	/* borrowed */
	char subject[PATH_MAX];
	const char *support;
	enum counted counted;
	enum change change;
	uint32_t offset;
	bool decoy;			/* correct, among the broken ones */
	bool stop;			/* the first rejection is enough */
	/* afterwards */
	int status;			/* of the prover, -1 when it was ended */
	size_t n;			/* tests that there are */
	enum mark mark[TESTS_MAX];
};

/* The first message with which a test rejected. */
struct complaint {
	char text[512];
	char file[64];
	int line;
};

struct test {
	char name[80];
	bool valid;
	struct complaint own, correct;	/* about the own code, about the rest */
	const char *rejects;	/* the correct version it rejects, or NULL */
	enum mark how;		/* and in which way */
	size_t rejected;	/* how many of them it rejects */
};

/* Everything about one proof under way. */
struct proving {
	const struct proof *proof;
	struct test tests[TESTS_MAX];
	size_t n_tests;
	char skip[PROVER_SKIP_MAX];
	struct version versions[VERSIONS_MAX];
	size_t n_versions;
	json_t *files;			/* gcovr's */
	char support[PATH_MAX];		/* ours, "" when there is none */
	char counters[PATH_MAX];	/* holds a folder for each counted_names */
	int folder[COUNTED_NOT];	/* those, open; -1 when not */
	char wrap[PATH_MAX];		/* what stands before the code */
	struct provers provers;
	size_t correct;			/* versions of the first round */
	bool untrue;			/* what the tests say cannot be so */
	struct gcovr gcovr;
};

/* Whether there is code of the learner's that their tests ran on. */
bool proof_has_own(const struct proving *p);

/* How many tests count. */
size_t proof_count_valid(const struct proving *p);

/* Whether any test that counts does not accept V. */
bool proof_catches(const struct proving *p, const struct version *v);

/* Whether V is the version that no test can accept: it ends the process. */
bool proof_is_canary(const struct version *v);

/* Runs the versions from FIRST on: 0 or a negative errno. */
int proof_run(struct proving *p, size_t first);

/* Draws the conclusions, the broken versions being those from FIRST on: adds the
 * checks and the numbers to VERDICT. 0, or a negative errno when versions had to be
 * run again and could not. */
int proof_conclude(struct proving *p, json_t *verdict, size_t first);

#endif
