/* finding.h - one finding told: what, where, which promise, and how it went. */
#ifndef FINDING_H
#define FINDING_H

#include <jansson.h>
#include "page.h"
#include "request.h"

/* What the findings of one exercise have in common. Borrows all of it. */
struct telling {
	const struct request *r;
	const struct exercise *exercise; /* NULL when the catalog lacks it */
	const char *id;
	char folder[PATH_MAX];		/* as shown: "exercises/12_global" */
};

/* Prepares to tell about the exercise verdict EXERCISE. */
void telling_begin(struct telling *t, const struct request *r,
		   const json_t *exercise);

/* Tells CHECK in full: its sentence, the clause, the lifelines, the replay. */
void finding_tell(struct page *page, const struct telling *t,
		const json_t *check);

/* Tells CHECK on a line that an editor can jump by: "file:line: message". */
void finding_line(struct page *page, const struct telling *t,
		const json_t *check);

#endif
