/* intake.c - see intake.h. */
#include "intake.h"
#include "catalog/starter.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* As many entries of a folder are looked at for a name like one that is missing. */
enum { ENTRIES_MAX = 10000 };

/* What the errors of opening and reading mean for a file, and for the folder of
 * an exercise: the ends of two sentences. Any other error is our own. */
static const struct { int rc; const char *file, *folder; } reasons[] = {
	{ -ENOENT, "is not there: hand it in in the exercise's folder",
	  "is not there: hand in a folder of that name with its files in it" },
	{ -ELOOP, "is a symbolic link: hand in the file itself",
	  "is a symbolic link: hand in the folder itself, with its files" },
	{ -EISDIR, "is a folder: hand in a file of that name", NULL },
	{ -ENOTDIR, NULL, "is no folder: hand in a folder of that name with "
	  "its files in it" },
	{ -EINVAL, "is not a regular file but a pipe, a socket or a device: "
	  "hand in a text file of that name", NULL },
	{ -EFBIG, "is larger than one mebibyte: take out what is not your own "
	  "code", NULL },
	{ -EACCES, "may not be read: give everybody the right to read it "
	  "(chmod a+r)", "may not be looked into: give everybody that right "
	  "(chmod a+rx)" },
};

/* Adds one refusal. */
static void refuse(struct refusals *refusals, const char *name, const char *why,
		   int line)
{
	struct refusal *refusal = &refusals->of[refusals->n++];
	*refusal = (struct refusal){ .name = name, .line = line };
	snprintf(refusal->why, sizeof(refusal->why), "%s", why);
}

/* Finds an entry of FOLDER, an open folder, whose name is NAME but for the case of
 * its letters: false when there is none, or the folder cannot be listed. */
static bool find_other_case(int folder, const char *name,
			    char ret_found[NAME_MAX + 1])
{
	const struct dirent *entry;
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	for (int n = 0; n < ENTRIES_MAX && (entry = readdir(dir)); n++) {
		if (strcasecmp(entry->d_name, name) != 0)
			continue;
		snprintf(ret_found, NAME_MAX + 1, "%s", entry->d_name);
		closedir(dir);
		return true;
	}
	closedir(dir);
	return false;
}

/* Says of NAME, refused last as missing from the open FOLDER, that it is there
 * under a name with other capital letters, if it is. */
static void mention_other_case(struct refusals *refusals, int folder,
			       const char *name)
{
	char found[NAME_MAX + 1];
	struct refusal *refusal = &refusals->of[refusals->n - 1];
	if (find_other_case(folder, name, found))
		snprintf(refusal->why, sizeof(refusal->why), "is not there, but "
			 "%s is: rename it to %s (capital letters count)", found,
			 name);
}

/* Refuses the file NAME, or the folder, for RC: 0, or RC when that is an error
 * of our own. */
static int refuse_for(struct refusals *refusals, const char *name, bool folder,
		      int rc)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++) {
		const char *why = folder ? reasons[i].folder : reasons[i].file;
		if (reasons[i].rc != rc || !why)
			continue;
		refuse(refusals, name, why, 0);
		refusals->of[refusals->n - 1].missing = rc == -ENOENT;
		return 0;
	}
	return rc;
}

/* Whether TEXT is UTF-16: by its mark, or because every second byte is NUL, as
 * those of plain letters are. */
static bool is_utf16(const char *text, size_t size)
{
	size_t nul[2] = { 0, 0 };
	if (size >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 ||
			  memcmp(text, "\xfe\xff", 2) == 0))
		return true;
	for (size_t i = 0; i < size; i++)
		nul[i % 2] += text[i] == '\0';
	return size >= 4 && ((nul[0] == 0 && 4 * nul[1] > size) ||
			     (nul[1] == 0 && 4 * nul[0] > size));
}

/* The line in which the first NUL byte stands, or 0. */
static int nul_line(const char *text, size_t size)
{
	int line = 1;
	const char *nul = memchr(text, '\0', size);
	if (!nul)
		return 0;
	for (const char *at = text; at < nul; at++)
		line += *at == '\n';
	return line;
}

/* Whether a file of these bytes is a text that we take; else it is refused. */
static bool is_text(struct refusals *refusals, const char *file,
		    const char *text, size_t size)
{
	int line = nul_line(text, size);
	if (is_utf16(text, size))
		refuse(refusals, file, "is saved as UTF-16: save it as UTF-8",
		       0);
	else if (line)
		refuse(refusals, file, "holds a NUL byte, which no text does: "
		       "save it anew as plain text (UTF-8)", line);
	else
		return true;
	return false;
}

/* Copies the hand-in file FILE from one open folder to another: 0, be it taken
 * or refused. */
static int take_file(struct refusals *refusals, int from, const char *file,
		     int to)
{
	char *text;
	size_t size;
	int rc = read_beneath(from, file, SUBMISSION_FILE_MAX, &text, &size);
	if (rc < 0) {
		int refused = refuse_for(refusals, file, false, rc);
		if (rc == -ENOENT)
			mention_other_case(refusals, from, file);
		return refused;
	}
	if (is_text(refusals, file, text, size))
		rc = write_beneath(to, file, text, size);
	free(text);
	return rc;
}

/* Opens FROM/ID, of which only FROM itself may be a link: it was typed. 0 with the
 * folder, or -1 when it was refused, in *RET_FOLDER; or a negative errno. */
static int open_exercise(const char *from, const char *id,
			 struct refusals *refusals, int *ret_folder)
{
	int all = open(from, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (all < 0)
		return refuse_for(refusals, id, true, -errno);
	int folder = open_beneath(all, id, O_PATH | O_DIRECTORY);
	int rc = folder < 0 ? refuse_for(refusals, id, true, folder) : 0;
	if (folder == -ENOENT)
		mention_other_case(refusals, all, id);
	close(all);
	if (rc == 0)
		*ret_folder = folder < 0 ? -1 : folder;
	return rc;
}

/* Copies what is handed in. */
static int take_handed_in(const struct exercise *exercise, const char *from,
			  int to, struct refusals *refusals)
{
	int folder = -1;
	int rc = open_exercise(from, exercise->id, refusals, &folder);
	if (rc < 0 || folder < 0)
		return rc;
	for (size_t i = 0; rc == 0 && i < exercise->hand_in.n; i++)
		rc = take_file(refusals, folder, exercise->hand_in.name[i], to);
	close(folder);
	return rc;
}

/* Copies FILES, which are ours, from our solution. */
static int take_given(const struct exercise *exercise, const char *root,
		      const struct names *files, const char *to)
{
	char source[PATH_MAX], target[PATH_MAX];
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < files->n; i++) {
		rc = path_join(source, sizeof(source), "%s/solutions/%s/%s",
			       root, exercise->id, files->name[i]);
		if (rc == 0)
			rc = path_join(target, sizeof(target), "%s/%s", to,
				       files->name[i]);
		if (rc == 0)
			rc = copy_file(source, target, SUBMISSION_FILE_MAX);
	}
	return rc;
}

int intake_take(const struct exercise *exercise, const char *root,
		    const char *from, const char *to,
		    struct refusals *ret_refusals)
{
	struct refusals refusals = { .n = 0 };
	int folder = open(to, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (folder < 0)
		return -errno;
	int rc = take_handed_in(exercise, from, folder, &refusals);
	close(folder);
	if (rc == 0 && exercise->code_given)
		rc = take_given(exercise, root, &exercise->subject, to);
	if (rc == 0 && exercise->support_given)
		rc = take_given(exercise, root, &exercise->support, to);
	if (rc == 0)
		*ret_refusals = refusals;
	return rc;
}

/* Whether the files at A and B hold the same. */
static bool same_file(const char *a, const char *b)
{
	char *text[2] = { NULL, NULL };
	size_t size[2];
	bool same = read_file(a, SUBMISSION_FILE_MAX, &text[0], &size[0]) == 0 &&
		    read_file(b, SUBMISSION_FILE_MAX, &text[1], &size[1]) == 0 &&
		    size[0] == size[1] && memcmp(text[0], text[1], size[0]) == 0;
	free(text[0]);
	free(text[1]);
	return same;
}

bool intake_untouched(const struct exercise *exercise, const char *root,
		      const char *folder)
{
	const struct names *files = exercise->code_given ? &exercise->hand_in :
				    &exercise->subject;
	char starter[PATH_MAX], theirs[PATH_MAX], ours[PATH_MAX];
	if (starter_folder(root, exercise, starter) < 0)
		return false;
	for (size_t i = 0; i < files->n; i++)
		if (path_join(theirs, sizeof(theirs), "%s/%s", folder,
			      files->name[i]) < 0 ||
		    path_join(ours, sizeof(ours), "%s/%s", starter,
			      files->name[i]) < 0 || !same_file(theirs, ours))
			return false;
	return true;
}
