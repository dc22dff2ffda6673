/* request.h - what was typed, understood: what every command works with. */
#ifndef CLI_REQUEST_H
#define CLI_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
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
	struct progress *progress;	/* may be changed; NULL for a child of ours */
	const struct exercise *asked[ASKED_MAX]; /* in order, each once */
	size_t n_asked;

	const char *words[ASKED_MAX];	/* the arguments that are no options */
	size_t n_words;
	const char *from;		/* the options, as typed; never "" */
	const char *format;
	const char *out;		/* NULL for standard output */
	const char *fail;		/* SCENARIO:K[:MODE], or NULL */
	const char *test;		/* the name of one test, or NULL */
	const char *sandbox;		/* by its name; NULL for the best */
	long seed, jobs, level;		/* 0 when not typed */
	bool all, debug, trust, help, version;
};

#endif
