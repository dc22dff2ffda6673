/* symbols.h - what the objects of a submission call. */
#ifndef BUILD_SYMBOLS_H
#define BUILD_SYMBOLS_H

#include "catalog/catalog.h"

typedef void symbol_seen(const char *name, void *data);

/* Calls SEEN with each function that the object files at the paths OBJECTS call
 * and that is neither in calls.def, nor in OWN, nor in one of them: what goes
 * unwatched. 0, or a negative errno when one is no object file.
 * Source: libelf, gelf_getsym(3). */
int symbols_unwatched(const struct names *objects, const struct names *own,
		      symbol_seen *seen, void *data);

#endif
