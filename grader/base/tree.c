/* tree.c - see tree.h. */
#include "tree.h"
#include "limits.h"
#include "path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/magic.h>
#include <mntent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

enum { LEVELS_MAX = 1 << 20 };

/* Makes one folder; one that is there already will do, a file will not. */
static int make_folder(const char *path)
{
	struct stat status;
	if (mkdir(path, 0777) == 0)
		return 0;
	int rc = -errno;
	if (rc != -EEXIST || stat(path, &status) < 0)
		return rc;
	return S_ISDIR(status.st_mode) ? 0 : -ENOTDIR;
}

int make_folders(const char *path)
{
	char part[PATH_MAX];
	int rc = path_join(part, sizeof(part), "%s", path);
	if (rc < 0)
		return rc;
	for (char *at = part + 1; *at; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		rc = make_folder(part);
		if (rc < 0)
			return rc;
		*at = '/';
	}
	return make_folder(part);
}

/* --- how much there is ------------------------------------------------------ */

/* nftw takes no argument for its visitor. */
static size_t bytes_seen, entries_seen;

/* Counts one entry; not 0 when it is enough. */
static int count_entry(const char *path, const struct stat *status, int type,
		       struct FTW *walk)
{
	(void)path;
	(void)type;
	(void)walk;
	entries_seen++;
	bytes_seen += (size_t)status->st_blocks * 512;
	return bytes_seen > FOLDER_BYTES_MAX ||
	       entries_seen > FOLDER_ENTRIES_MAX;
}

bool folder_overflows(const char *path)
{
	bytes_seen = entries_seen = 0;
	return nftw(path, count_entry, 16, FTW_PHYS) != 0 &&
	       (errno != ENOENT || bytes_seen > FOLDER_BYTES_MAX ||
		entries_seen > FOLDER_ENTRIES_MAX);
}

/* --- removing ------------------------------------------------------------- */

/* Opens the folder NAME in DIR, also one that is closed to us, its owner. */
static int open_to_remove(int dir, const char *name)
{
	enum { FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };
	fchmodat(dir, name, 0700, AT_SYMLINK_NOFOLLOW);
	return openat(dir, name, FLAGS);
}

static bool is_dot(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Removes the entry NAME of DIR: a file, or a folder if it is empty. */
static bool remove_entry(int dir, const char *name)
{
	return unlinkat(dir, name, 0) == 0 ||
	       unlinkat(dir, name, AT_REMOVEDIR) == 0;
}

/* Removes the entry NAME of DIR, but for what is in it if it is a folder: that
 * moves up to TOP under a new name. So a tree may be as deep as it likes. False
 * when neither can be done. */
static bool move_up(int dir, const char *name, int top)
{
	static unsigned long moved;
	char unique[64];
	if (remove_entry(dir, name))
		return true;
	snprintf(unique, sizeof(unique), "moved.%d.%lu", (int)getpid(),
		 moved++);
	fchmodat(dir, name, 0700, AT_SYMLINK_NOFOLLOW);
	return renameat(dir, name, top, unique) == 0;
}

/* Empties the folder NAME of TOP, and removes it: whether there is less now. */
static bool flatten(int top, const char *name)
{
	bool less = false;
	int fd = open_to_remove(top, name);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	for (struct dirent *e; dir && (e = readdir(dir)) != NULL;)
		if (!is_dot(e->d_name))
			less = move_up(fd, e->d_name, top) || less;
	if (dir)
		closedir(dir);
	else if (fd >= 0)
		close(fd);
	return unlinkat(top, name, AT_REMOVEDIR) == 0 || less;
}

/* Takes one level off each tree in TOP but KEEP: whether there is less now. What
 * cannot be removed, where something is mounted, say, must not keep us. */
static bool take_level(DIR *top, const char *keep)
{
	bool less = false;
	rewinddir(top);
	for (struct dirent *e; (e = readdir(top)) != NULL;) {
		if (is_dot(e->d_name) || (keep && strcmp(e->d_name, keep) == 0))
			continue;
		less = remove_entry(dirfd(top), e->d_name) ||
		       flatten(dirfd(top), e->d_name) || less;
	}
	return less;
}

/* Empties the folder that is open as FD, which it closes. */
static void empty_open(int fd, const char *keep)
{
	DIR *top = fd < 0 ? NULL : fdopendir(fd);
	for (int i = 0; top && i < LEVELS_MAX && take_level(top, keep); i++)
		continue;
	if (top)
		closedir(top);
	else if (fd >= 0)
		close(fd);
}

void empty_folder(const char *path, const char *keep)
{
	empty_open(open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
		   keep);
}

void remove_tree(const char *path)
{
	empty_open(open_to_remove(AT_FDCWD, path), NULL);
	if (unlink(path) < 0)
		rmdir(path);
}

/* Whether NAME ends with ENDING. */
static bool ends_with(const char *name, const char *ending)
{
	size_t n = strlen(name), tail = strlen(ending);
	return n >= tail && strcmp(name + n - tail, ending) == 0;
}

int remove_files(const char *path, const char *ending)
{
	int rc = 0;
	DIR *dir = opendir(path);
	if (!dir)
		return -errno;
	for (struct dirent *e; (e = readdir(dir)) != NULL;)
		if (ends_with(e->d_name, ending) &&
		    unlinkat(dirfd(dir), e->d_name, 0) < 0 &&
		    errno != EISDIR && rc == 0)
			rc = -errno;
	closedir(dir);
	return rc;
}

/* --- the /tmp of a cell ---------------------------------------------------- */

/* Whether something is mounted at or below PATH; also when that cannot be told. */
static bool holds_mount(const char *path)
{
	size_t n = strlen(path);
	bool holds = false;
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	if (!mounts)
		return true;
	for (struct mntent *m; !holds && (m = getmntent(mounts)) != NULL;)
		holds = strncmp(m->mnt_dir, path, n) == 0 &&
			(m->mnt_dir[n] == '\0' || m->mnt_dir[n] == '/');
	endmntent(mounts);
	return holds;
}

/* Whether /tmp is a cell's: see tree.h. A machine may have its /tmp in memory, too,
 * but none that is so small, and no process of the machine's is process 1 but init. */
static bool has_cell_tmp(void)
{
	struct statfs status;
	return getpid() == 1 && statfs("/tmp", &status) == 0 &&
	       status.f_type == TMPFS_MAGIC &&
	       status.f_blocks * (size_t)status.f_bsize == CELL_TMP_BYTES;
}

void empty_tmp(void)
{
	char path[NAME_MAX + 8];
	DIR *tmp = has_cell_tmp() ? opendir("/tmp") : NULL;
	for (struct dirent *e; tmp && (e = readdir(tmp)) != NULL;) {
		snprintf(path, sizeof(path), "/tmp/%s", e->d_name);
		if (!is_dot(e->d_name) && !holds_mount(path))
			remove_tree(path);
	}
	if (tmp)
		closedir(tmp);
}
