/* airbag.h - tells who forgot to close. It only tells: it closes nothing.
 *
 * Given, with airbag.c, and sound. All notes hang on one static head, because
 * a function that runs at exit is given no argument. They are the only thing
 * here that may outlive a run, and own nothing but themselves.
 */
#ifndef AIRBAG_H
#define AIRBAG_H

#include <stdio.h>

struct airbag;

/* Notes that WHAT was opened at FILE:LINE. 0, and *ret_bag is to be disarmed;
 * or -ENOMEM, with *ret_bag untouched and no note taken. WHAT is copied, FILE
 * is a literal. */
int airbag_arm(const char *what, const char *file, int line,
	       struct airbag **ret_bag);

/* Drops a note and sets *bag to NULL. On NULL it does nothing. */
void airbag_disarm(struct airbag **bag);

/* Writes "FILE:LINE: WHAT was never closed\n" to OUT for each armed note not
 * told before; returns how many. From the first arm on it is run at exit, on
 * stderr. */
int airbag_report(FILE *out);

#endif
