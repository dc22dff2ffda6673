/* files.c - see files.h. */
#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <linux/magic.h>
#include <mntent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { ROOM_NEEDED = 256 << 20, ATTEMPTS = 16, LEVELS_MAX = 1 << 20 };

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
	if (snprintf(part, sizeof(part), "%s", path) >= (int)sizeof(part))
		return -ENAMETOOLONG;
	for (char *at = part + 1; *at; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		int rc = make_folder(part);
		if (rc < 0)
			return rc;
		*at = '/';
	}
	return make_folder(part);
}

/* Whether PATH is a file system in memory that has room for us: a sweep makes
 * and removes folders by the thousand, which costs a disk three times as much. */
static bool roomy_memory(const char *path)
{
	struct statfs status;
	return access(path, W_OK) == 0 && statfs(path, &status) == 0 &&
	       status.f_type == TMPFS_MAGIC &&
	       status.f_bavail * (size_t)status.f_bsize >= ROOM_NEEDED;
}

/* Opens the folder PATH and locks it for as long as this process, or a child of
 * it, has it open: a descriptor, or a negative errno. Source: flock(2). */
static int lock_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	int why = -errno;
	close(fd);
	return why;
}

/* Removes the folder of ours called NAME in BASE if nobody holds it any more: who
 * made it was killed before it could clean up. */
static void remove_if_stale(const char *base, const char *name)
{
	char path[PATH_MAX];
	struct stat status;
	if (snprintf(path, PATH_MAX, "%s/%s", base, name) >= PATH_MAX ||
	    lstat(path, &status) < 0 || status.st_uid != geteuid())
		return;
	int lock = lock_folder(path);
	if (lock < 0)
		return;
	remove_tree(path);
	close(lock);
}

/* Removes what killed gradings have left. */
static void remove_stale(const char *base)
{
	DIR *dir = opendir(base);
	for (struct dirent *e; dir && (e = readdir(dir)) != NULL;)
		if (strncmp(e->d_name, OWN_FOLDER, strlen(OWN_FOLDER)) == 0)
			remove_if_stale(base, e->d_name);
	if (dir)
		closedir(dir);
}

/* Whether FD is what stands at PATH. */
static bool stands_at(int fd, const char *path)
{
	struct stat open, there;
	return fstat(fd, &open) == 0 && lstat(path, &there) == 0 &&
	       open.st_ino == there.st_ino && open.st_dev == there.st_dev;
}

/* Somebody who looks for what is stale may come between the making of a folder
 * and its lock: then another one is made. The lock is kept open on purpose. */
int make_own_folder(char *ret_path, size_t size)
{
	const char *base = getenv("TMPDIR");
	if (!base || !*base)
		base = roomy_memory("/dev/shm") ? "/dev/shm" : "/tmp";
	remove_stale(base);
	for (int i = 0; i < ATTEMPTS; i++) {
		int n = snprintf(ret_path, size, "%s/" OWN_FOLDER "%d.XXXXXX",
				 base, (int)getpid());
		if (n < 0 || (size_t)n >= size)
			return -ENAMETOOLONG;
		if (!mkdtemp(ret_path))
			return -errno;
		int lock = lock_folder(ret_path);
		if (lock >= 0 && stands_at(lock, ret_path))
			return 0;
		if (lock >= 0)
			close(lock);
	}
	return -EAGAIN;
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

void empty_tmp(void)
{
	char path[NAME_MAX + 8];
	DIR *tmp = opendir("/tmp");
	for (struct dirent *e; tmp && (e = readdir(tmp)) != NULL;) {
		snprintf(path, sizeof(path), "/tmp/%s", e->d_name);
		if (!is_dot(e->d_name) && !holds_mount(path))
			remove_tree(path);
	}
	if (tmp)
		closedir(tmp);
}

/* --- never followed, never waited for ------------------------------------ */

/* Whether FD is of the type WANTED: 0, or what it is instead. */
static int check_type(int fd, mode_t wanted)
{
	struct stat status;
	if (fstat(fd, &status) < 0)
		return -errno;
	if ((status.st_mode & S_IFMT) == wanted)
		return 0;
	return S_ISLNK(status.st_mode) ? -ELOOP :
	       wanted == S_IFDIR ? -ENOTDIR :
	       S_ISDIR(status.st_mode) ? -EISDIR : -EINVAL;
}

/* Opens NAME in DIR if it is of the type WANTED. O_NONBLOCK: a FIFO would have
 * us wait for its other end. */
static int open_typed(int dir, const char *name, int flags, mode_t wanted)
{
	int fd = openat(dir, name, flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY |
			O_CLOEXEC);
	if (fd < 0)
		return -errno;
	int rc = check_type(fd, wanted);
	if (rc < 0)
		close(fd);
	return rc < 0 ? rc : fd;
}

/* Opens NAME in DIR: a folder if FLAGS say so, else a regular file. It is
 * looked at before it is opened, for opening a device can do something, and
 * once more after, for it may have been exchanged. */
static int open_entry(int dir, const char *name, int flags)
{
	mode_t wanted = flags & O_DIRECTORY ? S_IFDIR : S_IFREG;
	int seen = open_typed(dir, name, O_PATH, wanted);
	if (seen < 0)
		return seen;
	int fd = wanted == S_IFDIR ? open_typed(seen, ".", flags, wanted) :
		 open_typed(dir, name, flags, wanted);
	close(seen);
	return fd;
}

/* Whether the N bytes of NAME are an entry's name, and none that leads up. */
static int check_name(const char *name, size_t n)
{
	if (n == 0 || (n == 2 && memcmp(name, "..", 2) == 0))
		return -EXDEV;
	return n > NAME_MAX ? -ENAMETOOLONG : 0;
}

/* Exchanges the folder *DIR for the one in it that the N bytes of NAME name. */
static int step_down(int *dir, const char *name, size_t n)
{
	char part[NAME_MAX + 1];
	int rc = check_name(name, n);
	if (rc < 0)
		return rc;
	snprintf(part, sizeof(part), "%.*s", (int)n, name);
	int below = open_typed(*dir, part, O_PATH, S_IFDIR);
	if (below < 0)
		return below;
	close(*dir);
	*dir = below;
	return 0;
}

/* Opens the folder that holds the last part of PATH, which *RET_NAME is. */
static int open_above(int dir, const char *path, const char **ret_name)
{
	const char *slash;
	int rc = 0, at = fcntl(dir, F_DUPFD_CLOEXEC, 0);
	if (at < 0)
		return -errno;
	for (; rc == 0 && (slash = strchr(path, '/')) != NULL; path = slash + 1)
		rc = step_down(&at, path, (size_t)(slash - path));
	if (rc == 0)
		rc = check_name(path, strlen(path));
	if (rc < 0) {
		close(at);
		return rc;
	}
	*ret_name = path;
	return at;
}

int open_beneath(int dir, const char *path, int flags)
{
	const char *name = path;
	int above = open_above(dir, path, &name);
	if (above < 0)
		return above;
	int fd = open_entry(above, name, flags);
	close(above);
	return fd;
}

/* --- whole files ---------------------------------------------------------- */

enum { FIRST_ROOM = 4096 };

/* Reads into a buffer that grows, up to MAX + 1 bytes: then it is too much.
 * What fstat says of the size is not asked: the file may grow meanwhile. */
static int read_growing(int fd, size_t max, char **text, size_t *have)
{
	size_t room = 0;
	ssize_t n = 1;
	for (*have = 0; n > 0 && *have <= max; *have += (size_t)n) {
		if (*have == room) {
			room = room ? 2 * room : FIRST_ROOM;
			room = room > max ? max + 1 : room;
			char *grown = realloc(*text, room + 1);
			if (!grown)
				return -ENOMEM;
			*text = grown;
		}
		n = read(fd, *text + *have, room - *have);
		if (n < 0)
			return -errno;
	}
	return *have > max ? -EFBIG : 0;
}

/* Reads all of FD, which it closes; a negative errno in its place is passed
 * on. */
static int read_and_close(int fd, size_t max, char **ret_text, size_t *ret_size)
{
	char *text = NULL;
	size_t have;
	if (fd < 0)
		return fd;
	int rc = read_growing(fd, max, &text, &have);
	close(fd);
	if (rc < 0) {
		free(text);
		return rc;
	}
	text[have] = '\0';
	*ret_text = text;
	*ret_size = have;
	return 0;
}

int read_beneath(int dir, const char *path, size_t max, char **ret_text,
		 size_t *ret_size)
{
	return read_and_close(open_beneath(dir, path, O_RDONLY), max, ret_text,
			      ret_size);
}

int read_file(const char *path, size_t max, char **ret_text, size_t *ret_size)
{
	return read_and_close(open_entry(AT_FDCWD, path, O_RDONLY), max,
			      ret_text, ret_size);
}

int read_start(const char *path, size_t max, char **ret_text, size_t *ret_size)
{
	char *text = NULL;
	size_t have = 0;
	int fd = open_entry(AT_FDCWD, path, O_RDONLY);
	if (fd < 0)
		return fd;
	int rc = read_growing(fd, max, &text, &have);
	close(fd);
	if (rc < 0 && rc != -EFBIG) {
		free(text);
		return rc;
	}
	have = have < max ? have : max;
	text[have] = '\0';
	*ret_text = text;
	*ret_size = have;
	return 0;
}

/* Writes N bytes to OUT, which it closes: a failed close is a failed write. */
static int write_and_close(FILE *out, const char *bytes, size_t n)
{
	if (!out)
		return -errno;
	int rc = fwrite(bytes, 1, n, out) == n ? 0 : -EIO;
	if (fclose(out) != 0 && rc == 0)
		rc = -errno;
	return rc;
}

static int write_bytes(const char *path, const char *bytes, size_t n)
{
	return write_and_close(fopen(path, "we"), bytes, n);
}

/* Makes the file NAME in DIR anew and opens it. */
static int make_entry(int dir, const char *name)
{
	int fd = -1;
	if (unlinkat(dir, name, 0) == 0 || errno == ENOENT)
		fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL |
			    O_NOFOLLOW | O_CLOEXEC, 0666);
	return fd < 0 ? -errno : fd;
}

int write_beneath(int dir, const char *path, const char *bytes, size_t n)
{
	const char *name = path;
	int above = open_above(dir, path, &name);
	if (above < 0)
		return above;
	int fd = make_entry(above, name);
	close(above);
	if (fd < 0)
		return fd;
	FILE *out = fdopen(fd, "w");
	if (!out)
		close(fd);
	return write_and_close(out, bytes, n);
}

int write_text(const char *path, const char *text)
{
	return write_bytes(path, text, strlen(text));
}

int copy_file(const char *from, const char *to, size_t max)
{
	char *text;
	size_t size;
	int rc = read_file(from, max, &text, &size);
	if (rc < 0)
		return rc;
	rc = write_bytes(to, text, size);
	free(text);
	return rc;
}
