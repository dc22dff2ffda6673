/* folder.h - folders of the grader's own: made, filled by copies, removed. */
#ifndef FOLDER_H
#define FOLDER_H

#include <stddef.h>

/* Makes PATH and the folders above it: 0 or a negative errno. */
int make_folders(const char *path);

/* Makes a new folder of our own under TMPDIR, else in memory (/dev/shm), else
 * under /tmp: 0 and its path, or a negative errno. Its name holds our process
 * id: what killed processes have left there is removed after an hour. The caller removes it by remove_tree. */
int make_own_folder(char *ret_path, size_t size);

/* Empties and removes a folder, or a file, as far as it can. */
void remove_tree(const char *path);

/* Copies a file of at most MAX bytes: 0, -EFBIG when it is larger, or another
 * negative errno. What FROM names is not followed when it is a link (-ELOOP)
 * and must be a regular file (-EINVAL). */
int copy_file(const char *from, const char *to, size_t max);

/* Reads a whole file of at most MAX bytes into a NUL-terminated text that the
 * caller frees, with the same errors. */
int read_file(const char *path, size_t max, char **ret_text, size_t *ret_size);

/* Reads the first MAX bytes of a file at most, with the same errors but for its
 * size. */
int read_start(const char *path, size_t max, char **ret_text, size_t *ret_size);

/* Writes a text as the whole of a file: 0 or a negative errno. */
int write_text(const char *path, const char *text);

#endif
