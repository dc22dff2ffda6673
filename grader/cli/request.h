/* request.h - what was typed, understood: what every command works with. */
#ifndef CLI_REQUEST_H
#define CLI_REQUEST_H

#include <limits.h>
#include <stdbool.h>
#include "catalog/catalog.h"
#include "grading/batch.h"
#include "progress.h"

/* Exit statuses of the contract. */
enum status {
	STATUS_FULL,	/* full marks on all that was asked */
	STATUS_MEND,	/* something to fix */
	STATUS_USAGE,	/* wrong usage, or not built yet */
	STATUS_FAULT,	/* the grader itself could not judge */
};

/* Borrows the arguments and the catalog. */
struct request {
	const char *root;		/* the workbook */
	const struct catalog *catalog;
	struct progress *progress;	/* may be changed */
	const struct exercise *asked[ASKED_MAX]; /* in order, each once */
	size_t n_asked;
	char from[PATH_MAX];		/* absolute: what to grade */
	bool own;			/* it is the workbook's exercises/ */
	bool ours;			/* it is a folder of the workbook's */
	char unpacked[PATH_MAX];	/* what an archive was unpacked to, or "" */
	json_t *archive;		/* its report of unpack.h, or NULL */
	const char *refused;		/* why the archive is not graded, or NULL */
	bool fault;			/* and that is our own fault */

	const char *from_typed;		/* the options, as typed */
	const char *format;
	const char *out;		/* NULL for standard output */
	const char *fail;		/* SCENARIO:K[:on], or NULL */
	const char *sandbox;		/* by its name; NULL for the best */
	long seed, jobs, level;		/* 0 when not typed */
	bool all, debug, trust;
};

#endif
