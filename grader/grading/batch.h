/* batch.h - exercises graded, each by a judge in a process of its own, so that
 * a judge that falls takes nothing with it. */
#ifndef GRADING_BATCH_H
#define GRADING_BATCH_H

#include <jansson.h>
#include <stdbool.h>
#include "catalog/catalog.h"

enum { ASKED_MAX = 100 };

/* What is to be graded. Borrows everything. */
struct batch_order {
	const char *root;		/* the workbook */
	const struct exercise *const *asked; /* in order, each once */
	size_t n_asked;			/* up to ASKED_MAX */
	const char *from;		/* a folder shaped like exercises/, absolute */
	const char *from_typed;		/* what it is called in a message */
	const char *refused;		/* why its archive is not graded, or NULL */
	bool fault;			/* and that is our own fault */
	bool ours;			/* it is a folder of the workbook's */
	bool trust;			/* others' code may run without a sandbox */
	const char *sandbox;		/* by its name; NULL for the best */
	const char *fail;		/* SCENARIO:K[:MODE], or NULL */
	const char *test;		/* the one test to be run, or NULL */
	long seed;
	long jobs;			/* at a time; 0: as many as processors */
};

/* Grades what R asks for: the whole verdict, which the caller owns, or NULL
 * when memory is out. An exercise that could not be judged, twice, is in it
 * with the outcome grader_fault. */
json_t *batch_grade(const struct batch_order *r);

/* The verdict on what R asks for when its archive is refused: each exercise has
 * the outcome rejected or, where we failed, grader_fault. As above. */
json_t *batch_refuse(const struct batch_order *r);

/* Runs one judge on our terminal, in the debugger: 0 or a negative errno. */
int batch_debug(const struct batch_order *r);

#endif
