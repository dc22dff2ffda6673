/* progress.h - what a learner has reached, remembered in .brakes-progress at
 * the top of the workbook: plain text that may be edited and committed. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <jansson.h>
#include <limits.h>
#include "catalog/catalog.h"
#include "verdict/verdict.h"

/* What is remembered of one exercise. */
struct mark {
	long score;	/* of the last verdict, 0 to 100 */
	long best;	/* of all verdicts */
	long hints;	/* how many were shown */
};

/* The file as it is. Owns the text. */
struct progress {
	char path[PATH_MAX];	/* "" when it is to be left alone */
	char *text;
};

/* Reads the file in the workbook at ROOT; one that is not there is empty. A
 * line that means nothing is named on standard error, and stays. A file that
 * cannot be read is left alone: that is said, and nothing is remembered. 0 and
 * *ret_progress, which the caller releases; or -ENOMEM. */
int progress_read(const char *root, struct progress *ret_progress);

void progress_release(struct progress *progress);

/* The mark of exercise ID; all 0 when there is none. */
struct mark progress_of(const struct progress *progress, const char *id);

/* Sets the mark of ID, in memory and on the disk: 0 or a negative errno.
 * Every line that is not about ID stays as it is. */
int progress_set(struct progress *progress, const char *id, struct mark mark);

/* Sets the scores of VERDICT: 0 or a negative errno. */
int progress_keep(struct progress *progress, const json_t *verdict);

/* The first exercise without full marks; NULL when all are done. */
const struct exercise *progress_next(const struct progress *progress,
				     const struct catalog *catalog);

#endif
