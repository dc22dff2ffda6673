/* tell_paths.h - which error paths the learner's tests leave out, and which calls to make
 * fail so that they are reached. */
#ifndef GRADING_TELL_PATHS_H
#define GRADING_TELL_PATHS_H

#include <jansson.h>
#include <stddef.h>
#include "mutation/mutation_test.h"

enum { PATHS_MAX = 64 };

/* A thing to do: make this call fail and, when there is a second, that one after it. */
struct path_action {
	const json_t *first, *second;	/* function, file and line; borrowed */
	const json_t *exit;		/* the line that is then entered, or NULL */
	long call;			/* which call to ask for, */
	const char *error;		/* and with which error */
};

/* What is to be said of the error paths. */
struct paths {
	struct path_action action[PATHS_MAX];
	size_t n;
	const struct test *aside;	/* is set aside, and reaches more; or NULL */
	char message[1024];		/* with what to do first, if anything */
};

/* Finds what the tests of P leave out, when they reach so many of ALL branches. */
struct paths paths_find(const struct mutation_test *p, size_t reached, size_t all);

/* Tells of what was found: the first action's place into CHECK, the others as details of
 * VERDICT. */
void paths_tell(json_t *verdict, json_t *check, const struct paths *paths);

#endif
