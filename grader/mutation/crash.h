/* crash.h - tests that crash, told with the line: a part of mutation_test.c. */
#ifndef MUTATION_CRASH_H
#define MUTATION_CRASH_H

#include "mutation_test.h"

/* Takes a line "memory TEST ..." of a test runner's about version V: the first on the own
 * code, and the first on another version, are kept. */
void crash_take(struct mutation_test *p, const struct version *v,
		const struct words *words);

/* Puts what was kept into words, as what the tests said that crashed. */
void crash_tell(struct mutation_test *p);

#endif
