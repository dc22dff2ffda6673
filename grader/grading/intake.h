/* intake.h - takes the learner's files in: a safe copy, and nothing else of
 * their folder. Whoever filled that folder may mean harm: no link is followed,
 * nothing is waited for, and what is no text is not taken. */
#ifndef GRADING_INTAKE_H
#define GRADING_INTAKE_H

#include <stdbool.h>
#include "catalog/catalog.h"

/* Why a file, or the folder of the exercise, was not taken. Borrows the name
 * from the exercise. */
struct refusal {
	const char *name;
	char why[640];		/* after the name, a sentence: "is not there" */
	bool missing;
	int line;		/* where in the file; 0: no line */
};

/* All that was not taken, in the order of the hand-in files. */
struct refusals {
	struct refusal of[LIST_MAX];
	size_t n;
};

/* Copies the hand-in files of EXERCISE from FROM/ID into the folder TO, which
 * is there, and code that is given from our solution below ROOT: 0, and
 * *ret_refusals says what was not taken, if anything; or a negative errno when
 * we ourselves could not do it. */
int intake_take(const struct exercise *exercise, const char *root,
		    const char *from, const char *to,
		    struct refusals *ret_refusals);

/* Whether the files of the subject in FOLDER are those of the starter below ROOT; all
 * that are handed in, when the subject is ours. */
bool intake_untouched(const struct exercise *exercise, const char *root,
		      const char *folder);

#endif
