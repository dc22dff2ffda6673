/* score_tests.h - what the verdict says of the learner's tests: which count, which error
 * paths they reach, which broken versions they catch, and what points that comes to. */
#ifndef GRADING_SCORE_TESTS_H
#define GRADING_SCORE_TESTS_H

#include <jansson.h>
#include "mutation/mutation_test.h"

/* How the message about a broken version begins that the tests did not catch. */
#define MISSED_BROKEN "your tests accept a broken version: "

/* Adds the rows of the tests, the checks of the group "proves", and the three numbers
 * apart, to VERDICT when TEST is finished. Points: as the rows have them, see
 * score_rows.h. 0, or a negative errno when versions had to be run again and could
 * not. */
int score_tests_add(struct mutation_test *test, json_t *verdict);

#endif
