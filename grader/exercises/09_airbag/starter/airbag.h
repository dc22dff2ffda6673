/* airbag.h - tells who forgot to close. It only tells: it closes nothing.
 *
 * AIRBAG 1  arm takes a note that WHAT was opened at FILE:LINE. It returns
 *           0 and fills *ret_bag; or -ENOMEM, with *ret_bag untouched and
 *           no note taken.
 * AIRBAG 2  A note stays true when the memory of its owner is gone: it
 *           holds its own copy of WHAT. FILE is a string literal, which
 *           lives as long as the program, and may be kept as it is.
 * AIRBAG 3  disarm drops the note and sets *bag to NULL. On NULL it does
 *           nothing.
 * AIRBAG 4  report writes "FILE:LINE: WHAT was never closed\n" to OUT for
 *           each armed note not told before; it returns how many it wrote.
 * AIRBAG 5  A note that was told is not told again, but stays armed: its
 *           close may still come, and disarms it.
 * AIRBAG 6  From the first arm on, report(stderr) runs at exit, once. It
 *           does not run on _exit, abort or a signal.
 *
 * For one thread. All notes hang on one static head, because a function
 * that runs at exit is given no argument. They own nothing but themselves.
 */
#ifndef AIRBAG_H
#define AIRBAG_H

#include <stdio.h>

struct airbag;

/* Notes that WHAT was opened at FILE:LINE; *ret_bag is to be disarmed. */
int airbag_arm(const char *what, const char *file, int line,
	       struct airbag **ret_bag);

/* Drops a note: what it warned of has been closed. */
void airbag_disarm(struct airbag **bag);

/* Tells OUT of every note not yet told, and returns how many those were. */
int airbag_report(FILE *out);

#endif
