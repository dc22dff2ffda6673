/* starter.c - see starter.h. */
#include "starter.h"
#include "base/path.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include "base/error.h"

enum { GIT_MS = 20 * 1000, GIT_MAX = 1 << 20 };

void starter_release(struct starter *starter)
{
	while (starter->n > 0)
		ended_release(&starter->file[--starter->n]);
}

/* Asks git, in the workbook: as for process_run. */
static int git(const char *root, const char *verb, const char *what,
	       struct ended *ret_ended)
{
	bool log = strcmp(verb, "log") == 0;
	const char *argv[] = { "git", "-C", root, verb, what,
			       log ? "-1" : NULL, "--", "grader", NULL };
	struct program program = {
		.argv = argv, .deadline_ms = GIT_MS, .output_max = GIT_MAX,
	};
	return process_run(&program, ret_ended);
}

/* Says what git said, or WHY when it said nothing: -ENOENT. */
static int git_refused(char **ret_why, const struct ended *ended,
		       const char *why)
{
	const char *said = ended->err && *ended->err ? ended->err : why;
	return because(ret_why, -ENOENT, "%.*s", (int)strcspn(said, "\n"),
		       said);
}

/* Finds the commit that holds the starters. */
static int find_commit(const char *root, struct starter *s, char **ret_why)
{
	struct ended ended;
	int rc = git(root, "log", "--format=%H", &ended);
	if (rc < 0)
		return because(ret_why, rc, "%s", strerror(-rc));
	if (!ended_well(&ended))
		rc = git_refused(ret_why, &ended,
				 "git did not answer; is it installed?");
	else if (ended.out_size == 0)
		rc = because(ret_why, -ENOENT,
			     "this copy of the workbook has no history");
	else
		snprintf(s->commit, sizeof(s->commit), "%.*s",
			 (int)strcspn(ended.out, "\n"), ended.out);
	ended_release(&ended);
	return rc;
}

/* Fetches the file NAME of that commit. */
static int fetch(const char *root, const struct exercise *exercise,
		 struct starter *s, const char *name, char **ret_why)
{
	char what[PATH_MAX];
	struct ended *file = &s->file[s->n];
	int rc = path_join(what, sizeof(what), "%s:./exercises/%s/%s",
			   s->commit, exercise->id, name);
	if (rc == 0)
		rc = git(root, "show", what, file);
	if (rc < 0)
		return because(ret_why, rc, "%s", strerror(-rc));
	s->name[s->n++] = name;
	return ended_well(file) ? 0 :
	       git_refused(ret_why, file, "git did not answer");
}

int starter_fetch(const char *root, const struct exercise *exercise,
		  struct starter *ret_starter, char **ret_why)
{
	const struct names *lists[] = { &exercise->hand_in, &exercise->given };
	struct starter s = { .n = 0 };
	*ret_why = NULL;
	int rc = find_commit(root, &s, ret_why);
	for (size_t list = 0; list < 2; list++)
		for (size_t i = 0; rc == 0 && i < lists[list]->n; i++)
			rc = fetch(root, exercise, &s, lists[list]->name[i],
				   ret_why);
	if (rc < 0)
		starter_release(&s);
	else
		*ret_starter = s;
	return rc;
}
