/* files.h - folders of the grader's own: made, filled by copies, removed. */
#ifndef BASE_FILES_H
#define BASE_FILES_H

#include <stdbool.h>
#include <stddef.h>

/* Makes PATH and the folders above it: 0 or a negative errno. */
int make_folders(const char *path);

/* What the names of our own folders begin with. */
#define OWN_FOLDER "brakes."

/* Makes a new folder of our own under TMPDIR, else in memory (/dev/shm), else
 * under /tmp: 0 and its path, or a negative errno. It is locked until this process
 * and its children have ended; folders there that nobody locks any more, since who
 * made them was killed, are removed. The caller removes it by remove_tree. */
int make_own_folder(char *ret_path, size_t size);

/* What may stand in a folder that hostile code writes to. */
enum { FOLDER_BYTES_MAX = 16 << 20, FOLDER_ENTRIES_MAX = 4096 };

/* Whether more than that stands in the folder PATH and below it, however deep. */
bool folder_overflows(const char *path);

/* Removes all that is in the folder PATH, but for the entry KEEP; NULL keeps
 * nothing. */
void empty_folder(const char *path, const char *keep);

/* Empties the /tmp that a cell has of its own. What the cell was given stays, which
 * may stand in there too: a work folder, where there is no other memory. */
void empty_tmp(void);

/* Empties and removes a folder, or a file, as far as it can. */
void remove_tree(const char *path);

/* Opens PATH, whose parts are separated by single slashes, below the folder
 * DIR: a folder if FLAGS hold O_DIRECTORY, else a regular file, which must be
 * there. It never follows a link nor waits, whatever stands there, so it will
 * do where hostile code has been at work. A descriptor, closed on exec, that
 * the caller closes; -ELOOP for a link in any place, -EXDEV for a path that is
 * absolute or holds "..", -EISDIR for a folder where a file was wanted,
 * -ENOTDIR the other way round, -EINVAL for a FIFO, socket or device, or
 * another negative errno. */
int open_beneath(int dir, const char *path, int flags);

/* Reads a whole file of at most MAX bytes below DIR into a NUL-terminated text
 * that the caller frees: 0, -EFBIG when it is larger, or an error of
 * open_beneath. */
int read_beneath(int dir, const char *path, size_t max, char **ret_text,
		 size_t *ret_size);

/* Writes N bytes as a new file below DIR; what stood there is unlinked first,
 * so that nothing is written through it. 0, an error of open_beneath (-EISDIR
 * for a folder, which stays), or another negative errno. */
int write_beneath(int dir, const char *path, const char *bytes, size_t n);

/* Reads a whole file of at most MAX bytes, as read_beneath does, but for the
 * folders of PATH, which are trusted: links among them are followed. */
int read_file(const char *path, size_t max, char **ret_text, size_t *ret_size);

/* Reads the first MAX bytes of a file at most, with the same errors but for its
 * size. */
int read_start(const char *path, size_t max, char **ret_text, size_t *ret_size);

/* Copies what read_file reads: 0, or a negative errno of either side. */
int copy_file(const char *from, const char *to, size_t max);

/* Writes a text as the whole of a file: 0 or a negative errno. */
int write_text(const char *path, const char *text);

#endif
