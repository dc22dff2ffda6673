/* folder.c - see folder.h. */
#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { ROOM_NEEDED = 256 << 20, STALE_SECONDS = 3600 };

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

/* Whether NAME in BASE is a folder of ours, more than an hour old, whose maker
 * is no more: it was killed before it could clean up. */
static bool stale(const char *base, const char *name, char path[PATH_MAX])
{
	struct stat status;
	char after;
	int pid;
	return sscanf(name, "brakes.%d.%c", &pid, &after) == 2 && pid > 0 &&
	       kill(pid, 0) < 0 && errno == ESRCH &&
	       snprintf(path, PATH_MAX, "%s/%s", base, name) < PATH_MAX &&
	       lstat(path, &status) == 0 && S_ISDIR(status.st_mode) &&
	       status.st_uid == geteuid() &&
	       status.st_mtime < time(NULL) - STALE_SECONDS;
}

/* Removes what killed gradings have left. */
static void remove_stale(const char *base)
{
	char path[PATH_MAX];
	DIR *dir = opendir(base);
	for (struct dirent *e; dir && (e = readdir(dir)) != NULL;)
		if (stale(base, e->d_name, path))
			remove_tree(path);
	if (dir)
		closedir(dir);
}

int make_own_folder(char *ret_path, size_t size)
{
	const char *base = getenv("TMPDIR");
	if (!base || !*base)
		base = roomy_memory("/dev/shm") ? "/dev/shm" : "/tmp";
	remove_stale(base);
	int n = snprintf(ret_path, size, "%s/brakes.%d.XXXXXX", base,
			 (int)getpid());
	if (n < 0 || (size_t)n >= size)
		return -ENAMETOOLONG;
	return mkdtemp(ret_path) ? 0 : -errno;
}

/* Removes what it can; a leftover is no reason to stop. */
static int remove_one(const char *path, const struct stat *status, int type,
		      struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	remove(path);
	return 0;
}

static bool opened_one;

/* Opens a folder that is closed to us, its owner. */
static int open_one(const char *path, const struct stat *status, int type,
		    struct FTW *walk)
{
	(void)status;
	(void)walk;
	if (type == FTW_DNR && chmod(path, 0700) == 0)
		opened_one = true;
	else if (type == FTW_D && access(path, W_OK | X_OK) < 0)
		chmod(path, 0700);
	return 0;
}

void remove_tree(const char *path)
{
	do {
		opened_one = false;
		nftw(path, open_one, 16, FTW_PHYS);
	} while (opened_one);
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Opens a regular file for reading: its descriptor and size. */
static int open_regular(const char *path, size_t max, size_t *ret_size)
{
	struct stat status;
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	int rc = fstat(fd, &status) < 0 ? -errno :
		 !S_ISREG(status.st_mode) ? -EINVAL :
		 (size_t)status.st_size > max ? -EFBIG : 0;
	if (rc < 0) {
		close(fd);
		return rc;
	}
	*ret_size = (size_t)status.st_size;
	return fd;
}

/* Reads SIZE bytes, or up to the end, from FD, which is closed. */
static int read_all(int fd, size_t size, char **ret_text, size_t *ret_size)
{
	size_t have = 0;
	char *text = malloc(size + 1);
	ssize_t n = text ? 1 : 0;
	while (text && have < size &&
	       (n = read(fd, text + have, size - have)) > 0)
		have += (size_t)n;
	int rc = !text ? -ENOMEM : n < 0 ? -errno : 0;
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

int read_file(const char *path, size_t max, char **ret_text, size_t *ret_size)
{
	size_t size = 0;
	int fd = open_regular(path, max, &size);
	return fd < 0 ? fd : read_all(fd, size, ret_text, ret_size);
}

int read_start(const char *path, size_t max, char **ret_text, size_t *ret_size)
{
	size_t size = 0;
	int fd = open_regular(path, SIZE_MAX, &size);
	return fd < 0 ? fd : read_all(fd, size < max ? size : max, ret_text,
				      ret_size);
}

/* Writes N bytes as the whole of a file; a failed close is a failed write. */
static int write_bytes(const char *path, const char *bytes, size_t n)
{
	FILE *out = fopen(path, "we");
	if (!out)
		return -errno;
	int rc = fwrite(bytes, 1, n, out) == n ? 0 : -EIO;
	if (fclose(out) != 0 && rc == 0)
		rc = -errno;
	return rc;
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
