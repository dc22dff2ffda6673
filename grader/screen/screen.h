/* screen.h - evidence: what is out of the ordinary in a submission's objects and
 * sources and could hide something, with the line to look at. It proves nothing and
 * costs no points; the sandbox does not depend on it. What ordinary code has is left
 * out: helpers of any name, an own main, static functions, attributes such as cleanup
 * or noreturn.
 */
#ifndef SCREEN_SCREEN_H
#define SCREEN_SCREEN_H

#include <stddef.h>
#include "catalog/catalog.h"

enum screen_kind {
#define KIND(id, word, says) SCREEN_##id,
#include "screen.def"
#undef KIND
	SCREEN_KINDS
};

/* How many findings of one kind are reported of one file. */
enum { SCREEN_MOST = 4 };

/* One thing to look at; the texts live as long as the call of screen_seen. */
struct screen_finding {
	enum screen_kind kind;
	const char *file;	/* without folders */
	int line;		/* 0 when unknown */
	const char *message;	/* one sentence or two; may be no UTF-8 */
};

typedef void screen_seen(const struct screen_finding *finding, void *data);

/* The word of screen.def for KIND. */
const char *screen_word(enum screen_kind kind);

/* Calls SEEN for what the relocatable objects at the paths OBJECTS hold, of
 * which each was compiled from a file of its name with .c in place of .o.
 * EXPORTS are the functions that the headers declare. gcov's own constructor
 * and destructor are passed over. 0, or a negative errno, -ENOEXEC when one is
 * no object file; however garbled it is, the time is bounded by its size.
 * Source: elf(5), gelf_getrela(3), elfutils' libdw. */
int screen_objects(const struct names *objects, const struct names *exports,
		   screen_seen *seen, void *data);

/* The same for the SIZE bytes TEXT of the C file FILE_NAME, which may hold any
 * bytes: 0, or -ENOMEM. */
int screen_source(const char *file_name, const char *text, size_t size,
		  screen_seen *seen, void *data);

/* --- for the two screens ------------------------------------------------ */

/* One file that is looked at. Borrows all of it. */
struct screen {
	const char *file;
	screen_seen *seen;
	void *data;
	int reported[SCREEN_KINDS];
};

/* Whether SCREEN_MOST findings of KIND have been reported of this file. */
bool screen_full(const struct screen *screen, enum screen_kind kind);

/* Reports that NAME is of KIND at LINE of FILE, unless that is full. */
void screen_report(struct screen *screen, enum screen_kind kind,
		 const char *name, const char *file, int line);

#endif
