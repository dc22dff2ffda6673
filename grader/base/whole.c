/* whole.c - see whole.h. */
#include "whole.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_MAX = 1 << 20 };

/* Writes every byte: 0 or a negative errno. */
static int write_all(int fd, const char *text, size_t size)
{
	while (size > 0) {
		ssize_t n = write(fd, text, size);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			text += n;
			size -= (size_t)n;
		}
	}
	return 0;
}

/* Writes, syncs where that is asked, and closes FD; the first error counts. */
static int write_and_close(int fd, const char *text, size_t size, bool sync)
{
	int rc = write_all(fd, text, size);
	if (rc == 0 && sync && fsync(fd) < 0)
		rc = -errno;
	if (close(fd) < 0 && rc == 0)
		rc = -errno;
	return rc;
}

/* Writes to what must not be replaced: a device or a pipe. */
static int write_through(const char *path, const char *text, size_t size)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	return fd < 0 ? -errno : write_and_close(fd, text, size, false);
}

/* The mode that a file new at PATH would get, or the one that it has. */
static mode_t mode_for(const struct stat *old, bool exists)
{
	mode_t mask = umask(0);
	umask(mask);
	return exists ? old->st_mode & 0777 : 0666 & ~mask;
}

int whole_write(const char *path, const char *text, size_t size)
{
	char beside[PATH_MAX];
	struct stat old = { 0 };
	bool exists = stat(path, &old) == 0;
	if (exists && S_ISDIR(old.st_mode))
		return -EISDIR;
	if (exists && !S_ISREG(old.st_mode))
		return write_through(path, text, size);
	int n = snprintf(beside, sizeof(beside), "%s.XXXXXX", path);
	if (n < 0 || (size_t)n >= sizeof(beside))
		return -ENAMETOOLONG;
	int fd = mkstemp(beside);
	if (fd < 0)
		return -errno;
	fchmod(fd, mode_for(&old, exists));
	int rc = write_and_close(fd, text, size, true);
	if (rc == 0 && rename(beside, path) < 0)
		rc = -errno;
	if (rc < 0)
		unlink(beside);
	return rc;
}

/* Reads what is open as FILE to its end. */
static int read_stream(FILE *file, char **ret_text)
{
	char *text = malloc(READ_MAX + 1);
	if (!text)
		return -ENOMEM;
	size_t n = fread(text, 1, READ_MAX, file);
	int rc = ferror(file) ? -EIO : fgetc(file) != EOF ? -EFBIG :
		 memchr(text, '\0', n) ? -EILSEQ : 0;
	if (rc < 0) {
		free(text);
		return rc;
	}
	text[n] = '\0';
	*ret_text = text;
	return 0;
}

/* Opens the plain file at PATH: the stream, or NULL with *ret_why. Nothing is
 * waited for, as opening a pipe would. */
static FILE *open_plain(const char *path, int *ret_why)
{
	struct stat stat;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0) {
		*ret_why = -errno;
		return NULL;
	}
	*ret_why = fstat(fd, &stat) < 0 ? -errno :
		   S_ISDIR(stat.st_mode) ? -EISDIR :
		   S_ISREG(stat.st_mode) ? 0 : -EINVAL;
	FILE *file = *ret_why == 0 ? fdopen(fd, "r") : NULL;
	if (!file)
		close(fd);
	return file;
}

int whole_read(const char *path, char **ret_text)
{
	int rc = -ENOMEM;
	FILE *file = open_plain(path, &rc);
	if (!file)
		return rc < 0 ? rc : -ENOMEM;
	rc = read_stream(file, ret_text);
	fclose(file);
	return rc;
}
