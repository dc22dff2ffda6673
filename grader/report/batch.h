/* batch.h - exercises graded, each by a judge in a process of its own, so that
 * a judge that falls takes nothing with it. */
#ifndef BATCH_H
#define BATCH_H

#include <jansson.h>
#include "request.h"

/* Grades what R asks for: the whole verdict, which the caller owns, or NULL
 * when memory is out. An exercise that could not be judged, twice, is in it
 * with the outcome grader_fault. */
json_t *batch_grade(const struct request *r);

/* The verdict on what R asks for when its archive is refused: each exercise has
 * the outcome rejected or, where we failed, grader_fault. As above. */
json_t *batch_refuse(const struct request *r);

/* Runs one judge on our terminal, in the debugger: an exit status. */
int batch_debug(const struct request *r);

#endif
