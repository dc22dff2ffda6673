/* memo.h - a text that is collected in memory and saved in a file.
 *
 * CONTRACT 1  memo_open creates or empties the file at PATH and fills
 *             *ret_memo; any descriptor is valid, 0 as well. Or it returns
 *             the negative errno: then nothing is open, and *ret_memo has the
 *             value that it had.
 * CONTRACT 2  memo_add keeps a text in memory; memo_close writes to the file
 *             what was kept, in the order in which it was added. A memo holds
 *             at most MEMO_MAX bytes in total; a text that does not fit is
 *             refused with -EFBIG, and no part of it is kept.
 * CONTRACT 3  When memo_close has returned, with success or with an error,
 *             the file is closed, the memory is freed, and *MEMO is NULL.
 * CONTRACT 4  memo_close may be called again: when *MEMO is NULL, or MEMO
 *             itself, it does nothing and returns 0.
 * CONTRACT 5  memo_close returns 0, or the first error that it met as a
 *             negative errno: of writing, or else of closing.
 * CONTRACT 6  The file is closed once, and the memory is freed once. A close
 *             that fails has closed, also one that a signal interrupts
 *             (EINTR). Whether memo_close reports that EINTR is free.
 * CONTRACT 7  Each line of promise.txt is true of your memo_close, and is what
 *             clauses 3 and 4 require.
 */
#ifndef MEMO_H
#define MEMO_H

struct memo;

enum { MEMO_MAX = 1000 };	/* bytes that a memo holds in total */

/* Opens a memo. The caller owns it and has to close it with memo_close. Returns
 * 0 or a negative errno. */
int memo_open(const char *path, struct memo **ret_memo);

/* Adds TEXT; the caller keeps it. Returns 0 or a negative errno: -EFBIG when it
 * does not fit. */
int memo_add(struct memo *memo, const char *text);

/* Writes the memo to its file, closes it and frees it. Returns 0 or a negative
 * errno. */
int memo_close(struct memo **memo);

#endif
