/* volume.c - descriptors, and a label for each thing that is to be undone. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "volume.h"

enum { BLOCK = 4096 };

/* Copies IN to OUT by blocks, and counts the newlines. */
static int copy(int in, int out, char *block, long *lines)
{
	ssize_t got;

	while ((got = read(in, block, BLOCK)) > 0) {
		for (ssize_t done = 0, put; done < got; done += put) {
			put = write(out, block + done, (size_t)(got - done));
			if (put < 0)
				return -errno;
		}
		for (ssize_t i = 0; i < got; i++)
			*lines += block[i] == '\n';
	}
	return got < 0 ? -errno : 0;
}

/* Adds one chapter by way of BLOCK. */
static int add(const char *chapter, int out, char *block, long *lines)
{
	int in = open(chapter, O_RDONLY), err;

	if (in == -1)
		return -errno;
	err = copy(in, out, block, lines);
	if (close(in) == -1 && err == 0)
		err = -errno;
	return err;
}

/* Whether a file may be put at PATH: 0 or a negative errno. */
static int check_place(const char *path)
{
	struct stat there;

	if (stat(path, &there) < 0)
		return errno == ENOENT ? 0 : -errno;
	return S_ISREG(there.st_mode) ? 0 : -EINVAL;
}

int volume_bind(const char *path, const char *const chapters[], size_t n,
		long *ret_lines)
{
	char *name, *block;
	long lines = 0;
	int out, err = check_place(path);

	if (err < 0)
		return err;
	name = malloc(strlen(path) + sizeof ".new");
	if (name == NULL)
		return -errno;
	strcat(strcpy(name, path), ".new");
	block = malloc(BLOCK);
	if (block == NULL) {
		err = -errno;
		goto free_name;
	}
	out = open(name, O_WRONLY | O_CREAT | O_EXCL, 0666);
	if (out == -1) {
		err = -errno;
		goto free_block;
	}
	for (size_t i = 0; i < n; i++) {
		err = add(chapters[i], out, block, &lines);
		if (err < 0)
			goto close_out;
	}
close_out:
	if (close(out) == -1 && err == 0)
		err = -errno;
	if (err == 0 && rename(name, path) == -1)
		err = -errno;
	if (err == 0)
		*ret_lines = lines;
	else
		remove(name);
free_block:
	free(block);
free_name:
	free(name);
	return err;
}
