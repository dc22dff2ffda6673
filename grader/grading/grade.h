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
};

/* Grades EXERCISE in this process: 0 and *ret_verdict, the exercise's object of
 * verdict.h, which the caller owns. Whatever is wrong with the submission is in
 * the verdict. A negative errno means that the grader itself could not judge;
 * *ret_why then says why, in one sentence that the caller frees. */
int grade_exercise(const struct grading *grading,
		   const struct exercise *exercise, json_t **ret_verdict,
		   char **ret_why);

#endif
