/* given.h - files that an exercise gives, and that are not the learner's to change. */
#ifndef GRADING_GIVEN_H
#define GRADING_GIVEN_H

#include "catalog/catalog.h"

/* The first given file of EXERCISE that takes part in a grading, a header or code, and
 * is another in FROM/ID than in the starter below ROOT; NULL when there is none. The
 * grading uses the starter's, so one that is missing in FROM/ID does no harm. No link
 * is followed below FROM. The name is the exercise's. */
const char *given_changed(const struct exercise *exercise, const char *root,
			  const char *from);

#endif
