/* copy.h - copies a file, once all of it has been read.
 *
 * CONTRACT 1  Once file_copy has returned, with success or with an error,
 *             every descriptor that it opened is closed and every block
 *             that it allocated is freed, each of them exactly once.
 * CONTRACT 2  When it returns 0, the file at TO holds what the file at FROM
 *             holds, byte for byte, and nothing else.
 * CONTRACT 3  When it cannot copy, because a call failed, it returns the
 *             negative errno of the first call that failed. A close that
 *             fails counts, too; a call that it could do without does not.
 * CONTRACT 4  TO is not touched before all of FROM has been read: when FROM
 *             cannot be opened or read, what TO held is still there.
 */
#ifndef COPY_H
#define COPY_H

/* Copies the file at FROM, of any size, over the file at TO: 0 or a negative
 * errno. Both paths stay the caller's. */
int file_copy(const char *from, const char *to);

#endif
