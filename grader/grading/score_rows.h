/* score_rows.h - what the rows of the checklist have come to, in points. The formula is
 * written down here and in verdict/verdict.schema.json; SCORING.md explains it. */
#ifndef GRADING_SCORE_ROWS_H
#define GRADING_SCORE_ROWS_H

#include <jansson.h>
#include <stdbool.h>
#include "catalog/catalog.h"

/* What was seen of a row. */
struct seen {
	long all;	/* how many things show it: runs, or broken versions */
	long bad;	/* of them, those that went wrong or could not be seen */
	bool broken;	/* one of them showed that the row does not hold */
};

/* What ROW costs, when it is as SEEN: nothing when all went well; when it is broken half
 * of its points, and of the other half the share of what went wrong, and never less than
 * its price; else, when it was not seen everywhere, that share of its points, which is
 * also what error paths cost that are not reached. */
long row_lost(const struct row *row, const struct seen *seen);

/* Enters ROW in the "rows" of VERDICT, with the points that it has LOST. */
void row_enter(json_t *verdict, const struct row *row, long lost, bool broken);

/* Enters each row of EXERCISE that VERDICT does not have yet as one that was not judged
 * and has lost all of its points, and puts all of them in the order of EXERCISE. */
void rows_complete(json_t *verdict, const struct exercise *exercise);

#endif
