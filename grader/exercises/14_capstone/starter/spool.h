/* spool.h - the folder in which letters wait.
 *
 * Each file in it is a letter, but for those whose name begins with a dot; its
 * name is the letter's id. Folder and id together make a path shorter than
 * PATH_MAX; the text is at most LETTER_MAX bytes, none of them zero.
 *
 * SPOOL 1  Once letter_next has returned, everything that it opened is closed.
 * SPOOL 2  It reads a letter, whichever, and returns 1; when there is none, it
 *          returns 0; when it cannot read the spool or the letter, it returns
 *          the negative errno. A letter read in part is not read.
 * SPOOL 3  *ret_letter is filled when it returns 1, and untouched otherwise.
 */
#ifndef SPOOL_H
#define SPOOL_H

#include <limits.h>

enum { LETTER_MAX = 1000 };

/* A letter in memory: it owns nothing that has to be released. */
struct letter {
	char id[NAME_MAX + 1];
	char path[PATH_MAX];		/* of its file in the spool */
	char text[LETTER_MAX + 1];
};

/* Reads one letter of SPOOL and leaves it there: 1, 0 for none, or a negative
 * errno. */
int letter_next(const char *spool, struct letter *ret_letter);

#endif
