/* whole.h - a file written whole or not at all. */
#ifndef BASE_WHOLE_H
#define BASE_WHOLE_H

#include <stddef.h>

/* Replaces the file at PATH by SIZE bytes of TEXT: 0, or a negative errno with
 * the old file untouched. A reader sees the old or the new, never a part.
 * What is no plain file, such as /dev/stdout, is written to as it is. */
int whole_write(const char *path, const char *text, size_t size);

/* Reads the plain file at PATH: 0 and *ret_text, NUL-terminated, which the caller
 * frees; or a negative errno: -EFBIG above a mebibyte, -EILSEQ when it is
 * no text but holds a NUL. */
int whole_read(const char *path, char **ret_text);

#endif
