/* screen.h - evidence: what in a submission's objects and sources is out of the
 * ordinary, and could hide something, with the line to look at. It is no proof
 * of anything and costs nothing; what confines the code does not rest on it.
 * What ordinary code does is not told: helpers of any name, an own main,
 * static things, attributes such as cleanup or noreturn.
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

/* How often a kind is told of one file: a thousand alike say no more. */
enum { SCREEN_MOST = 4 };

/* One thing to look at; the texts live as long as the call that tells it. */
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

/* One file under the screen. Borrows all of it. */
struct screen {
	const char *file;
	screen_seen *seen;
	void *data;
	int told[SCREEN_KINDS];
};

/* Whether KIND has been told of this file as often as it is going to be. */
bool screen_full(const struct screen *screen, enum screen_kind kind);

/* Tells that NAME is of KIND at LINE of FILE. */
void screen_tell(struct screen *screen, enum screen_kind kind,
		 const char *name, const char *file, int line);

#endif
