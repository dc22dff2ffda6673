/* solution.c - our solution beside the learner's, with why it is so: open to
 * whoever is done, or has seen every hint. */
#include "base/path.h"
#include "commands.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/process.h"
#include "catalog/hints.h"
#include "report/page.h"
#include "say.h"
#include "base/files.h"

enum { DIFF_MS = 10 * 1000, DIFF_MAX = 1 << 18, WIDE = 160, MOST_LINES = 400 };

/* How many hints of EXERCISE were not seen yet. */
static long hints_left(const struct request *r, const struct exercise *e)
{
	char *hints = NULL;
	long height = 0;
	if (hints_read(r->root, e, &hints) == 0)
		height = hints_count(hints);
	free(hints);
	return height - progress_of(r->progress, e->id).hints;
}

/* Whether the solution may be seen; else says what is missing. */
static bool is_open(const struct request *r, const struct exercise *e)
{
	long left = hints_left(r, e);
	const char *number = e->id;
	if (progress_of(r->progress, number).best == FULL_SCORE || left <= 0)
		return true;
	printf("Our solution opens when yours has full marks (make %.2s), or "
	       "when you have\nseen every hint: %s (make hint-%.2s).\n", number,
	       left == 1 ? "one is left" : "some are left", number);
	return false;
}

/* Shows one line of a diff, coloured by what it begins with. */
static void tell_line(struct page *page, const char *line, size_t length)
{
	char *copy = strndup(line, length);
	if (!copy)
		return;
	page_style(page, *copy == '-' ? STYLE_BAD : *copy == '+' ? STYLE_GOOD :
		   *copy == '@' ? STYLE_FAINT : STYLE_PLAIN);
	page_block(page, "", *copy ? copy : "\n", 1);
	page_style(page, STYLE_PLAIN);
	free(copy);
}

/* Shows a whole diff. */
static void tell_diff(struct page *page, const char *diff)
{
	for (int n = 0; *diff && n < MOST_LINES; n++) {
		size_t length = strcspn(diff, "\n");
		tell_line(page, diff, length);
		diff += length + (diff[length] == '\n');
	}
	if (*diff)
		page_block(page, "", "(cut here)", 0);
}

/* Compares the learner's YOURS with OURS, side by side where that fits. */
static int compare(const char *yours, const char *ours, int width,
		   struct ended *ret_ended)
{
	char columns[24];
	const char *beside[] = { "diff", "-t", "-y", "-W", columns, "--", yours,
				 ours, NULL };
	const char *below[] = { "diff", "-u", "--label", "yours", "--label",
				"ours", "--", yours, ours, NULL };
	struct program diff = {
		.argv = width >= WIDE ? beside : below,
		.deadline_ms = DIFF_MS, .output_max = DIFF_MAX,
	};
	snprintf(columns, sizeof(columns), "%d", width);
	return process_run(&diff, ret_ended);
}

/* Shows one file: what differs, or that nothing does. */
static int tell_file(struct page *page, const struct request *r,
		     const char *id, const char *name)
{
	char yours[PATH_MAX], ours[PATH_MAX];
	struct ended ended;
	if (path_join(yours, sizeof(yours), "%s/exercises/%s/%s", r->root, id,
		      name) < 0 ||
	    path_join(ours, sizeof(ours), "%s/solutions/%s/%s", r->root, id,
		      name) < 0 ||
	    compare(yours, ours, page->look.width, &ended) < 0)
		return STATUS_FAULT;
	bool same = ended_well(&ended);
	page_style(page, STYLE_STRONG);
	page_flowf(page, 2, "%s: %s", name, same ? "the same as ours" :
		   "yours, and ours in solutions/");
	page_style(page, STYLE_PLAIN);
	page_end_line(page);
	if (!same)
		tell_diff(page, *ended.out ? ended.out : ended.err);
	page_end_line(page);
	ended_release(&ended);
	return STATUS_FULL;
}

/* Shows why the solution is as it is. */
static void tell_why(struct page *page, const struct request *r, const char *id)
{
	char path[PATH_MAX], *why = NULL;
	if (path_join(path, sizeof(path), "%s/solutions/%s/WHY.md", r->root,
		      id) == 0 && read_text(path, &why) == 0)
		page_block(page, "", why, 0);
	free(why);
}

/* Whether this copy of the workbook has the solution of ID. */
static bool is_here(const struct request *r, const char *id)
{
	char path[PATH_MAX];
	return path_join(path, sizeof(path), "%s/solutions/%s", r->root,
			 id) == 0 && access(path, R_OK) == 0;
}

int command_solution(const struct request *r)
{
	struct page page = page_on_stdout();
	const struct exercise *e = r->asked[0];
	int status = STATUS_FULL;
	if (!is_here(r, e->id))
		return say(STATUS_USAGE, "this copy of the workbook holds no "
			   "solution of %.2s", e->id);
	if (!is_open(r, e))
		return STATUS_MEND;
	for (size_t i = 0; status == STATUS_FULL && i < e->hand_in.n; i++)
		status = tell_file(&page, r, e->id, e->hand_in.name[i]);
	if (status == STATUS_FULL)
		tell_why(&page, r, e->id);
	else
		say(STATUS_FAULT, "the files could not be compared; is diff "
		    "there?");
	return status;
}
