/* path.h - paths: joined here alone, and never cut in silence. */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include <limits.h>
#include <stddef.h>

/* Formats a path into RET_PATH of SIZE bytes: 0, or -ENAMETOOLONG. */
int path_join(char *ret_path, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Copies the absolute path of the workbook into RET_PATH of SIZE bytes. It is found
 * from the place of this program, which is in build/: 0 or a negative errno. */
int workbook_root(char *ret_path, size_t size);

#endif
