/* check_starters.c - exercises/ID and its pristine copy hold the same files. */
#include "parts.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/files.h"
#include "base/path.h"
#include "base/tree.h"
#include "catalog/starter.h"
#include "selfcheck.h"

/* Whether exercises/ID/NAME, below ROOT, holds TEXT. */
static bool is_same(const char *root, const struct exercise *exercise,
		    const char *name, const char *text)
{
	char path[PATH_MAX], *now = NULL;
	bool same = path_join(path, sizeof(path), "%s/exercises/%s/%s", root,
			      exercise->id, name) == 0 &&
		    read_text(path, &now) == 0 && strcmp(now, text) == 0;
	free(now);
	return same;
}

/* Tells of the edited file NAME. A learner may edit it; in what is handed to CI it is
 * the edit of a maintainer that the pristine copy has missed. */
static void tell_edited(struct gate *gate, const char *name)
{
	const char *id = gate->exercise->id, *ci = getenv("CI");
	if (ci && *ci)
		tally_hold(&gate->tally, SORT_STARTER, false,
			   "exercises/%s/%s:1: the same expected as in "
			   "grader/exercises/%s/starter, another came: type make "
			   "starters to copy it there, or make reset-%.2s", id,
			   name, id, id);
	else
		tally_skip(&gate->tally, SORT_STARTER, "skipped: exercises/%s/%s "
			   "has been edited; if all learners are to begin with "
			   "it, type: make starters", id, name);
}

/* Counts what stands in the pristine folder: a file that no list of exercise.json
 * names any more would be kept for ever. */
static void check_number(struct gate *gate, size_t expected)
{
	char folder[PATH_MAX];
	size_t n = 0;
	DIR *dir = starter_folder(gate->root, gate->exercise, folder) == 0 ?
		   opendir(folder) : NULL;
	for (struct dirent *entry; dir && (entry = readdir(dir));)
		n += entry->d_name[0] != '.';
	if (dir)
		closedir(dir);
	tally_hold(&gate->tally, SORT_STARTER, n == expected,
		   "grader/exercises/%s/starter: the %zu files of \"hand_in\" and "
		   "\"given\" expected, %zu came", gate->exercise->id, expected, n);
}

void selfcheck_check_starters(struct gate *gate)
{
	struct starter s;
	char *why = NULL;
	int rc = starter_read(gate->root, gate->exercise, &s, &why);
	tally_hold(&gate->tally, SORT_STARTER, rc == 0,
		   "grader/exercises/%s/starter: a pristine copy of each file of "
		   "\"hand_in\" and \"given\" expected: %s; type make starters",
		   gate->exercise->id, why ? why : strerror(-rc));
	free(why);
	if (rc < 0)
		return;
	check_number(gate, s.n);
	for (size_t i = 0; i < s.n; i++)
		if (!is_same(gate->root, gate->exercise, s.name[i], s.text[i]))
			tell_edited(gate, s.name[i]);
	starter_release(&s);
}

/* Copies one file to the pristine folder TO, and says so when that changes it. */
static int renew_file(const char *root, const struct exercise *e,
		      const char *to, const char *name, char **ret_why)
{
	char from[PATH_MAX], copy[PATH_MAX], *text = NULL, *old = NULL;
	int rc = path_join(from, sizeof(from), "%s/exercises/%s/%s", root, e->id,
			   name);
	if (rc == 0)
		rc = path_join(copy, sizeof(copy), "%s/%s", to, name);
	if (rc == 0)
		rc = read_text(from, &text);
	bool same = rc == 0 && read_text(copy, &old) == 0 &&
		    strcmp(old, text) == 0;
	if (rc == 0 && !same)
		rc = replace_file(copy, text, strlen(text));
	if (rc == 0 && !same)
		printf("grader/exercises/%s/starter/%s is renewed\n", e->id,
		       name);
	free(text);
	free(old);
	return rc < 0 ? because(ret_why, rc, "exercises/%s/%s: %s", e->id, name,
				strerror(-rc)) : 0;
}

int selfcheck_renew_starter(const char *root, const struct exercise *exercise,
			    char **ret_why)
{
	const struct names *lists[] = { &exercise->hand_in, &exercise->given };
	char folder[PATH_MAX];
	int rc = starter_folder(root, exercise, folder);
	*ret_why = NULL;
	if (rc == 0)
		rc = make_folders(folder);
	for (size_t list = 0; list < 2; list++)
		for (size_t i = 0; rc == 0 && i < lists[list]->n; i++)
			rc = renew_file(root, exercise, folder,
					lists[list]->name[i], ret_why);
	return rc;
}
