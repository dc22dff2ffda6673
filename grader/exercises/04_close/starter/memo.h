/* memo.h - a text that is gathered in memory and kept in a file.
 *
 * CONTRACT 1  memo_open makes or empties the file at PATH and fills
 *             *ret_memo; any descriptor will do, 0 as well. Or it returns
 *             the negative errno: then nothing is open, and *ret_memo has
 *             the value that it had.
 * CONTRACT 2  memo_add keeps a text in memory; memo_close writes to the file
 *             what was kept, in the order in which it came. A memo holds
 *             MEMO_MAX bytes, all in all; a text that does not fit is
 *             refused with -EFBIG, and none of it is kept.
 * CONTRACT 3  Once memo_close has returned, with success or with an error,
 *             the file is closed, the memory freed, and *MEMO is NULL.
 * CONTRACT 4  It may be called again: when *MEMO is NULL, or MEMO itself, it
 *             does nothing and returns 0.
 * CONTRACT 5  It returns 0, or the first error that it met as a negative
 *             errno: of writing, or else of closing.
 * CONTRACT 6  The file is closed once, and the memory freed once. A close
 *             that fails has closed, also one that a signal interrupts:
 *             EINTR. (Whether memo_close tells that one as an error is
 *             free.)
 * CONTRACT 7  promise.txt says of memo_close what is true of it.
 */
#ifndef MEMO_H
#define MEMO_H

struct memo;

enum { MEMO_MAX = 1000 };	/* bytes that a memo holds, all in all */

/* Opens a memo, which the caller owns and ends by memo_close. 0 or a
 * negative errno. */
int memo_open(const char *path, struct memo **ret_memo);

/* Adds TEXT, which stays the caller's. 0 or a negative errno: -EFBIG when
 * it does not fit. */
int memo_add(struct memo *memo, const char *text);

/* Writes the memo to its file and ends it. 0 or a negative errno. */
int memo_close(struct memo **memo);

#endif
