/* volume.c - each success opens a deeper level; what it took ends there. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "volume.h"

/* Whether a volume may be put at PATH: 0, or the error of what is in the way. */
static int ask_place(const char *path)
{
	struct stat there;

	if (stat(path, &there) == 0)
		return S_ISREG(there.st_mode) ? 0 : -EINVAL;
	return errno == ENOENT ? 0 : -errno;
}

/* Copies IN to OUT, some bytes at a time: a line may come in pieces. */
static int copy_pieces(FILE *in, FILE *out, long *lines)
{
	char piece[8];

	errno = 0;
	while (fgets(piece, sizeof piece, in)) {
		if (strchr(piece, '\n'))
			++*lines;
		if (fputs(piece, out) == EOF)
			return -errno;
		errno = 0;
	}
	return -errno;
}

/* Adds CHAPTER to OUT. */
static int add(const char *chapter, FILE *out, long *lines)
{
	FILE *in = fopen(chapter, "r");
	int copied, closed;

	if (in) {
		copied = copy_pieces(in, out, lines);
		closed = fclose(in) ? -errno : 0;
		return copied ? copied : closed;
	}
	return -errno;
}

/* Adds the chapters one after the other, and stops at the first that fails. */
static int add_all(const char *const chapters[], size_t n, FILE *out,
		   long *lines)
{
	int err = n > 0 ? add(chapters[0], out, lines) : 0;

	return err || n == 0 ? err : add_all(chapters + 1, n - 1, out, lines);
}

/* Renames the volume when it is well so far; else, or when that fails, it is
 * removed. */
static int settle(int err, const char *name, const char *path)
{
	if (!err && rename(name, path) != 0)
		err = -errno;
	if (err)
		unlink(name);
	return err;
}

int volume_bind(const char *path, const char *const chapters[], size_t n,
		long *ret_lines)
{
	size_t size = strlen(path) + 5;
	char *name;
	long lines = 0;
	int err = ask_place(path);

	if (!err) {
		name = calloc(1, size);
		err = -errno;
		if (name) {
			snprintf(name, size, "%s.new", path);
			FILE *out = fopen(name, "wx");
			err = -errno;
			if (out) {
				err = add_all(chapters, n, out, &lines);
				if (fclose(out) == EOF && !err)
					err = -errno;
				err = settle(err, name, path);
			}
			free(name);
		}
	}
	if (!err)
		*ret_lines = lines;
	return err;
}
