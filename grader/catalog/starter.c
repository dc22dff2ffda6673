/* starter.c - see starter.h. */
#include "starter.h"

#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/path.h"
#include "base/files.h"

void starter_release(struct starter *starter)
{
	while (starter->n > 0)
		free(starter->text[--starter->n]);
}

int starter_folder(const char *root, const struct exercise *exercise,
		   char ret_path[PATH_MAX])
{
	return path_join(ret_path, PATH_MAX, "%s/grader/exercises/%s/starter",
			 root, exercise->id);
}

/* Reads the file NAME of FOLDER into S. */
static int read_one(const char *folder, const char *name, struct starter *s,
		    char **ret_why)
{
	char path[PATH_MAX];
	int rc = path_join(path, sizeof(path), "%s/%s", folder, name);
	if (rc == 0)
		rc = read_text(path, &s->text[s->n]);
	if (rc < 0)
		return because(ret_why, rc, "%s/%s: %s", folder, name,
			       strerror(-rc));
	s->name[s->n++] = name;
	return 0;
}

int starter_read(const char *root, const struct exercise *exercise,
		 struct starter *ret_starter, char **ret_why)
{
	const struct names *lists[] = { &exercise->hand_in, &exercise->given };
	struct starter s = { .n = 0 };
	char folder[PATH_MAX];
	*ret_why = NULL;
	int rc = starter_folder(root, exercise, folder);
	for (size_t list = 0; list < 2; list++)
		for (size_t i = 0; rc == 0 && i < lists[list]->n; i++)
			rc = read_one(folder, lists[list]->name[i], &s, ret_why);
	if (rc < 0)
		starter_release(&s);
	else
		*ret_starter = s;
	return rc;
}
