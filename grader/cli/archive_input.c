/* archive_input.c - see archive_input.h. */
#include "archive_input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/error.h"
#include "base/temporary.h"
#include "base/path.h"
#include "grading/unpack.h"
#include "grading/unpack_child.h"
#include "sandbox/sandbox.h"
#include "say.h"
#include "verdict/verdict.h"

/* --- an archive ------------------------------------------------------------------ */

/* Says what of the archive was not taken, and whether anything was. */
static void tell_skipped(const struct request *r, const struct handed_in *in)
{
	size_t i;
	json_t *entry;
	long more = verdict_number(in->archive, "more");
	const struct exercise *first = r->catalog->exercises;
	json_array_foreach(json_object_get(in->archive, "skipped"), i, entry)
		say(STATUS_FULL, "%s: \"%s\" is left out: %s", r->from,
		    verdict_text(entry, "name"), verdict_text(entry, "why"));
	if (more > 0)
		say(STATUS_FULL, "%s: and %ld more like these", r->from, more);
	if (!verdict_number(in->archive, "taken") && !in->refused)
		say(STATUS_FULL, "%s: no file of an exercise is in it, such as "
		    "%s/%s", r->from, first->id, first->hand_in.name[0]);
}

/* Whether the verdict is written for a program to read, which then always has
 * one: a file that is no archive is then a verdict, too. */
static bool wants_data(const struct request *r)
{
	return r->out || (r->format && strcmp(r->format, "terminal") != 0);
}

/* Understands what the unpacking has come to. */
static int judge_archive(const struct request *r, struct handed_in *in)
{
	const char *failed = verdict_text(in->archive, "failed");
	json_object_set_new(in->archive, "name", verdict_string(r->from));
	if (json_is_true(json_object_get(in->archive, "unknown")) &&
	    !wants_data(r))
		return say(STATUS_USAGE, "%s %s", r->from, failed);
	in->refused = *failed ? failed : NULL;
	tell_skipped(r, in);
	return 0;
}

/* Makes the folder to unpack to, and chooses the sandbox to unpack in: 0 or a
 * negative errno; *ret_why may then say more. */
static int prepare_unpacking(const struct request *r, struct handed_in *in,
			     struct sandbox *ret_sandbox, char **ret_why)
{
	int rc = make_own_folder(in->unpacked, sizeof(in->unpacked));
	if (rc < 0) {
		in->unpacked[0] = '\0';
		return rc;
	}
	memcpy(in->from, in->unpacked, sizeof(in->from));
	return sandbox_choose(r->root, r->sandbox, in->unpacked, ret_sandbox,
			      ret_why);
}

/* Has the file FD unpacked; once more when that failed through no fault of the
 * archive's: 0 or a negative errno; *ret_why may then say more. */
static int unpack_twice(const struct request *r, struct handed_in *in, int fd,
			char **ret_why)
{
	struct sandbox sandbox;
	int rc = prepare_unpacking(r, in, &sandbox, ret_why);
	if (rc < 0)
		return rc;
	free(*ret_why);		/* why no stronger sandbox works: batch.c tells */
	*ret_why = NULL;
	rc = unpack_elsewhere(&sandbox, fd, in->unpacked, &in->archive);
	return rc < 0 ? unpack_elsewhere(&sandbox, fd, in->unpacked,
					 &in->archive) : 0;
}

/* Refuses the archive, which could not be unpacked: an error RC of ours, and WHY
 * where there is more to say. */
static void refuse(struct handed_in *in, int rc, const char *why)
{
	in->fault = true;
	because(&in->why, rc, "could not be unpacked, through no fault of its "
		"own: %s", why ? why : strerror(-rc));
	in->refused = in->why ? in->why : "could not be unpacked";
}

/* Takes the archive at IN->from: what is unpacked of it is to be graded. */
static int take_archive(const struct request *r, struct handed_in *in)
{
	int fd = open(in->from, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return say(STATUS_USAGE, "%s cannot be read: %s", r->from,
			   strerror(errno));
	char *why = NULL;
	int rc = unpack_twice(r, in, fd, &why);
	close(fd);
	if (rc < 0)
		refuse(in, rc, why);
	free(why);
	return rc < 0 ? 0 : judge_archive(r, in);
}

/* --- a folder -------------------------------------------------------------------- */

/* Whether PATH, absolute, is the folder NAME of the workbook. */
static bool is_of_workbook(const struct request *r, const char *path,
			   const char *name)
{
	char joined[PATH_MAX], own[PATH_MAX];
	return path_join(joined, sizeof(joined), "%s/%s", r->root, name) == 0 &&
	       realpath(joined, own) && strcmp(own, path) == 0;
}

/* Finds what was typed: from here or, when it is not here, from the workbook. */
static int find_typed(const struct request *r, struct handed_in *in)
{
	char path[PATH_MAX];
	const char *typed = r->from ? r->from : "exercises";
	if (r->from && realpath(typed, in->from))
		return 0;
	int rc = path_join(path, sizeof(path), "%s/%s", r->root, typed);
	if (rc == 0 && !realpath(path, in->from))
		rc = -errno;
	return rc == 0 ? 0 :
	       say(STATUS_USAGE, "no folder %s: %s. --from wants a folder "
		   "shaped like exercises/, or a zip or tar of it", typed,
		   strerror(-rc));
}

int handed_in_find(const struct request *r, struct handed_in *ret_handed_in)
{
	struct handed_in *in = ret_handed_in;
	struct stat status = { .st_mode = 0 };
	*in = (struct handed_in){ .archive = NULL };
	int rc = find_typed(r, in);
	if (rc != 0)
		return rc;
	if (stat(in->from, &status) == 0 && S_ISREG(status.st_mode))
		return take_archive(r, in);
	if (!S_ISDIR(status.st_mode))
		return say(STATUS_USAGE, "%s is neither a folder nor an "
			   "archive: --from wants a folder shaped like "
			   "exercises/, or a zip or tar of it", r->from ?
			   r->from : "exercises");
	in->own = is_of_workbook(r, in->from, "exercises");
	in->ours = in->own || is_of_workbook(r, in->from, "solutions");
	return 0;
}

void handed_in_release(struct handed_in *handed_in)
{
	json_decref(handed_in->archive);
	free(handed_in->why);
	if (handed_in->unpacked[0])
		remove_own_folder(handed_in->unpacked);
}
