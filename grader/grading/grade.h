/* grade.h - one exercise, from the learner's folder to its verdict. */
#ifndef GRADING_GRADE_H
#define GRADING_GRADE_H

#include <jansson.h>
#include <stdbool.h>
#include "sandbox/cell.h"
#include "catalog/catalog.h"
#include "replay.h"

struct grading {
	const char *root;		/* the workbook */
	const char *from;		/* a folder shaped like exercises/ */
	const struct sandbox *sandbox;	/* what the submission runs in */
	long seed;
	struct replay replay;
	const char *test;		/* the one test to be run, or NULL */
};

/* What there is to doubt in a verdict: what the machine, and not the submission, may have
 * done. */
enum doubt {
	DOUBT_NONE,
	DOUBT_RUN,	/* code crashed, hung or was killed, its tests did not come
			 * to their end, or points were lost while the machine had
			 * little left of something */
	DOUBT_TOOLS,	/* a compiler failed, and for no line of the learner's */
};

/* Grades EXERCISE in this process, once: 0 and *ret_verdict, the exercise's object of
 * verdict.h, which the caller owns, and *ret_doubt. Whatever is wrong with the submission
 * is in the verdict. A negative errno means that the grader itself could not judge;
 * *ret_why then says why, in one sentence that the caller frees. */
int grade_once(const struct grading *grading, const struct exercise *exercise,
	       json_t **ret_verdict, enum doubt *ret_doubt, char **ret_why);

/* The same, and the verdict is beyond doubt: what the machine may have done is held
 * against our own solution, which is graded under the same conditions (control.c). When
 * that loses points too, the result is a negative errno and the cause in *ret_why. */
int grade_exercise(const struct grading *grading,
		   const struct exercise *exercise, json_t **ret_verdict,
		   char **ret_why);

#endif
