/* volume.c - guards end with their scope; the closes that tell are explicit. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "volume.h"

#define ENDS_BY(function) __attribute__((cleanup(function)))

static void end_text(char **text)
{
	free(*text);
}

/* Closes a stream, clears it and says how that went; once closed, 0. */
static int close_stream(FILE **stream)
{
	FILE *last = *stream;

	*stream = NULL;
	return last && fclose(last) != 0 ? -errno : 0;
}

static void end_stream(FILE **stream)
{
	close_stream(stream);
}

/* Removes the file that NAME is about, unless it is NULL by now. */
static void end_file(const char **name)
{
	if (*name)
		unlink(*name);
}

/* Takes a whole line, however long, and appends it. */
static int add_chapter(const char *chapter, FILE *out, long *lines)
{
	ENDS_BY(end_text) char *line = NULL;
	ENDS_BY(end_stream) FILE *in = fopen(chapter, "re");
	size_t room = 0;
	ssize_t len;

	if (!in)
		return -errno;
	for (errno = 0; (len = getline(&line, &room, in)) > 0; errno = 0) {
		if (fwrite(line, 1, (size_t)len, out) < (size_t)len)
			return -errno;
		*lines += 1;
	}
	if (errno != 0)
		return -errno;
	return close_stream(&in);
}

/* Makes NAME; closes what the stream could not take over. */
static int open_new(const char *name, FILE **ret_out)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	int err;

	if (fd < 0)
		return -errno;
	*ret_out = fdopen(fd, "w");
	if (*ret_out)
		return 0;
	err = -errno;
	close(fd);
	unlink(name);
	return err;
}

int volume_bind(const char *path, const char *const chapters[], size_t n,
		long *ret_lines)
{
	ENDS_BY(end_text) char *name = NULL;
	ENDS_BY(end_file) const char *unfinished = NULL;
	ENDS_BY(end_stream) FILE *out = NULL;
	struct stat there;
	long lines = 0;
	int err;

	if (stat(path, &there) < 0) {
		if (errno != ENOENT)
			return -errno;
	} else if (!S_ISREG(there.st_mode)) {
		return -EINVAL;
	}
	if (asprintf(&name, "%s.new", path) < 0) {
		name = NULL;
		return -errno;
	}
	err = open_new(name, &out);
	if (err < 0)
		return err;
	unfinished = name;
	for (size_t i = 0; i < n; i++) {
		err = add_chapter(chapters[i], out, &lines);
		if (err < 0)
			return err;
	}
	err = close_stream(&out);
	if (err < 0)
		return err;
	if (rename(name, path) < 0)
		return -errno;
	unfinished = NULL;
	*ret_lines = lines;
	return 0;
}
