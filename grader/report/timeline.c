/* timeline.c - see timeline.h. */
#include "timeline.h"

#include <limits.h>
#include <string.h>
#include "verdict/verdict.h"

enum { INDENT = 3, MOST_LINES = 8, LABEL_MAX = 160, BAR_MOST = 32,
       BAR_LEAST = 12, SAYING = 28 };

/* One scale for all bars of a check. */
struct scale {
	long first, last;	/* steps */
	long fault;		/* step of the fault, or -1 */
	int width;		/* columns of a bar over all steps */
	int noun, place;	/* columns of the longest of each */
	bool open;		/* something was never released */
	int again;		/* column of a second release, or -1 */
};

/* What the verdict calls the resource of ENTRY. */
static const char *noun_of(const json_t *entry)
{
	const char *noun = verdict_text(entry, "noun");
	return *noun ? noun : verdict_text(entry, "kind");
}

/* Where a call stands: "day.c:27". */
static void place(const json_t *call, char text[LABEL_MAX])
{
	snprintf(text, LABEL_MAX, "%.100s:%ld", verdict_text(call, "file"),
		 verdict_number(call, "line"));
}

/* The step of a call of the ledger, or of a fault. */
static long step_of(const json_t *call)
{
	return verdict_number(call, "step");
}

/* Makes SCALE reach to STEP. */
static void reach(struct scale *scale, long step)
{
	if (step < scale->first)
		scale->first = step;
	if (step > scale->last)
		scale->last = step;
}

static int longer(int columns, int other)
{
	return columns > other ? columns : other;
}

/* Makes SCALE hold ENTRY: its steps, and what stands before its bar. */
static void hold(struct scale *scale, const struct page *page,
		 const json_t *entry)
{
	const json_t *acquired = json_object_get(entry, "acquired");
	const json_t *released = json_object_get(entry, "released");
	char where[LABEL_MAX];
	place(acquired, where);
	scale->place = longer(scale->place, page_columns(page, where));
	scale->noun = longer(scale->noun, page_columns(page, noun_of(entry)));
	reach(scale, step_of(acquired));
	if (json_is_object(released))
		reach(scale, step_of(released));
	else
		scale->open = true;
	if (json_object_get(entry, "again"))
		reach(scale, step_of(json_object_get(entry, "again")));
}

/* The columns that are left for a bar, within reason. */
static int bar_width(const struct page *page, const struct scale *scale)
{
	int width = page->look.width - INDENT - scale->noun - scale->place -
		    SAYING;
	return width > BAR_MOST ? BAR_MOST :
	       width < BAR_LEAST ? BAR_LEAST : width;
}

/* Finds the scale on which every bar of CHECK fits. What was never released
 * goes on beyond the last step. */
static struct scale scale_for(const struct page *page, const json_t *check)
{
	const json_t *fault = json_object_get(check, "fault");
	struct scale scale = { .first = LONG_MAX, .fault = -1 };
	size_t i;
	json_t *entry;
	json_array_foreach(json_object_get(check, "ledger"), i, entry)
		hold(&scale, page, entry);
	if (json_is_integer(json_object_get(fault, "step"))) {
		scale.fault = step_of(fault);
		reach(&scale, scale.fault);
	}
	if (scale.open)
		scale.last += (scale.last - scale.first) / 2 + 1;
	scale.width = bar_width(page, &scale);
	return scale;
}

/* The column, from 0 to width - 1, at which STEP stands. Nothing but an end
 * stands in the last one, which is left to those that never end. */
static int column_of(const struct scale *scale, long step)
{
	long steps = scale->last - scale->first;
	return steps <= 0 ? 0 :
	       (int)((step - scale->first) * (scale->width - 2) / steps);
}

/* Draws the bar from column BEGIN to END. */
static void bar(struct page *page, const struct scale *scale, int begin,
		int end, bool released)
{
	int fault = scale->fault < 0 ? -1 : column_of(scale, scale->fault);
	for (int i = 0; i < scale->width; i++) {
		if (i == begin)
			page_sign(page, SIGN_BEGIN);
		else if (i == end)
			page_sign(page, released ? SIGN_END : SIGN_FOREVER);
		else if (i == fault && i > begin && i < end)
			page_sign(page, SIGN_FAULT);
		else if (i > begin && i < end)
			page_sign(page, SIGN_LINE);
		else if (i == scale->again)
			page_sign(page, SIGN_AGAIN);
		else
			page_to(page, page->column + 1);
	}
}

/* Says how the resource of ENTRY ended, beside its bar. */
static void say_end(struct page *page, const json_t *entry, int hang)
{
	const json_t *released = json_object_get(entry, "released");
	const char *ended = verdict_text(entry, "ended");
	char where[LABEL_MAX];
	if (!json_is_object(released)) {
		page_style(page, STYLE_BAD);
		page_flowf(page, hang, "never %s", *ended ? ended : "closed");
		page_style(page, STYLE_PLAIN);
		return;
	}
	place(released, where);
	page_flowf(page, hang, "%s, %s", verdict_text(released, "function"),
		   where);
	const json_t *again = json_object_get(entry, "again");
	if (!again)
		return;
	place(again, where);
	page_style(page, STYLE_BAD);
	page_flowf(page, hang, "; again, %s", where);
	page_style(page, STYLE_PLAIN);
}

/* Draws one line: the noun, where it began, the bar, and how it ended. */
static void draw(struct page *page, struct scale *scale, const json_t *entry)
{
	const json_t *acquired = json_object_get(entry, "acquired");
	const json_t *released = json_object_get(entry, "released");
	char where[LABEL_MAX];
	int begin = column_of(scale, step_of(acquired));
	int end = scale->width - 1;
	if (json_is_object(released))
		end = column_of(scale, step_of(released));
	if (end <= begin)
		end = begin + 1;
	const json_t *again = json_object_get(entry, "again");
	scale->again = again ? column_of(scale, step_of(again)) : -1;
	place(acquired, where);
	page_to(page, INDENT);
	page_put(page, noun_of(entry));
	page_to(page, INDENT + scale->noun + 2);
	page_put(page, where);
	page_to(page, INDENT + scale->noun + 2 + scale->place + 1);
	bar(page, scale, begin, end, json_is_object(released));
	page_to(page, page->column + 1);
	say_end(page, entry, page->column);
	page_end_line(page);
}

/* Draws the entries of LEDGER that were released, or those that never were:
 * how many of them ROOM let in. */
static size_t draw_some(struct page *page, struct scale *scale,
			const json_t *ledger, bool released, size_t room)
{
	size_t i, drawn = 0;
	json_t *entry;
	json_array_foreach(ledger, i, entry) {
		bool its = json_is_object(json_object_get(entry, "released"));
		if (its != released || drawn == room)
			continue;
		draw(page, scale, entry);
		drawn++;
	}
	return drawn;
}

void timeline_draw(struct page *page, const json_t *check)
{
	const json_t *ledger = json_object_get(check, "ledger");
	size_t n = json_array_size(ledger), drawn;
	struct scale scale;
	if (n == 0)
		return;
	scale = scale_for(page, check);
	drawn = draw_some(page, &scale, ledger, false, MOST_LINES);
	drawn += draw_some(page, &scale, ledger, true, MOST_LINES - drawn);
	if (drawn < n) {
		page_to(page, INDENT);
		page_flowf(page, INDENT, "(%zu more)", n - drawn);
		page_end_line(page);
	}
}
