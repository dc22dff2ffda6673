/* reset.c - the starter of an exercise again.
 *
 * Where it comes from: the last commit that touched grader/. Learners do not
 * edit that folder, so whoever made that commit was a maintainer, and the
 * exercises beside it were starters. It needs no second copy of any file, and
 * holds after a pull, in a shallow clone, and in a template's single commit.
 * A file without its TODO is no starter and is refused. */
#include "commands.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../spawn.h"
#include "page.h"
#include "whole.h"

enum { GIT_MS = 20 * 1000, GIT_MAX = 1 << 20, MOST_KEPT = 1000,
       MOST_FILES = 2 * LIST_MAX };

/* The starters of one exercise. Owns what git printed. */
struct starters {
	char commit[80];
	const char *name[MOST_FILES];
	struct ended file[MOST_FILES];
	size_t n;
};

static void starters_release(struct starters *s)
{
	while (s->n > 0)
		ended_release(&s->file[--s->n]);
}

/* Says why nothing was touched. */
static int refuse(const char *why)
{
	fprintf(stderr, "brakes: the starter could not be found, and nothing "
		"was touched: %.*s\n", (int)strcspn(why, "\n"), why);
	return STATUS_FAULT;
}

/* Asks git, in the workbook: as for spawn_run. */
static int git(const struct request *r, const char *verb, const char *what,
	       struct ended *ret_ended)
{
	bool log = strcmp(verb, "log") == 0;
	const char *argv[] = { "git", "-C", r->root, verb, what,
			       log ? "-1" : NULL, "--", "grader", NULL };
	struct program program = {
		.argv = argv, .deadline_ms = GIT_MS, .output_max = GIT_MAX,
	};
	return spawn_run(&program, ret_ended);
}

/* Finds the commit that holds the starters. */
static int find_commit(const struct request *r, struct starters *s)
{
	struct ended ended;
	int rc = git(r, "log", "--format=%H", &ended);
	if (rc < 0)
		return refuse(strerror(-rc));
	if (!ended_well(&ended))
		rc = refuse(*ended.err ? ended.err : "git did not answer; is "
			    "it installed?");
	else if (ended.out_size == 0)
		rc = refuse("this copy of the workbook has no history");
	else
		snprintf(s->commit, sizeof(s->commit), "%.*s",
			 (int)strcspn(ended.out, "\n"), ended.out);
	ended_release(&ended);
	return rc;
}

/* Fetches one file of that commit into S. */
static int fetch(const struct request *r, struct starters *s, const char *name)
{
	char what[PATH_MAX];
	struct ended *file = &s->file[s->n];
	int rc = path_join(what, sizeof(what), "%s:./exercises/%s/%s",
			   s->commit, r->asked[0]->id, name);
	if (rc == 0)
		rc = git(r, "show", what, file);
	if (rc < 0)
		return refuse(strerror(-rc));
	s->name[s->n++] = name;
	return ended_well(file) ? 0 : refuse(file->err);
}

/* Fetches what is handed in and what was given: a header may be spoilt too. */
static int fetch_all(const struct request *r, struct starters *s)
{
	const struct exercise *e = r->asked[0];
	bool todo = false;
	int rc = find_commit(r, s);
	for (size_t i = 0; rc == 0 && i < e->hand_in.n; i++) {
		rc = fetch(r, s, e->hand_in.name[i]);
		todo = todo || (rc == 0 && strstr(s->file[i].out, "TODO"));
	}
	for (size_t i = 0; rc == 0 && i < e->given.n; i++)
		rc = fetch(r, s, e->given.name[i]);
	if (rc == 0 && !todo)
		rc = refuse("the files in its history hold no TODO");
	return rc;
}

/* Keeps the file at PATH beside it, under the first name that is free:
 * FILE.mine, FILE.mine.2, ... A second name is given before the first is
 * taken away, so that at no moment it has none. */
static int keep(const char *path, char kept[PATH_MAX])
{
	int rc = path_join(kept, PATH_MAX, "%s.mine", path);
	for (int n = 2; rc == 0 && link(path, kept) < 0; n++) {
		if (errno != EEXIST || n > MOST_KEPT)
			return -errno;
		rc = path_join(kept, PATH_MAX, "%s.mine.%d", path, n);
	}
	return rc;
}

/* Whether the file at PATH is SIZE bytes of TEXT already. */
static bool is_same(const char *path, const char *text)
{
	char *now = NULL;
	bool same = whole_read(path, &now) == 0 && strcmp(now, text) == 0;
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
		rc = whole_write(path, starter->out, starter->out_size);
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
			const struct starters *s)
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
	struct mark mark = progress_of(r->progress, r->asked[0]->id);
	mark.score = 0;
	if (mark.best > 0 || mark.hints > 0)
		progress_set(r->progress, r->asked[0]->id, mark);
}

int command_reset(const struct request *r)
{
	struct page page = page_on_stdout();
	struct starters starters = { .n = 0 };
	int status = fetch_all(r, &starters), changed = 0;
	if (status == 0)
		changed = put_all_back(&page, r, &starters);
	starters_release(&starters);
	if (status != 0)
		return status;
	if (changed < 0) {
		fprintf(stderr, "brakes: not all could be put back: %s\n",
			strerror(-changed));
		return STATUS_FAULT;
	}
	if (changed == 0)
		puts("Every file is the starter already.");
	else
		forget_score(r);
	return STATUS_FULL;
}
