/* findings.h - a run that went wrong, told in one sentence and as data. */
#ifndef ORACLE_FINDINGS_H
#define ORACLE_FINDINGS_H

#include <jansson.h>
#include "session.h"
#include "debug/debug_info.h"
#include "way_out.h"

/* What is needed to tell it. */
struct telling {
	const struct run *run;
	const struct debug_info *sites;
	const struct owners *owners;	/* of what is acquired, or NULL */
	const json_t *nouns;	/* kind -> what the exercise calls it, or NULL */
	const json_t *clauses;	/* finding -> clause that it breaks, or NULL */
	const char *scenario;
	const char *situation;	/* "when ..." where no fault is made, or NULL */
	bool may_outlive;	/* live resources are no leak */
	int driver_opens;	/* descriptors that are none of the code's */
	const char *demand;	/* the demand that was not met, or NULL */
	const char *demand_clause;
	struct place demand_place;	/* line 0: where the code left */
};

/* Tells what is wrong with the run: a new object with message, finding, what (the
 * message without the circumstance), and where they apply clause, file, line, fault,
 * ledger, exit_line, and in "also" the clauses that the run breaks beside that one; the
 * caller owns it. NULL when nothing is wrong. "finding" is one of leak,
 * double_release, stranger, mismatch, use_after_release, null, deadlock,
 * write_after_release, overrun, unset, exit, abort, crash, hang, memory, flood,
 * filled, wire, load,
 * left_behind, unseen, forged, grader, demand.
 */
json_t *findings_tell(const struct telling *telling);

/* The fault of the run as an object of the contract, NULL when none struck. */
json_t *findings_fault(const struct telling *telling);

/* Where the function under test went on after the fault, the line of the first block
 * that it entered: {file, line, fault}; NULL when no fault struck or no block followed
 * it. */
json_t *findings_exit(const struct telling *telling);

/* The whole run for a replay, a line a step, what each function of the code returned, and
 * what is still open at the end: a string the caller frees. */
char *findings_steps(const struct telling *telling);

#endif
