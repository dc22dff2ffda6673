/* hint.c - the next rung of the ladder; the solution stands above the last. */
#include "commands.h"

#include <stdlib.h>
#include <string.h>
#include "catalog/hints.h"
#include "report/page.h"
#include "say.h"

/* Remembers that rung LEVEL was seen. */
static void remember(const struct request *r, const char *id, long level)
{
	int rc = progress_set_hints(r->progress, id, level);
	if (rc < 0)
		say(STATUS_FULL, "that you saw this hint could not be "
		    "remembered in .brakes-progress: %s", strerror(-rc));
}

/* Shows one rung, and what stands above it. */
static void tell(const char *rung, const char *id, long level, long height)
{
	struct page page = page_on_stdout();
	page_block(&page, "", rung, 0);
	page_end_line(&page);
	if (level < height)
		page_flowf(&page, 0, "Hint %ld of %ld. Still stuck? The next "
			   "one says more: make hint-%.2s", level, height, id);
	else
		page_flowf(&page, 0, "Hint %ld of %ld, the last one. If it "
			   "does not help, look at our solution, freely: "
			   "make solution-%.2s", level, height, id);
	page_end_line(&page);
}

/* The rung to show: the one asked for, else the next, else the last. */
static long level_for(const struct request *r, const char *id, long height)
{
	long next = progress_of(r->progress, id).hints + 1;
	if (r->level > 0)
		return r->level;
	return next < height ? next : height;
}

int command_hint(const struct request *r)
{
	const struct exercise *e = r->asked[0];
	char *hints = NULL, *rung = NULL;
	int rc = hints_read(r->root, e, &hints);
	long height = rc < 0 ? 0 : hints_count(hints);
	long level = level_for(r, e->id, height);
	if (height > 0)
		rung = hints_get(hints, level);
	free(hints);
	if (!rung)
		return say(STATUS_USAGE, "%.2s has %ld hints%s", e->id, height,
			   height > 0 ? "; --level takes one of them" : "");
	tell(rung, e->id, level, height);
	free(rung);
	remember(r, e->id, level);
	return STATUS_FULL;
}
