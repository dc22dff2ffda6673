/* given.c - see given.h. */
#include "given.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/files.h"
#include "base/limits.h"
#include "base/path.h"
#include "catalog/starter.h"

static bool has(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->name[i], name) == 0)
			return true;
	return false;
}

/* Whether a grading compiles the given file NAME. */
static bool takes_part(const struct exercise *e, const char *name)
{
	const char *ending = strrchr(name, '.');
	return (ending && strcmp(ending, ".h") == 0) || has(&e->subject, name) ||
	       has(&e->support, name);
}

/* Whether NAME is readable in both folders and not the same. */
static bool differs(int handed_in, int starter, const char *name)
{
	char *theirs = NULL, *ours = NULL;
	size_t size, own_size;
	bool both = read_beneath(handed_in, name, SUBMISSION_FILE_MAX, &theirs,
				 &size) == 0 &&
		    read_beneath(starter, name, SUBMISSION_FILE_MAX, &ours,
				 &own_size) == 0;
	bool same = both && size == own_size && memcmp(theirs, ours, size) == 0;
	free(theirs);
	free(ours);
	return both && !same;
}

/* Opens FROM/ID: a descriptor that the caller closes, or negative. */
static int open_handed_in(const struct exercise *exercise, const char *from)
{
	int all = open(from, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int folder = all < 0 ? -1 : open_beneath(all, exercise->id,
						 O_PATH | O_DIRECTORY);
	if (all >= 0)
		close(all);
	return folder;
}

const char *given_changed(const struct exercise *exercise, const char *root,
			  const char *from)
{
	char path[PATH_MAX];
	const char *changed = NULL;
	int handed_in = open_handed_in(exercise, from);
	int starter = starter_folder(root, exercise, path) < 0 ? -1 :
		      open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	for (size_t i = 0; handed_in >= 0 && starter >= 0 && !changed &&
	     i < exercise->given.n; i++) {
		const char *name = exercise->given.name[i];
		if (takes_part(exercise, name) &&
		    differs(handed_in, starter, name))
			changed = name;
	}
	if (handed_in >= 0)
		close(handed_in);
	if (starter >= 0)
		close(starter);
	return changed;
}
