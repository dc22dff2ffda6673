/* starter.h - the starter of an exercise, out of the workbook's history.
 *
 * Where it comes from: the last commit that touched grader/. Learners do not
 * edit that folder, so whoever made that commit was a maintainer, and the
 * exercises beside it were starters. It needs no second copy of any file, and
 * holds after a pull, in a shallow clone, and in a template's single commit.
 */
#ifndef CATALOG_STARTER_H
#define CATALOG_STARTER_H

#include <stddef.h>
#include "catalog.h"
#include "base/process.h"

/* What is handed in and what was given, a header may be spoilt too. Owns what
 * git printed: file[i].out is the text of name[i]. */
struct starter {
	char commit[80];
	const char *name[2 * LIST_MAX];
	struct ended file[2 * LIST_MAX];
	size_t n;
};

/* Fetches the starter of EXERCISE: 0 and *ret_starter, which the caller
 * releases by starter_release; or a negative errno with the reason, the end of
 * a sentence, in *ret_why, which the caller frees. */
int starter_fetch(const char *root, const struct exercise *exercise,
		  struct starter *ret_starter, char **ret_why);

void starter_release(struct starter *starter);

#endif
