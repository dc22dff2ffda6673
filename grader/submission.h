/* submission.h - takes the learner's files in: a safe copy, and nothing else of
 * their folder. */
#ifndef SUBMISSION_H
#define SUBMISSION_H

#include <stdbool.h>
#include "catalog.h"

enum { SUBMISSION_FILE_MAX = 1 << 20 };

/* Why a file was not taken. */
struct refusal {
	const char *file;
	const char *why;	/* a sentence's end: "is not there" */
	bool missing;
};

/* Copies the hand-in files of EXERCISE from FROM/ID into the folder TO, which
 * is there, and code that is given from our solution below ROOT: 0; -ENOENT or -EINVAL with *ret_refusal when a file is missing
 * or is none that we take; or another negative errno. */
int submission_take(const struct exercise *exercise, const char *root,
		    const char *from, const char *to,
		    struct refusal *ret_refusal);

/* Whether a file of the subject in FOLDER still holds its TODO; of all that is
 * handed in, when the subject is ours. */
bool submission_untouched(const struct exercise *exercise, const char *folder);

#endif
