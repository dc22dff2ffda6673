/* wrap_name.c - files by their names, and what is known of them. */
#include "wrap.h"

/* Ends a use that gave RC, -1 with errno set when it failed. */
static int ended_use(struct watched *w, int rc)
{
	note_errno(w, rc < 0);
	injection_end(w);
	return rc;
}

/* A use of a name, or of the descriptor that GONE is: the call when it may be
 * made, else -1. */
#define USE_NAME(name, params, args, gone, detail) \
	int brakes_##name params \
	{ \
		struct watched w = BEGIN(name, gone, detail); \
		return ended_use(&w, w.step.failed ? -1 : name args); \
	}

USE_NAME(rename, (const char *from, const char *to), (from, to), 0, from)
USE_NAME(link, (const char *from, const char *to), (from, to), 0, from)
USE_NAME(unlink, (const char *path), (path), 0, path)
USE_NAME(unlinkat, (int dir, const char *path, int flags), (dir, path, flags),
	 0, path)
USE_NAME(remove, (const char *path), (path), 0, path)
USE_NAME(mkdir, (const char *path, mode_t mode), (path, mode), 0, path)
USE_NAME(rmdir, (const char *path), (path), 0, path)
USE_NAME(access, (const char *path, int mode), (path, mode), 0, path)
USE_NAME(faccessat, (int dir, const char *path, int mode, int flags),
	 (dir, path, mode, flags), 0, path)
USE_NAME(chmod, (const char *path, mode_t mode), (path, mode), 0, path)
USE_NAME(fchmod, (int fd, mode_t mode), (fd, mode), injection_fd(fd), NULL)
USE_NAME(stat, (const char *path, struct stat *ret_stat), (path, ret_stat), 0,
	 path)
USE_NAME(lstat, (const char *path, struct stat *ret_stat), (path, ret_stat), 0,
	 path)
USE_NAME(fstat, (int fd, struct stat *ret_stat), (fd, ret_stat),
	 injection_fd(fd), NULL)
USE_NAME(fstatat, (int dir, const char *path, struct stat *ret_stat, int flags),
	 (dir, path, ret_stat, flags), 0, path)

/* --- names in new blocks ------------------------------------------------------ */

/* Ends a call that gave TEXT: a new block, unless the caller had GIVEN the room. */
static char *got_text(struct watched *w, const char *given, char *text)
{
	if (!given)
		return got_pointer(w, text);
	note_errno(w, !text);
	injection_end(w);
	return text;
}

char *brakes_getcwd(char *room, size_t n)
{
	struct watched w = BEGIN(getcwd, 0, NULL);
	return got_text(&w, room, w.step.failed ? NULL : getcwd(room, n));
}

char *brakes_get_current_dir_name(void)
{
	struct watched w = BEGIN(get_current_dir_name, 0, NULL);
	return got_pointer(&w, w.step.failed ? NULL : get_current_dir_name());
}

char *brakes_realpath(const char *path, char *room)
{
	struct watched w = BEGIN(realpath, 0, path);
	return got_text(&w, room, w.step.failed ? NULL : realpath(path, room));
}

/* scandir gives a block that holds the entries, and one for each of them. */
int brakes_scandir(const char *path, struct dirent ***ret_list,
		   int (*wanted)(const struct dirent *),
		   int (*compare)(const struct dirent **, const struct dirent **))
{
	struct watched w = BEGIN(scandir, 0, path);
	int n = w.step.failed ? -1 : scandir(path, ret_list, wanted, compare);
	note_errno(&w, n < 0);
	w.step.got[0] = n < 0 ? 0 : ID(*ret_list);
	injection_end(&w);
	for (int i = 0; i < n; i++)
		got_also(&w, (*ret_list)[i]);
	return n;
}
