/* memo.c - gathers a text in memory and writes it when it is closed. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "memo.h"

struct memo {
	int fd;
	size_t len;
	char text[MEMO_MAX];
};

/* Opens the file; a memo without one is given up again. */
int memo_open(const char *path, struct memo **ret_memo)
{
	struct memo *m = malloc(sizeof *m);
	int err;

	if (!m)
		return -ENOMEM;
	m->len = 0;
	m->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (m->fd < 0) {
		err = -errno;
		free(m);
		return err;
	}
	*ret_memo = m;
	return 0;
}

/* Keeps a text behind those that came before it. */
int memo_add(struct memo *memo, const char *text)
{
	size_t n = strlen(text);

	if (n > sizeof memo->text - memo->len)
		return -EFBIG;
	memcpy(memo->text + memo->len, text, n);
	memo->len += n;
	return 0;
}

/* Writes all that was kept: one write may take only a part of it. */
static int write_text(const struct memo *m)
{
	size_t done = 0;

	while (done < m->len) {
		ssize_t n = write(m->fd, m->text + done, m->len - done);

		if (n < 0)
			return -errno;
		done += (size_t)n;
	}
	return 0;
}

/* TODO: while all goes well and the caller comes once, this is a close. Let
 * it be one when a call fails, and when the caller comes again. */

/* Ends a memo; one that cannot be written stays open, to be tried again. */
int memo_close(struct memo **memo)
{
	struct memo *m;
	int err;

	if (!memo || !*memo)
		return 0;
	m = *memo;
	err = write_text(m);
	if (err < 0)
		return err;
	while (close(m->fd) < 0)
		if (errno != EINTR)
			return -errno;
	free(m);
	return 0;
}
