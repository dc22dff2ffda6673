/* finding.c - see finding.h. */
#include "finding.h"
#include "base/path.h"

#include <stdlib.h>
#include <string.h>
#include "verdict/verdict.h"
#include "catalog/contract_clause.h"
#include "timeline.h"

enum { INDENT = 3, MESSAGE = 13, HANG = 4, BEFORE_MAX = 512 };

void exercise_context_open(struct exercise_context *t, const struct report_context *r,
		   const json_t *exercise)
{
	size_t root = strlen(r->root);
	const char *from = r->archive ? r->from_typed : r->from;
	bool inside = strncmp(from, r->root, root) == 0 && from[root] == '/';
	*t = (struct exercise_context){ .r = r, .id = verdict_text(exercise, "id") };
	t->exercise = catalog_find(r->catalog, t->id);
	if (path_join(t->folder, sizeof(t->folder), "%s/%s",
		      inside ? from + root + 1 : from, t->id) < 0)
		t->folder[0] = '\0';
}

/* Prints "folder/file:line:column: " so that it can be jumped by, if CHECK has it. */
static void tell_place(struct page *page, const struct exercise_context *t,
		       const json_t *check)
{
	const char *file = verdict_text(check, "file");
	long line = verdict_number(check, "line");
	long column = verdict_number(check, "column");
	if (!*file)
		return;
	page_put(page, t->folder);
	page_put(page, "/");
	page_put(page, file);
	if (line > 0)
		page_flowf(page, 0, ":%ld", line);
	if (column > 0)
		page_flowf(page, 0, ":%ld", column);
	page_put(page, ": ");
}

/* Whether CHECK holds, or was not asked. */
static bool holds(const json_t *check)
{
	const char *status = verdict_text(check, "status");
	return strcmp(status, "pass") == 0 || strcmp(status, "skip") == 0;
}

/* Whether CHECK tells of the workbook's own failure. */
static bool is_fault(const json_t *check)
{
	return strcmp(verdict_text(check, "status"), "error") == 0;
}

/* The sentence, under its sign and the group that it counts for. */
static void tell_sentence(struct page *page, const json_t *check)
{
	bool good = holds(check);
	page_style(page, good ? STYLE_GOOD : STYLE_BAD);
	page_sign(page, good ? SIGN_PASS : SIGN_FAIL);
	page_to(page, 2);
	page_put(page, is_fault(check) ? "not judged" :
		 verdict_text(check, "group"));
	page_style(page, STYLE_PLAIN);
	page_to(page, MESSAGE);
	page_style(page, STYLE_STRONG);
	page_flow(page, MESSAGE, verdict_text(check, "message"));
	page_style(page, STYLE_PLAIN);
	page_end_line(page);
}

/* The columns of the first N characters of TEXT on PAGE. */
static int columns_before(const struct page *page, const char *text, long n)
{
	char before[BEFORE_MAX];
	size_t end = 0;
	for (; end < sizeof(before) - 1 && text[end]; end++) {
		bool begins = ((unsigned char)text[end] & 0xc0) != 0x80;
		if (begins && n-- == 0)
			break;
		before[end] = text[end];
	}
	before[end] = '\0';
	return page_columns(page, before);
}

/* Prints MARGIN before a quoted line. */
static void put_margin(struct page *page, const char *margin)
{
	page_style(page, STYLE_FAINT);
	page_put(page, margin);
	page_style(page, STYLE_PLAIN);
}

/* The line of source that the compiler is at odds with, and a caret under the
 * column, as compilers show it. */
static void tell_source(struct page *page, const json_t *check)
{
	const char *source = verdict_text(check, "source");
	char margin[32], caret[BEFORE_MAX];
	if (!*source)
		return;
	snprintf(margin, sizeof(margin), "%7ld | ",
		 verdict_number(check, "line"));
	put_margin(page, margin);
	page_put(page, source);
	page_end_line(page);
	if (verdict_number(check, "column") == 0)
		return;
	put_margin(page, "        | ");
	snprintf(caret, sizeof(caret), "%*s^", columns_before(
		page, source, verdict_number(check, "caret")), "");
	page_style(page, STYLE_BAD);
	page_put(page, caret);
	page_style(page, STYLE_PLAIN);
	page_end_line(page);
}

/* The clause that was broken: its place in the header, and its words. */
static void tell_clause(struct page *page, const struct exercise_context *t,
			const json_t *check)
{
	const char *name = verdict_text(check, "clause");
	struct clause clause;
	if (!*name)
		return;
	if (!t->exercise ||
	    contract_clause_find(t->r->root, t->exercise, name, &clause) < 0) {
		page_to(page, INDENT);
		page_flowf(page, INDENT, "see %s", name);
	} else {
		page_flowf(page, HANG, "exercises/%s/%s:%d: %s", t->id,
			   clause.file, clause.line, clause.text);
	}
	page_end_line(page);
}

/* The command that makes it happen again. make can grade exercises/ alone. */
static void tell_replay(struct page *page, const struct exercise_context *t,
			const json_t *fault)
{
	char mode[32] = "";
	if (strcmp(verdict_text(fault, "mode"), "once") != 0)
		snprintf(mode, sizeof(mode), ":%.30s", verdict_text(fault, "mode"));
	const char *scenario = verdict_text(fault, "scenario");
	long call = verdict_number(fault, "call");
	if (t->r->own)
		page_flowf(page, INDENT, "replay: make %.2s FAIL=%s:%ld%s "
			   "(DEBUG=1: gdb at that call)", t->id, scenario,
			   call, mode);
	else
		page_flowf(page, INDENT, "replay: build/brakes grade %.2s "
			   "--from %s --fail %s:%ld%s", t->id,
			   t->r->from_typed ? t->r->from_typed : t->r->from,
			   scenario, call, mode);
}

/* What can be typed now: the replay, where a call failed, and the hint. */
static void tell_commands(struct page *page, const struct exercise_context *t,
			  const json_t *check)
{
	const json_t *fault = json_object_get(check, "fault");
	bool replay = *verdict_text(fault, "scenario") && !t->r->fail;
	page_to(page, INDENT);
	page_style(page, STYLE_FAINT);
	if (replay) {
		tell_replay(page, t, fault);
		page_end_line(page);
		page_to(page, INDENT);
	}
	page_put(page, "hint: make hint-");
	page_flowf(page, INDENT, "%.2s", t->id);
	page_style(page, STYLE_PLAIN);
	page_end_line(page);
}

/* Whether the place of CHECK is only where a leak was acquired: without a failed
 * call it is not known at which line the code should not have left. */
static bool is_beginning(const json_t *check)
{
	return strcmp(verdict_text(check, "finding"), "leak") == 0 &&
	       !json_object_get(check, "exit_line");
}

void finding_tell(struct page *page, const struct exercise_context *t,
		const json_t *check)
{
	tell_sentence(page, check);
	timeline_draw(page, check);
	if (*verdict_text(check, "file") && !holds(check)) {
		tell_place(page, t, check);
		page_put(page, is_beginning(check) ? "it begins here" :
			 "look here");
		page_end_line(page);
		tell_source(page, check);
	}
	if (!holds(check))
		tell_clause(page, t, check);
	if (!holds(check) && !is_fault(check))
		tell_commands(page, t, check);
}

void finding_line(struct page *page, const struct exercise_context *t,
		const json_t *check)
{
	tell_place(page, t, check);
	if (page->column == 0) {
		page_put(page, verdict_text(check, "group"));
		page_put(page, ": ");
	}
	page_flow(page, HANG, verdict_text(check, "message"));
	if (*verdict_text(check, "clause"))
		page_flowf(page, HANG, " (%s)", verdict_text(check, "clause"));
	page_end_line(page);
}
