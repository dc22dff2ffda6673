/* files.c - see files.h. */
#include "files.h"
#include "limits.h"
#include "path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

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

/* --- reading -------------------------------------------------------------- */

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

/* Reads all of FD, which it closes, or with CUT the first MAX bytes of it; a
 * negative errno in the place of FD is passed on. */
static int read_and_close(int fd, size_t max, bool cut, char **ret_text,
			  size_t *ret_size)
{
	char *text = NULL;
	size_t have;
	if (fd < 0)
		return fd;
	int rc = read_growing(fd, max, &text, &have);
	close(fd);
	if (rc == -EFBIG && cut) {
		have = max;
		rc = 0;
	}
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
	return read_and_close(open_beneath(dir, path, O_RDONLY), max, false,
			      ret_text, ret_size);
}

int read_file(const char *path, size_t max, char **ret_text, size_t *ret_size)
{
	return read_and_close(open_entry(AT_FDCWD, path, O_RDONLY), max, false,
			      ret_text, ret_size);
}

int read_start(const char *path, size_t max, char **ret_text, size_t *ret_size)
{
	return read_and_close(open_entry(AT_FDCWD, path, O_RDONLY), max, true,
			      ret_text, ret_size);
}

/* Opens the regular file that PATH or a link there leads to. */
static int open_regular(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	int rc = check_type(fd, S_IFREG);
	if (rc < 0)
		close(fd);
	return rc < 0 ? rc : fd;
}

int read_text(const char *path, char **ret_text)
{
	char *text = NULL;
	size_t size = 0;
	int rc = read_and_close(open_regular(path), TEXT_FILE_MAX, false, &text,
				&size);
	if (rc == 0 && memchr(text, '\0', size))
		rc = -EILSEQ;
	if (rc == 0)
		*ret_text = text;
	else
		free(text);
	return rc;
}

/* --- writing -------------------------------------------------------------- */

/* Writes every byte to FD: 0 or a negative errno. */
static int write_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, bytes, n);
		if (done < 0 && errno != EINTR)
			return -errno;
		if (done > 0) {
			bytes += done;
			n -= (size_t)done;
		}
	}
	return 0;
}

/* Writes N bytes to FD, which it closes: a failed close is a failed write. A
 * negative errno in the place of FD is passed on. */
static int write_and_close(int fd, const char *bytes, size_t n)
{
	if (fd < 0)
		return fd;
	int rc = write_all(fd, bytes, n);
	if (close(fd) < 0 && rc == 0)
		rc = -errno;
	return rc;
}

/* Opens PATH for writing with FLAGS. */
static int open_to_write(const char *path, int flags)
{
	int fd = open(path, flags | O_WRONLY | O_NOCTTY | O_CLOEXEC, 0666);
	return fd < 0 ? -errno : fd;
}

/* Makes a new file NAME in DIR and opens it. */
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
	return write_and_close(fd, bytes, n);
}

static int write_bytes(const char *path, const char *bytes, size_t n)
{
	return write_and_close(open_to_write(path, O_CREAT | O_TRUNC), bytes, n);
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

/* --- replacing -------------------------------------------------------------- */

enum {
	LINKS_MAX = 40,		/* as many as the kernel follows */
	NAMES_TRIED = 100,
};

/* Whether the file that STATUS tells of is in /proc, where that is mounted. */
static bool is_in_proc(const struct stat *status)
{
	struct stat proc;
	struct statfs system;
	return stat("/proc", &proc) == 0 && proc.st_dev == status->st_dev &&
	       statfs("/proc", &system) == 0 &&
	       system.f_type == PROC_SUPER_MAGIC;
}

/* Exchanges PATH, a link, for what it leads to. */
static int follow_link(char path[PATH_MAX])
{
	char target[PATH_MAX], whole[PATH_MAX];
	ssize_t n = readlink(path, target, sizeof(target));
	if (n < 0 || n == sizeof(target))
		return n < 0 ? -errno : -ENAMETOOLONG;
	const char *slash = *target == '/' ? NULL : strrchr(path, '/');
	int rc = path_join(whole, PATH_MAX, "%.*s%.*s",
			   slash ? (int)(slash - path) + 1 : 0, path, (int)n,
			   target);
	return rc < 0 ? rc : path_join(path, PATH_MAX, "%s", whole);
}

/* Follows the links at PATH to the name that may be replaced: 0 and that, 1 when
 * nothing may be replaced there, or a negative errno. What /proc shows is an open
 * file of a process, whatever its name says. */
static int resolve(const char *path, char ret_path[PATH_MAX])
{
	struct stat status;
	int rc = path_join(ret_path, PATH_MAX, "%s", path);
	for (int i = 0; rc == 0 && i <= LINKS_MAX; i++) {
		if (lstat(ret_path, &status) < 0)
			return errno == ENOENT ? 0 : -errno;
		if (is_in_proc(&status))
			return 1;
		if (S_ISDIR(status.st_mode))
			return -EISDIR;
		if (!S_ISLNK(status.st_mode))
			return S_ISREG(status.st_mode) ? 0 : 1;
		rc = follow_link(ret_path);
	}
	return rc < 0 ? rc : -ELOOP;
}

/* The mode of the file at PATH, or the one that a new file would get. */
static mode_t mode_for(const char *path)
{
	struct stat old;
	if (stat(path, &old) == 0)
		return old.st_mode & 07777;
	mode_t mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

/* Writes N bytes to FD, a new file that gets MODE, and to the disk. */
static int fill_new(int fd, mode_t mode, const char *bytes, size_t n)
{
	int rc = fchmod(fd, mode) < 0 ? -errno : write_all(fd, bytes, n);
	if (rc == 0 && fsync(fd) < 0 && errno != EINVAL)
		rc = -errno;
	return rc;
}

/* Writes N bytes as a new file of MODE at BESIDE, a pattern. */
static int write_new(char *beside, mode_t mode, const char *bytes, size_t n)
{
	int fd = mkstemp(beside);
	if (fd < 0)
		return -errno;
	int rc = fill_new(fd, mode, bytes, n);
	if (close(fd) < 0 && rc == 0)
		rc = -errno;
	if (rc < 0)
		unlink(beside);
	return rc;
}

/* Opens a new file in the folder of PATH that has no name: a descriptor, or a negative
 * errno. Source: open(2), O_TMPFILE. */
static int open_nameless(const char *path)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');
	size_t n = slash ? (size_t)(slash - path) + 1 : 0;
	snprintf(folder, sizeof(folder), "%.*s", (int)n, path);
	int fd = open(n ? folder : ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	return fd < 0 ? -errno : fd;
}

/* Gives the nameless file FD the free name PATH. */
static int give_name(int fd, const char *path)
{
	char own[32];
	snprintf(own, sizeof(own), "/proc/self/fd/%d", fd);
	return linkat(AT_FDCWD, own, AT_FDCWD, path, AT_SYMLINK_FOLLOW) < 0 ? -errno : 0;
}

/* Gives the nameless file FD a free name that it writes to BESIDE, a pattern. */
static int give_some_name(int fd, char *beside)
{
	char *x = beside + strlen(beside) - strlen("XXXXXX");
	for (unsigned i = 0; i < NAMES_TRIED; i++) {
		unsigned some = 0;
		if (getrandom(&some, sizeof(some), GRND_NONBLOCK) < 0)
			return -errno;
		snprintf(x, strlen("XXXXXX") + 1, "%06x", some & 0xffffff);
		int rc = give_name(fd, beside);
		if (rc != -EEXIST)
			return rc;
	}
	return -EEXIST;
}

/* Has REAL lead to the nameless file FD: 0, 1 when such files cannot be given names, or
 * a negative errno. */
static int put_in_place(int fd, const char *real)
{
	char beside[PATH_MAX];
	int rc = give_name(fd, real);
	if (rc != -EEXIST)
		return rc < 0;
	rc = path_join(beside, sizeof(beside), "%s.XXXXXX", real);
	if (rc == 0)
		rc = give_some_name(fd, beside);
	if (rc == 0 && rename(beside, real) < 0) {
		rc = -errno;
		unlink(beside);
	}
	return rc;
}

/* Puts a file of N bytes and MODE at REAL, through one that has no name while it is
 * written: when this process is killed meanwhile, nothing is left of it. 0, 1 when the
 * system has no such files here, or a negative errno. */
static int replace_at_once(const char *real, mode_t mode, const char *bytes, size_t n)
{
	int fd = open_nameless(real);
	if (fd < 0)
		return 1;
	int rc = fill_new(fd, mode, bytes, n);
	if (rc == 0)
		rc = put_in_place(fd, real);
	close(fd);	/* what it holds is on the disk */
	return rc;
}

int replace_file(const char *path, const char *bytes, size_t n)
{
	char real[PATH_MAX], beside[PATH_MAX];
	int rc = resolve(path, real);
	/* As the next words in a log, where the output goes to one. */
	if (rc == 1)
		return write_and_close(open_to_write(path, O_APPEND), bytes, n);
	if (rc == 0)
		rc = replace_at_once(real, mode_for(real), bytes, n);
	if (rc <= 0)
		return rc;
	rc = path_join(beside, sizeof(beside), "%s.XXXXXX", real);
	if (rc == 0)
		rc = write_new(beside, mode_for(real), bytes, n);
	if (rc == 0 && rename(beside, real) < 0) {
		rc = -errno;
		unlink(beside);
	}
	return rc;
}
