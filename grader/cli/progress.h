/* progress.h - what a learner has reached, remembered in .brakes-progress at
 * the top of the workbook: plain text that may be edited and committed. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <jansson.h>
#include <limits.h>
#include "catalog/catalog.h"
#include "verdict/verdict.h"

/* More hints than any exercise has. */
enum { HINTS_MAX = 99 };

/* What is remembered of one exercise. */
struct mark {
	long score;	/* of the last verdict, 0 to 100 */
	long best;	/* of all verdicts */
	long hints;	/* how many were shown, 0 to HINTS_MAX */
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

/* Sets the last score of ID; the best one follows it. 0 or a negative errno.
 *
 * This and the next two change the file as it is then, which another grading may
 * have written meanwhile: they lock it, read it, and replace it whole. Every line
 * that is not about ID stays. -EAGAIN when another process holds the lock for
 * seconds. */
int progress_set_score(struct progress *progress, const char *id, long score);

/* Remembers that LEVEL hints of ID were seen, if they were fewer so far. */
int progress_set_hints(struct progress *progress, const char *id, long level);

/* Sets the scores of VERDICT; what was not judged keeps its own. */
int progress_keep(struct progress *progress, const json_t *verdict);

/* The first exercise without full marks; NULL when all are done. */
const struct exercise *progress_next(const struct progress *progress,
				     const struct catalog *catalog);

#endif
