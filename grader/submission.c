/* submission.c - see submission.h. */
#include "submission.h"
#include "folder.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* What to say of a file that could not be copied. */
static struct refusal refuse(const char *file, int rc)
{
	struct refusal refusal = { .file = file, .missing = rc == -ENOENT };
	refusal.why = rc == -ENOENT ? "is not there" :
		      rc == -ELOOP ? "is a symbolic link: hand in the file itself" :
		      rc == -EFBIG ? "is larger than one mebibyte" :
		      "is not a regular file";
	return refusal;
}

/* Copies FILE of FOLDER/ID to the folder TO. */
static int take_file(const struct exercise *exercise, const char *folder,
		     const char *file, const char *to)
{
	char source[PATH_MAX], target[PATH_MAX];
	int rc = path_join(source, sizeof(source), "%s/%s/%s", folder,
			   exercise->id, file);
	if (rc == 0)
		rc = path_join(target, sizeof(target), "%s/%s", to, file);
	return rc < 0 ? rc : copy_file(source, target, SUBMISSION_FILE_MAX);
}

/* Copies FILES, which are ours, from our solution. */
static int take_given(const struct exercise *exercise, const char *root,
		      const struct names *files, const char *to)
{
	char solutions[PATH_MAX];
	int rc = path_join(solutions, sizeof(solutions), "%s/solutions", root);
	for (size_t i = 0; rc == 0 && i < files->n; i++)
		rc = take_file(exercise, solutions, files->name[i], to);
	return rc;
}

int submission_take(const struct exercise *exercise, const char *root,
		    const char *from, const char *to,
		    struct refusal *ret_refusal)
{
	for (size_t i = 0; i < exercise->hand_in.n; i++) {
		const char *file = exercise->hand_in.name[i];
		int rc = take_file(exercise, from, file, to);
		if (rc == -ENOENT || rc == -EINVAL || rc == -ELOOP ||
		    rc == -EFBIG || rc == -EISDIR || rc == -ENXIO) {
			*ret_refusal = refuse(file, rc);
			return rc == -ENOENT ? -ENOENT : -EINVAL;
		}
		if (rc < 0)
			return rc;
	}
	int rc = 0;
	if (exercise->code_given)
		rc = take_given(exercise, root, &exercise->subject, to);
	if (rc == 0 && exercise->support_given)
		rc = take_given(exercise, root, &exercise->support, to);
	return rc;
}

bool submission_untouched(const struct exercise *exercise, const char *folder)
{
	const struct names *files = exercise->code_given ? &exercise->hand_in :
				    &exercise->subject;
	for (size_t i = 0; i < files->n; i++) {
		char path[PATH_MAX], *text;
		size_t size;
		if (path_join(path, sizeof(path), "%s/%s", folder,
			      files->name[i]) < 0 ||
		    read_file(path, SUBMISSION_FILE_MAX, &text, &size) < 0)
			continue;
		bool todo = strstr(text, "TODO") != NULL;
		free(text);
		if (todo)
			return true;
	}
	return false;
}
