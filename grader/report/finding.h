/* finding.h - one finding told: what, where, which promise, and how it went. */
#ifndef REPORT_FINDING_H
#define REPORT_FINDING_H

#include <jansson.h>
#include "page.h"
#include "context.h"

/* What the findings of one exercise have in common. Borrows all of it. */
struct exercise_context {
	const struct report_context *r;
	const struct exercise *exercise; /* NULL when the catalog lacks it */
	const char *id;
	char folder[PATH_MAX];		/* as shown: "exercises/12_global" */
};

/* Prepares to tell about the exercise verdict EXERCISE. */
void exercise_context_open(struct exercise_context *t, const struct report_context *r,
		   const json_t *exercise);

/* Tells CHECK in full: its sentence, the clause, the lifelines, the replay. */
void finding_tell(struct page *page, const struct exercise_context *t,
		const json_t *check);

/* Tells CHECK on a line that an editor can jump by: "file:line: message". */
void finding_line(struct page *page, const struct exercise_context *t,
		const json_t *check);

#endif
