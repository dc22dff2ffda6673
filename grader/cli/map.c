/* map.c - where the learner is: the lessons in their order. */
#include "commands.h"

#include <string.h>
#include "report/page.h"

enum { NUMBER = 4, SCORE = 18, MINUTES = 27, TITLE = 36 };

/* The score of one exercise, "-" when it was never graded. */
static void tell_score(struct page *page, struct mark mark)
{
	char text[32] = "      -";
	if (mark.score > 0 || mark.best > 0)
		snprintf(text, sizeof(text), "%3ld/%d", mark.score, FULL_SCORE);
	page_to(page, SCORE);
	page_put(page, text);
}

/* One exercise on one line; HERE when it is the next to do. */
static void tell_exercise(struct page *page, const struct exercise *e,
			  struct mark mark, bool here)
{
	char minutes[32];
	bool done = mark.score == FULL_SCORE;
	page_to(page, 2);
	page_style(page, done ? STYLE_GOOD : here ? STYLE_STRONG : STYLE_PLAIN);
	if (done || here)
		page_sign(page, done ? SIGN_PASS : SIGN_HERE);
	page_to(page, NUMBER);
	page_flowf(page, NUMBER, "%.2s %s", e->id, e->id + 3);
	page_style(page, STYLE_PLAIN);
	tell_score(page, mark);
	snprintf(minutes, sizeof(minutes), "%3ld min", e->minutes);
	page_to(page, MINUTES);
	page_put(page, minutes);
	page_to(page, TITLE);
	page_flow(page, TITLE, e->title);
	page_end_line(page);
}

/* What to type now. NEXT is NULL when all is done. */
static void tell_next(struct page *page, const struct request *r,
		      const struct exercise *next)
{
	page_end_line(page);
	if (r->catalog->n == 0)
		page_flow(page, 0, "There is no exercise here yet.");
	else if (!next)
		page_flowf(page, 0, "All done. To see our solution of one "
			   "beside yours, type for instance: make "
			   "solution-%.2s", r->catalog->exercises[0].id);
	else
		page_flowf(page, 0, "You are at %.2s. Read: make lesson-%.2s, "
			   "and after it exercises/%s/README.md. Edit the "
			   "files beside that, and type: make %.2s", next->id,
			   next->id, next->id, next->id);
	page_end_line(page);
}

int command_map(const struct request *r)
{
	struct page page = page_on_stdout();
	const struct exercise *next = progress_next(r->progress, r->catalog);
	size_t done = 0;
	for (size_t i = 0; i < r->catalog->n; i++)
		done += progress_of(r->progress, r->catalog->exercises[i].id)
			.score == FULL_SCORE;
	page_style(&page, STYLE_STRONG);
	page_put(&page, "Brakes, Not Airbags");
	page_style(&page, STYLE_PLAIN);
	page_flowf(&page, 0, ": %zu of %zu done", done, r->catalog->n);
	page_end_line(&page);
	page_end_line(&page);
	for (size_t i = 0; i < r->catalog->n; i++) {
		const struct exercise *e = &r->catalog->exercises[i];
		tell_exercise(&page, e, progress_of(r->progress, e->id),
			      e == next);
	}
	tell_next(&page, r, next);
	return STATUS_FULL;
}
