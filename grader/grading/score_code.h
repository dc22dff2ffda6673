/* score_code.h - what the verdict says of the learner's code once it is judged, and
 * what points that comes to: the groups "behaves" and "survives". */
#ifndef GRADING_SCORE_CODE_H
#define GRADING_SCORE_CODE_H

#include <jansson.h>
#include <stdbool.h>
#include "catalog/catalog.h"
#include "oracle/fault_sweep.h"

/* Code that has been judged. Borrowed. */
struct judged {
	const struct exercise *exercise;
	const json_t *reference;	/* reference.json */
	const struct suite *suite;	/* as judge() has filled it */
	json_t *verdict;
};

/* Adds the rows of the code and the checks to the verdict, with the stages, the numbers
 * of the sweep, the outcome that a finding stands for, and what the code printed. Returns
 * whether nothing was found wrong. Points: what the rows have lost (score_rows.h) is borne
 * by the checks that went wrong. */
bool code_checks_add(const struct judged *judged);

#endif
