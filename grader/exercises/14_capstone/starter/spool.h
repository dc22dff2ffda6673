/* spool.h - the folder in which letters wait.
 *
 * Each file in it is a letter, except files whose name begins with a dot. The
 * name of the file is the letter's id. No id ends with ".tmp", because the
 * outbox uses that ending. Folder and id together make a path shorter than
 * PATH_MAX. The text has at most LETTER_MAX bytes, none of them zero.
 *
 * SPOOL 1  When letter_next has returned, everything that it opened is closed.
 * SPOOL 2  It reads one letter, any of them, and returns 1; or it returns 0 if
 *          there is none; or, if it cannot read the spool or the letter, a
 *          negative errno, which is -ENOENT if there is no spool. A letter
 *          that was read in part was not read.
 * SPOOL 3  *ret_letter is filled when it returns 1, and unchanged otherwise.
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

/* Reads one letter of SPOOL and leaves it there. Returns 1, 0 if there is none,
 * or a negative errno. */
int letter_next(const char *spool, struct letter *ret_letter);

#endif
