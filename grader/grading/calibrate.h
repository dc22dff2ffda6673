/* calibrate.h - measures the reference, which is our own solution, once: a grading holds
 * what was handed in against it. */
#ifndef GRADING_CALIBRATE_H
#define GRADING_CALIBRATE_H

#include "catalog/catalog.h"

/* Builds our solution of EXERCISE, its correct versions and its broken versions, and
 * measures them: fault points, error-path branches, and the broken versions made at run
 * time. Writes build/exercises/ID/reference.json, last and whole; calibrate.c describes
 * it. ROOT is the workbook. 0, or a negative errno with the reason in *ret_why, which the
 * caller frees. */
int calibrate_exercise(const char *root, const struct exercise *exercise,
		       char **ret_why);

#endif
