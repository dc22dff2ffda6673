/* sites.h - from an address in a library to its place in the source. */
#ifndef SITES_H
#define SITES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SITE_MODULES = 2 };

struct sites;

/* A place in the source; the texts live as long as the sites. A name that is not
 * harmless, as text.h has it, is as good as unknown: #line can give any. */
struct place {
	const char *file;	/* without folders; "?" when unknown */
	const char *function;
	int line;		/* 0 when unknown */
};

/* Opens the debug information of the libraries in PATHS, NULL for none: 0 and
 * *ret_sites, which the caller closes; or a negative errno.
 * Source: elfutils' libdwfl, offline modules. */
int sites_open(const char *const paths[SITE_MODULES], struct sites **ret_sites);

void sites_close(struct sites **sites);

/* The place of OFFSET in module MODULE. */
struct place sites_find(const struct sites *sites, unsigned module,
			uint32_t offset);

/* The place of a basic block, by the address of the call of trace-pc that opens
 * it. gcov's counters stand between the two and bear the place of the condition
 * before the block; the block's own place is the next one in the line table. */
struct place sites_block(const struct sites *sites, unsigned module,
			 uint32_t offset);

/* The first of the N functions NAMES that no module defines, NULL when each is
 * defined. A wrapped_NAME counts as NAME. */
const char *sites_missing(const struct sites *sites, const char *const names[],
			  size_t n);

#endif
