/* error.h - an error with the sentence that explains it. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

/* Formats a sentence into *RET_WHY, which the caller frees, and returns RC, so that
 * a function can end with `return because(ret_why, -EINVAL, "...")`. *RET_WHY is
 * NULL when memory is out. */
int because(char **ret_why, int rc, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
