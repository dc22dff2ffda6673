/* context.h - what a report has to know beside the verdict that it shows. */
#ifndef REPORT_CONTEXT_H
#define REPORT_CONTEXT_H

#include <stdbool.h>
#include <limits.h>
#include "catalog/catalog.h"

/* Borrows everything. */
struct report_context {
	const char *root;		/* the workbook */
	const struct catalog *catalog;
	const char *from;		/* the folder that was graded, absolute */
	const char *from_typed;		/* the same as typed; NULL when it was not */
	bool archive;			/* FROM_TYPED is an archive */
	bool own;			/* it is the workbook's exercises/ */
	const char *fail;		/* the one fault point replayed, or NULL */
	const struct exercise *next;	/* what the learner does next; NULL when all
					 * is done */
	const char *format;		/* by its name; NULL for the default */
	const char *out;		/* a file; NULL for standard output */
};

#endif
