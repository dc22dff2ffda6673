/* reset.c - the starter of an exercise again. It depends on nothing that may be
 * broken: neither on a compiler, nor on what was measured, nor on git. */
#include "base/path.h"
#include "commands.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/tree.h"
#include "catalog/starter.h"
#include "report/page.h"
#include "say.h"
#include "base/files.h"

enum { MOST_KEPT = 1000 };

/* What a reset works with: where the learner's files are, and the folder with the
 * starter that the exercise had when it was last built, which may not be there. */
struct places {
	char folder[PATH_MAX], before[PATH_MAX];
};

/* Renames FROM to TO, which must not exist: 0 or a negative errno. Not every file
 * system knows how to refuse; there it is asked first. */
static int rename_aside(const char *from, const char *to)
{
	struct stat status;
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -errno;
	if (lstat(to, &status) == 0)
		return -EEXIST;
	return rename(from, to) < 0 ? -errno : 0;
}

/* Moves what is at PATH, be it a file, a link or a folder, to the first name beside
 * it that is free: PATH.mine, PATH.mine.2, ... */
static int keep(const char *path, char kept[PATH_MAX])
{
	int rc = path_join(kept, PATH_MAX, "%s.mine", path);
	if (rc == 0)
		rc = rename_aside(path, kept);
	for (int n = 2; rc == -EEXIST && n <= MOST_KEPT; n++) {
		rc = path_join(kept, PATH_MAX, "%s.mine.%d", path, n);
		if (rc == 0)
			rc = rename_aside(path, kept);
	}
	return rc;
}

/* Whether PATH is a plain file that holds TEXT. */
static bool holds(const char *path, const char *text)
{
	char *now = NULL;
	bool same = read_text(path, &now) == 0 && strcmp(now, text) == 0;
	free(now);
	return same;
}

/* Whether the starter NAME was another one when the exercise was last built. */
static bool is_newer(const struct places *places, const char *name,
		     const char *text)
{
	char path[PATH_MAX];
	return path_join(path, sizeof(path), "%s/%s", places->before, name) == 0 &&
	       access(path, R_OK) == 0 && !holds(path, text);
}

/* Writes TEXT to PATH. What is there moves aside to KEPT first, and comes back when
 * the text cannot be written. */
static int replace(const char *path, const char *text, char kept[PATH_MAX])
{
	struct stat status;
	int rc = lstat(path, &status) == 0 ? keep(path, kept) : 0;
	if (rc < 0)
		return rc;
	rc = replace_file(path, text, strlen(text));
	if (rc < 0 && *kept && rename(kept, path) < 0)
		return -errno;
	return rc;
}

/* Puts one starter in its place and says so: 1, 0 when it is there already, or a
 * negative errno. */
static int put_back(struct page *page, const struct places *places,
		    const char *name, const char *text)
{
	char path[PATH_MAX], kept[PATH_MAX] = "";
	int rc = path_join(path, sizeof(path), "%s/%s", places->folder, name);
	if (rc < 0 || holds(path, text))
		return rc;
	rc = replace(path, text, kept);
	if (rc < 0)
		return rc;
	page_flowf(page, 2, "%s is the starter again", name);
	if (is_newer(places, name, text))
		page_flow(page, 2, ", which has changed since you began");
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
	struct places places;
	int changed = 0;
	int rc = path_join(places.folder, PATH_MAX, "%s/exercises/%s", r->root,
			   r->asked[0]->id);
	if (rc == 0)
		rc = path_join(places.before, PATH_MAX,
			       "%s/build/exercises/%s/starter", r->root,
			       r->asked[0]->id);
	if (rc == 0)
		rc = make_folders(places.folder);
	for (size_t i = 0; rc >= 0 && i < s->n; i++) {
		rc = put_back(page, &places, s->name[i], s->text[i]);
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
	char *why = NULL;
	int rc = starter_read(r->root, r->asked[0], &starter, &why);
	if (rc < 0)
		say(STATUS_FAULT, "the starter could not be read, and nothing was "
		    "touched: %s", why ? why : strerror(-rc));
	free(why);
	if (rc < 0)
		return STATUS_FAULT;
	int changed = put_all_back(&page, r, &starter);
	starter_release(&starter);
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
