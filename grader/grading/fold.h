/* fold.h - one fault that shows in several runs is told once. */
#ifndef GRADING_FOLD_H
#define GRADING_FOLD_H

#include <jansson.h>
#include <stdbool.h>

/* Counts STORY, a finding of the sweep, at the one among CHECKS that tells the same fault:
 * false when none does. */
bool fold_repeated(const json_t *checks, const json_t *story);

/* Of the checks of EXERCISE that tell the same fault of the code, the first one says in
 * how many other runs it shows ("times", and the end of its message); the others are
 * marked as told ("folded"), and keep their points. */
void fold_findings(json_t *exercise);

#endif
