/* mutation_test.h - tries the learner's tests: on their own code, on correct versions,
 * which tests must accept, and on broken versions (mutants), which they must reject. It
 * tells what came of each; what points that is worth is decided in grading/. */
#ifndef MUTATION_MUTATION_TEST_H
#define MUTATION_MUTATION_TEST_H

#include <jansson.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include "sandbox/cell.h"
#include "catalog/catalog.h"
#include "coverage.h"
#include "protocol/memory_fault.h"
#include "protocol/plan.h"
#include "protocol/test_runner.h"
#include "runner_pool.h"

/* Where the parts of a proof stand. NULL where an exercise has none. */
struct mutation_plan {
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
	const char *only;		/* the name of the one test to be tried, in
					 * the first round alone; NULL for all */
};

enum {
	TESTS_MAX = TEST_RUNNER_TESTS_MAX,
	VERSIONS_MAX = 96,
};

/* The first versions. */
enum { OWN, REFERENCE };

/* What one test made of one version. */
enum mark { MARK_NONE, MARK_UNTRIED, MARK_ACCEPTS, MARK_REJECTS, MARK_LEAVES,
	    MARK_CRASHES, MARK_HANGS, MARK_SLOW, MARK_FILLS, MARK_COUNT };

/* Whose counters a version writes. */
enum counted { COUNTED_OWN, COUNTED_REFERENCE, COUNTED_NOT };

struct test;

/* A version of the code and what the tests made of it. */
struct version {
	const char *name, *says, *clause;	/* borrowed */
	const char *row;		/* of the checklist; NULL: by its change */
	char subject[PATH_MAX];
	const char *support;
	enum counted counted;
	enum change change;
	uint32_t offset;
	bool decoy;			/* correct, among the broken ones */
	bool stop;			/* the first rejection is enough */
	/* afterwards */
	const struct test *aside;	/* is set aside, and would or may catch it; or
					 * NULL */
	int status;			/* of the runner, -1 when it was ended */
	size_t n;			/* tests that there are */
	enum mark mark[TESTS_MAX];
};

/* How the fault fared that a test asked for last. */
enum plan_state { PLAN_NONE, PLAN_IDLE, PLAN_STRUCK, PLAN_LATE };

/* What a test had to say of one version. Texts are harmless, "" when not known. */
struct account {
	size_t version;			/* its number */
	char round[16];			/* of a test that loops */
	struct plan plan;		/* asked for last */
	enum plan_state state;
	char struck[32], within[64];	/* the call that failed, within which function */
	char failed[32], error[24];	/* the last call that failed by itself */
	char file[64];			/* where the assertion stands */
	int line;
	uint32_t caller;		/* the address in the test of the call of a
					 * helper that holds it; 0 for none */
	char text[512];			/* Check's message */
};

enum { PAIRS_TEXT = 2048, PRINTED_TEXT = 1024 };

/* The bad access to memory by which a test ended on a version. */
struct crash {
	const struct version *version;	/* NULL for none */
	struct memory_fault fault;
};

struct test {
	char name[TEST_RUNNER_NAME_MAX];
	int line;		/* of its START_TEST */
	bool valid;
	struct account own;	/* of the own code, */
	struct account correct;	/* of the first correct version that it rejects */
	struct crash own_crash, correct_crash;
	const char *rejects;	/* the name of that, or NULL */
	enum mark how;		/* and in which way */
	size_t rejected;	/* how many of them it rejects */
	long cpu_us;		/* that it took on the reference */
	char pairs[PAIRS_TEXT];	/* ",OFFSET:OFFSET,...", in hexadecimal: calls in the
				 * own code that failed under one plan, or OFFSET:0 */
	char printed[PRINTED_TEXT]; /* what it printed on the own code; without one,
				 * on the reference */
};

/* One mutation test under way. */
struct mutation_test {
	const struct mutation_plan *plan;
	struct test tests[TESTS_MAX];
	size_t n_tests;
	char loading[256];		/* what was printed when the tests were loaded */
	char skip[TEST_RUNNER_SKIP_MAX];
	struct version versions[VERSIONS_MAX];
	size_t n_versions;
	json_t *files;			/* gcovr's */
	char support[PATH_MAX];		/* ours, "" when there is none */
	char counters[PATH_MAX];	/* holds a folder for each counted_names */
	int folder[COUNTED_NOT];	/* those, open; -1 when not */
	char wrap[PATH_MAX];		/* the exercise's wrappers */
	struct runner_pool pool;
	size_t correct;			/* versions of the first round */
	size_t first_broken;		/* and where those of the second begin */
	bool untrue;			/* what the tests say cannot be so */
	struct gcovr gcovr;
};

/* Gets ready, when nothing is built yet: starts gcovr and the test runners, which then
 * wait. PLAN has to last as long, and may still change before mutation_test_start. 0 and
 * *ret_test, which mutation_test_release takes; or a negative errno. */
int mutation_test_prepare(const struct mutation_plan *plan,
			  struct mutation_test **ret_test);

/* First round: runs the tests on the learner's own code, on the reference and on each
 * correct version; gcovr then goes on with what they left. Starts the second round: the
 * tests that count run on the broken versions. It needs neither `exits` nor `clean`, so
 * the judge can work meanwhile. 0 or a negative errno when the grader could not. */
int mutation_test_start(struct mutation_test *test);

/* Collects what came of the second round, and what gcovr tells. 0, also when the tests cannot be used, or a negative errno when the grader
 * could not (-ENODATA: no counters were written; -ENOENT: no gcovr). */
int mutation_test_finish(struct mutation_test *test);

/* Why the tests cannot be used at all, in words for the learner; NULL when they can.
 * Known after the first round. */
const char *mutation_test_unusable(const struct mutation_test *test);

/* Whether what came of the tests may be the doing of the machine: they could not be used
 * though they are registered, a version was not tried to its end, or none of them accepts
 * what is correct. */
bool mutation_test_doubtful(const struct mutation_test *test);

/* Ends and frees *TEST, however far it is, and clears it; NULL does nothing. */
void mutation_test_release(struct mutation_test **test);

/* Whether there is code of the learner's that their tests ran on. */
bool mutation_test_has_own(const struct mutation_test *p);

/* How many tests count. */
size_t mutation_test_count_valid(const struct mutation_test *p);

/* Whether any test that counts does not accept V. */
bool mutation_test_catches(const struct mutation_test *p, const struct version *v);

/* Whether any test that counts made the call at OFFSET of the own code fail and, unless
 * SECOND is 0, the one at SECOND after it; with ASIDE, any test that is set aside. That
 * test, or NULL. */
const struct test *mutation_test_struck(const struct mutation_test *p, uint32_t offset,
					uint32_t second, bool aside);

/* The first test that is set aside although it accepts the reference or, with REJECTING,
 * because it rejects it, and so did not come to its end; NULL for none. */
const struct test *mutation_test_aside(const struct mutation_test *p, bool rejecting);

/* Whether V is the version that no test can accept: it ends the process. */
bool mutation_test_is_canary(const struct version *v);

/* Runs the versions from number FIRST on: 0 or a negative errno. */
int mutation_test_run(struct mutation_test *p, size_t first);

#endif
