/* airbag.h - warns of resources that were never closed. It closes nothing.
 *
 * Given, with airbag.c, and correct. All notes are in a list whose head is
 * static, because an exit handler takes no argument. The notes are the only
 * thing here that may outlive a run, and own nothing but themselves.
 */
#ifndef AIRBAG_H
#define AIRBAG_H

#include <stdio.h>

struct airbag;

/* Makes a note that WHAT was opened at FILE:LINE. Returns 0 and fills *ret_bag,
 * which the caller disarms when it has closed WHAT; or returns -ENOMEM, with
 * *ret_bag unchanged and no note made. WHAT is copied, FILE is a literal. */
int airbag_arm(const char *what, const char *file, int line,
	       struct airbag **ret_bag);

/* Removes a note and sets *bag to NULL. If *bag is NULL, it does nothing. */
void airbag_disarm(struct airbag **bag);

/* Writes "FILE:LINE: WHAT was never closed\n" to OUT for each armed note that
 * was not reported before. Returns how many lines it wrote. From the first arm
 * on it runs at exit, on stderr. */
int airbag_report(FILE *out);

#endif
