/* hints.h - hints.md, a ladder: each rung a heading "## 1 Where to look". */
#ifndef CATALOG_HINTS_H
#define CATALOG_HINTS_H

#include "catalog.h"

/* Reads the hints of EXERCISE: 0 and *ret_hints, which the caller frees; or a
 * negative errno. */
int hints_read(const char *root, const struct exercise *exercise,
		char **ret_hints);

/* How many rungs HINTS has. */
long hints_count(const char *hints);

/* The rung NUMBER, from 1, with its heading: a copy that the caller frees;
 * NULL when there is none or memory is out. */
char *hints_get(const char *hints, long number);

#endif
