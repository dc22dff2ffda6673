/* debug_info.h - from an address in a library to its place in the source. */
#ifndef DEBUG_DEBUG_INFO_H
#define DEBUG_DEBUG_INFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The subject, its support, the learner's tests. */
enum { SITE_MODULES = 3 };

struct debug_info;

/* A place in the source; the texts live as long as the debug info. A name that is not
 * harmless (see printable.h) counts as unknown: #line can give any. */
struct place {
	const char *file;	/* without folders; "?" when unknown */
	const char *function;
	int line;		/* 0 when unknown */
};

/* Opens the debug information of the libraries in PATHS, NULL for none: 0 and
 * *ret_info, which the caller closes; or a negative errno.
 * Source: elfutils' libdwfl, offline modules. */
int debug_info_open(const char *const paths[SITE_MODULES], struct debug_info **ret_info);

void debug_info_close(struct debug_info **info);

/* The place of OFFSET in module MODULE; one that does not know it has line 0. */
struct place debug_info_find(const struct debug_info *info, unsigned module,
			uint32_t offset);

/* The place of a basic block, by the address of the call of trace-pc that opens
 * it. gcov's counters stand between the two and bear the place of the condition
 * before the block; the block's own place is the next one in the line table. */
struct place debug_info_block(const struct debug_info *info, unsigned module,
			 uint32_t offset);

/* The last statement of the basic block that holds OFFSET: the return or the goto by which
 * it is left, where one stands there. TRACED is the address of a call of trace-pc in that
 * module. Line 0 when the block has no statement, as the one that all returns of a
 * function lead to; or when it is not known. */
struct place debug_info_leaving(const struct debug_info *info, unsigned module,
			   uint32_t offset, uint32_t traced);

/* Whether the function at OFFSET declares a variable at LINE: there gcc places the
 * cleanup of that variable. */
bool debug_info_declares(const struct debug_info *info, unsigned module,
			 uint32_t offset, int line);

/* Whether LINE of FILE, a name without folders, is in the body of FUNCTION of that module;
 * false also when there is no such function. */
bool debug_info_is_in(const struct debug_info *info, unsigned module,
		      const char *function, const char *file, int line);

/* The first of the N functions NAMES that no module defines, NULL when each is
 * defined. A wrapped_NAME counts as NAME. */
const char *debug_info_missing(const struct debug_info *info, const char *const names[],
			  size_t n);

#endif
