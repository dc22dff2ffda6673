/* memo.c - a label for each thing that is to be undone. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "memo.h"

struct memo {
	char *text;
	int fd;
};

int memo_open(const char *path, struct memo **ret_memo)
{
	struct memo *m = calloc(1, sizeof *m);
	int err;

	if (m == NULL)
		return -ENOMEM;
	m->text = calloc(1, MEMO_MAX + 1);
	if (m->text == NULL) {
		err = -ENOMEM;
		goto free_memo;
	}
	m->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (m->fd == -1) {
		err = -errno;
		goto free_text;
	}
	*ret_memo = m;
	return 0;
free_text:
	free(m->text);
free_memo:
	free(m);
	return err;
}

int memo_add(struct memo *memo, const char *text)
{
	if (strlen(memo->text) + strlen(text) > MEMO_MAX)
		return -EFBIG;
	strcat(memo->text, text);
	return 0;
}

/* Jumps to the close when a write fails; the text may be empty. */
int memo_close(struct memo **memo)
{
	struct memo *m;
	const char *rest;
	ssize_t n;
	int err = 0;

	if (memo == NULL || *memo == NULL)
		return 0;
	m = *memo;
	for (rest = m->text; *rest != '\0'; rest += n) {
		n = write(m->fd, rest, strlen(rest));
		if (n == -1) {
			err = -errno;
			goto close_file;
		}
	}
close_file:
	if (close(m->fd) == -1 && err == 0)
		err = -errno;
	free(m->text);
	free(m);
	*memo = NULL;
	return err;
}
