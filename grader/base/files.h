/* files.h - whole files: opened, read, written, replaced, copied. */
#ifndef BASE_FILES_H
#define BASE_FILES_H

#include <stddef.h>

/* Opens PATH, whose parts are separated by single slashes, below the folder
 * DIR: a folder if FLAGS hold O_DIRECTORY, else a regular file, which must be
 * there. It never follows a link nor waits, so it may be used where hostile
 * code has been at work. Returns a descriptor, closed on exec, that the caller
 * closes; -ELOOP for a link in any place, -EXDEV for a path that is absolute or
 * holds "..", -EISDIR for a folder where a file was wanted, -ENOTDIR the other
 * way round, -EINVAL for a FIFO, socket or device, or another negative errno. */
int open_beneath(int dir, const char *path, int flags);

/* Reads a whole file of at most MAX bytes below DIR into *RET_TEXT, which is
 * NUL-terminated and which the caller frees, and its bytes without that NUL
 * into *RET_SIZE: 0, -EFBIG when it is larger, or an error of open_beneath. */
int read_beneath(int dir, const char *path, size_t max, char **ret_text,
		 size_t *ret_size);

/* Does the same for PATH from the work folder. Links among its folders are
 * followed; a link in the last place is refused (-ELOOP). */
int read_file(const char *path, size_t max, char **ret_text, size_t *ret_size);

/* Reads the first MAX bytes of a file at most, with the errors of read_file but
 * for its size. */
int read_start(const char *path, size_t max, char **ret_text, size_t *ret_size);

/* Reads the regular file at PATH, or the one that a link there leads to, as a
 * text of at most TEXT_FILE_MAX bytes (limits.h): 0 and *ret_text, which the
 * caller frees; -EFBIG when it is larger, -EILSEQ when it holds a NUL, -EISDIR,
 * -EINVAL for what is neither file nor folder, or another negative errno. */
int read_text(const char *path, char **ret_text);

/* Writes N bytes as a new file below DIR; what stood there is unlinked first,
 * so that nothing is written through it. 0, an error of open_beneath (-EISDIR
 * for a folder, which stays), or another negative errno. */
int write_beneath(int dir, const char *path, const char *bytes, size_t n);

/* Writes TEXT into the file at PATH, which is made or emptied first: 0, or a
 * negative errno; then the file may hold a part of TEXT. */
int write_text(const char *path, const char *text);

/* Replaces the file at PATH by N bytes, which are on the disk before the name
 * leads to them: 0, or a negative errno with the old file untouched. A reader
 * sees the old file or the new one, never a part. Links are followed: what they
 * lead to is replaced, and they stay. What is no regular file (a device, a FIFO),
 * or an open file of a process (/dev/stdout, /proc/self/fd/1), is never replaced:
 * the bytes are written to it, and a write that fails may leave a part.
 * Source: rename(2), proc_pid_fd(5). */
int replace_file(const char *path, const char *bytes, size_t n);

/* Copies the file that read_file would read, of at most MAX bytes, to TO, which
 * is made or emptied first: 0, or a negative errno of either side. */
int copy_file(const char *from, const char *to, size_t max);

#endif
