/* timeline.h - resources drawn as bars, from acquire to release. */
#ifndef REPORT_TIMELINE_H
#define REPORT_TIMELINE_H

#include <jansson.h>
#include "page.h"

/* Draws the "ledger" of CHECK, if it has one, on one scale of steps with the
 * fault marked. NOUNS, an object or NULL, says what the exercise calls each
 * kind: {"stream": "book"}. */
void timeline_draw(struct page *page, const json_t *check,
		   const json_t *nouns);

#endif
