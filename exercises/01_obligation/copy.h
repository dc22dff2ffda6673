/* copy.h - copies a file after all of it has been read.
 *
 * CONTRACT 1  When file_copy has returned, with success or with an error,
 *             every descriptor that it opened is closed and every block that
 *             it allocated is freed, each exactly once.
 * CONTRACT 2  When it returns 0, the file at TO holds what the file at FROM
 *             holds, byte for byte, and nothing else.
 * CONTRACT 3  When a call fails and the file is not copied for that reason,
 *             it returns the negative errno of the first call that failed. A
 *             close that fails counts too; a call that it can do without does
 *             not.
 * CONTRACT 4  The file at TO does not change before all of the file at FROM
 *             has been read: when FROM cannot be opened or read, TO still
 *             holds what it held.
 */
#ifndef COPY_H
#define COPY_H

/* Copies the file at FROM, of any size, over the file at TO. Returns 0 or a
 * negative errno. The caller keeps both paths. */
int file_copy(const char *from, const char *to);

#endif
