/* tell_tests.h - the details of the group "proves" that tell of single tests: which is
 * set aside and why, which has found a fault, what they leave out. They have no points:
 * score_tests.c deals those. */
#ifndef GRADING_TELL_TESTS_H
#define GRADING_TELL_TESTS_H

#include <jansson.h>
#include <stddef.h>
#include "mutation/mutation_test.h"

/* Adds a detail NAME to VERDICT, a line more of the check before it; CLAUSE may be
 * NULL. The verdict owns it. */
json_t *tell_detail(json_t *verdict, const char *name, const char *status,
		    const char *clause, const char *message);

/* Puts a place into CHECK. */
void tell_place(json_t *check, const char *file, int line);

/* Names test T, which is set aside. */
void tell_set_aside(json_t *verdict, const struct mutation_test *p, size_t t);

/* Names test T, which has found a fault in the learner's own code. When nothing else was
 * found in that, its checks lose the points of one broken promise, once. */
void tell_found(json_t *verdict, const struct mutation_test *p, size_t t);

/* Writes into RET, which has SIZE bytes, which test that is set aside would or may catch
 * broken versions that are missed, of those from FIRST on; "" when none does. */
void tell_held_back(const struct mutation_test *p, size_t first, char *ret, size_t size);

/* Adds to VERDICT what the tests printed, as "tests_printed", if anything. */
void tell_printed(json_t *verdict, const struct mutation_test *p);

/* Writes why the tests could not be loaded, and where, as the detail of a check: adds
 * the check "valid" without points out of MAX. */
void tell_not_loaded(json_t *verdict, const struct mutation_test *p, long max,
		     const char *why);

/* Tells in VERDICT all that the one test says that was run, in one check with all points
 * or none; "no_replay" when there is no such test. 0 or a negative errno. */
int tell_one(json_t *verdict, const struct mutation_test *p);

#endif
