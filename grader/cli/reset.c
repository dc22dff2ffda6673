/* reset.c - the starter of an exercise again, out of the workbook's history.
 * A file without its TODO is no starter and is refused. */
#include "base/path.h"
#include "commands.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "catalog/starter.h"
#include "report/page.h"
#include "say.h"
#include "base/files.h"

enum { MOST_KEPT = 1000 };

/* Says why nothing was touched. */
static int refuse(const char *why)
{
	return say(STATUS_FAULT, "the starter could not be found, and nothing "
		   "was touched: %.*s", (int)strcspn(why, "\n"), why);
}

/* Whether one of the files that are handed in holds a TODO. */
static bool holds_todo(const struct starter *s, size_t n_hand_in)
{
	for (size_t i = 0; i < n_hand_in && i < s->n; i++)
		if (strstr(s->file[i].out, "TODO"))
			return true;
	return false;
}

/* Fetches the starter: 0, or an exit status after saying why not. */
static int fetch(const struct request *r, struct starter *ret_starter)
{
	const struct exercise *e = r->asked[0];
	char *why = NULL;
	int rc = starter_fetch(r->root, e, ret_starter, &why);
	if (rc < 0)
		rc = refuse(why ? why : strerror(-rc));
	else if (!holds_todo(ret_starter, e->hand_in.n))
		rc = refuse("the files in its history hold no TODO");
	free(why);
	return rc;
}

/* Keeps the file at PATH beside it, under the first name that is free:
 * FILE.mine, FILE.mine.2, ... A second name is given before the first is
 * taken away, so that at no moment it has none. */
static int keep(const char *path, char kept[PATH_MAX])
{
	int rc = path_join(kept, PATH_MAX, "%s.mine", path);
	if (rc == 0)
		rc = keep_file(path, kept);
	for (int n = 2; rc == -EEXIST && n <= MOST_KEPT; n++) {
		rc = path_join(kept, PATH_MAX, "%s.mine.%d", path, n);
		if (rc == 0)
			rc = keep_file(path, kept);
	}
	return rc;
}

/* Whether the file at PATH is SIZE bytes of TEXT already. */
static bool is_same(const char *path, const char *text)
{
	char *now = NULL;
	bool same = read_text(path, &now) == 0 && strcmp(now, text) == 0;
	free(now);
	return same;
}

/* Puts one starter in its place and says so. */
static int put_back(struct page *page, const char *folder, const char *name,
		    const struct ended *starter)
{
	char path[PATH_MAX], kept[PATH_MAX] = "";
	int rc = path_join(path, sizeof(path), "%s/%s", folder, name);
	if (rc < 0 || is_same(path, starter->out))
		return rc;
	if (access(path, F_OK) == 0)
		rc = keep(path, kept);
	if (rc == 0)
		rc = replace_file(path, starter->out, starter->out_size);
	if (rc < 0)
		return rc;
	page_flowf(page, 2, "%s is the starter again", name);
	if (*kept)
		page_flowf(page, 2, "; yours is kept as %s",
			   strrchr(kept, '/') + 1);
	page_end_line(page);
	return 1;
}

/* Puts every starter back: how many files changed, or a negative errno. */
static int put_all_back(struct page *page, const struct request *r,
			const struct starter *s)
{
	char folder[PATH_MAX];
	int changed = 0;
	int rc = path_join(folder, sizeof(folder), "%s/exercises/%s", r->root,
			   r->asked[0]->id);
	for (size_t i = 0; rc >= 0 && i < s->n; i++) {
		rc = put_back(page, folder, s->name[i], &s->file[i]);
		changed += rc > 0;
	}
	return rc < 0 ? rc : changed;
}

/* Forgets the last score, which was that of other files; the best stays. */
static void forget_score(const struct request *r)
{
	const char *id = r->asked[0]->id;
	struct mark mark = progress_of(r->progress, id);
	if (mark.score > 0 && progress_set_score(r->progress, id, 0) < 0)
		say(STATUS_FULL, ".brakes-progress could not be written: it "
		    "still holds the score of the files that were replaced");
}

int command_reset(const struct request *r)
{
	struct page page = page_on_stdout();
	struct starter starter = { .n = 0 };
	int status = fetch(r, &starter), changed = 0;
	if (status == 0)
		changed = put_all_back(&page, r, &starter);
	starter_release(&starter);
	if (status != 0)
		return status;
	if (changed < 0)
		return say(STATUS_FAULT, "not all could be put back in "
			   "exercises/%s: %s", r->asked[0]->id,
			   strerror(-changed));
	if (changed == 0)
		puts("Every file is the starter already.");
	else
		forget_score(r);
	return STATUS_FULL;
}
