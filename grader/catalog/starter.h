/* starter.h - the starter of an exercise: what a learner begins with.
 *
 * exercises/ID is the learner's to edit. grader/exercises/ID/starter holds a pristine
 * copy of each file there that is handed in or given, and everything that has to
 * know the original reads it there: reset, the self-check, the headers that code is
 * compiled with. `make starters` renews the copies when a maintainer has edited
 * exercises/ID; the self-check finds copies that were forgotten.
 */
#ifndef CATALOG_STARTER_H
#define CATALOG_STARTER_H

#include <limits.h>
#include <stddef.h>
#include "catalog.h"

/* The files of one starter: text[i], NUL-terminated, is what name[i] holds. Owns the
 * texts; the names live as long as the exercise. */
struct starter {
	const char *name[2 * LIST_MAX];
	char *text[2 * LIST_MAX];
	size_t n;
};

/* Copies the folder that holds the starter of EXERCISE into RET_PATH: 0 or
 * -ENAMETOOLONG. */
int starter_folder(const char *root, const struct exercise *exercise,
		   char ret_path[PATH_MAX]);

/* Reads the starter of EXERCISE, what is handed in first: 0 and *ret_starter, which
 * the caller releases by starter_release; or a negative errno with the reason, the
 * end of a sentence, in *ret_why, which the caller frees. */
int starter_read(const char *root, const struct exercise *exercise,
		 struct starter *ret_starter, char **ret_why);

void starter_release(struct starter *starter);

#endif
