/* timeline.h - resources drawn as bars, from acquire to release. */
#ifndef REPORT_TIMELINE_H
#define REPORT_TIMELINE_H

#include <jansson.h>
#include "page.h"

/* Draws the "ledger" of CHECK, if it has one, on one scale of steps with the
 * fault marked. Each entry of it has its own noun. */
void timeline_draw(struct page *page, const json_t *check);

#endif
