/* fold.h - one fault that shows in several runs is told once. */
#ifndef GRADING_FOLD_H
#define GRADING_FOLD_H

#include <jansson.h>

/* Of the checks of EXERCISE that tell the same fault of the code, the first one says in
 * how many other runs it shows ("times", and the end of its message); the others are
 * marked as told ("folded"), and keep their points. */
void fold_findings(json_t *exercise);

#endif
