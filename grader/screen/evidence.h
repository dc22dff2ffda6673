/* evidence.h - what the screen finds, into a verdict. */
#ifndef SCREEN_EVIDENCE_H
#define SCREEN_EVIDENCE_H

#include <jansson.h>
#include "build/build.h"

/* Adds "evidence" to the exercise verdict VERDICT when anything is found in the
 * N libraries, built of what was handed in for EXERCISE: in their C files, and
 * in the objects of those that have not failed. What cannot be read gives none:
 * evidence is beside the verdict, and must not cost one. */
void evidence_add(const struct exercise *exercise,
		  const struct library libraries[], size_t n, json_t *verdict);

#endif
