/* airbag.h - warns of resources that were never closed. It closes nothing.
 *
 * AIRBAG 1  arm makes a note that WHAT was opened at FILE:LINE. It returns 0
 *           and fills *ret_bag; or it returns -ENOMEM, with *ret_bag unchanged
 *           and no note made.
 * AIRBAG 2  A note holds its own copy of WHAT, so it stays true when the
 *           memory of its owner is gone. FILE is a string literal, which
 *           exists as long as the program, and needs no copy.
 * AIRBAG 3  disarm removes the note and sets *bag to NULL. If *bag is NULL, it
 *           does nothing.
 * AIRBAG 4  report writes one line, FILE:LINE: WHAT was never closed, for each
 *           armed note that was not reported before. It returns how many lines
 *           it wrote.
 * AIRBAG 5  A note that was reported is not reported again, but stays armed:
 *           the report closes nothing, and a later close disarms the note.
 * AIRBAG 6  From the first arm on, report(stderr) runs at exit, once. The exit
 *           status does not change. The report does not run on _exit, on abort
 *           or on another fatal signal.
 *
 * It is for one thread. All notes are in a list whose head is static, because
 * an exit handler takes no argument. The notes own nothing but themselves.
 */
#ifndef AIRBAG_H
#define AIRBAG_H

#include <stdio.h>

struct airbag;

/* Makes a note that WHAT was opened at FILE:LINE. The caller disarms *ret_bag
 * when it has closed WHAT. */
int airbag_arm(const char *what, const char *file, int line,
	       struct airbag **ret_bag);

/* Removes a note: its resource has been closed. */
void airbag_disarm(struct airbag **bag);

/* Writes to OUT every note that was not reported before. Returns how many. */
int airbag_report(FILE *out);

#endif
