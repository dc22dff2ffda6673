/* symbols.h - what an object of a submission calls. */
#ifndef SYMBOLS_H
#define SYMBOLS_H

#include "catalog.h"

typedef void symbol_seen(const char *name, void *data);

/* Calls SEEN with each function that the object file at PATH calls and that
 * stands neither in calls.def nor in OWN: what goes unwatched. 0, or a negative
 * errno when it is no object file. Source: libelf, gelf_getsym(3). */
int symbols_unwatched(const char *path, const struct names *own,
		      symbol_seen *seen, void *data);

#endif
