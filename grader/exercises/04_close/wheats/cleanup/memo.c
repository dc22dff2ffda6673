/* memo.c - memory that ends with its scope, and text that grows. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "memo.h"

struct memo {
	int fd;
	char *text;
	size_t len;
};

/* Frees a memo whose file is closed. */
static void free_memo(struct memo **memo)
{
	if (*memo)
		free((*memo)->text);
	free(*memo);
}

#define FREED_WITH_SCOPE __attribute__((cleanup(free_memo)))

/* Takes the memo out of the variable that would free it. */
static struct memo *given_away(struct memo **memo)
{
	struct memo *m = *memo;

	*memo = NULL;
	return m;
}

int memo_open(const char *path, struct memo **ret_memo)
{
	int fd = creat(path, 0666);
	struct memo *m;

	if (fd < 0)
		return -errno;
	m = calloc(1, sizeof *m);
	if (!m) {
		close(fd);
		return -ENOMEM;
	}
	m->fd = fd;
	*ret_memo = m;
	return 0;
}

int memo_add(struct memo *memo, const char *text)
{
	size_t n = strlen(text);
	char *longer;

	if (n > MEMO_MAX - memo->len)
		return -EFBIG;
	longer = realloc(memo->text, memo->len + n + 1);
	if (!longer)
		return -ENOMEM;
	memcpy(longer + memo->len, text, n);
	memo->text = longer;
	memo->len += n;
	return 0;
}

/* Writes all that is left; a write that a signal interrupts is made again. */
static int write_rest(int fd, const char *rest, size_t len)
{
	ssize_t n;

	if (len == 0)
		return 0;
	n = write(fd, rest, len);
	if (n < 0)
		return errno == EINTR ? write_rest(fd, rest, len) : -errno;
	return write_rest(fd, rest + n, len - (size_t)n);
}

/* An interrupted close has closed, and is no error here. */
static int close_file(int fd)
{
	return close(fd) < 0 && errno != EINTR ? -errno : 0;
}

int memo_close(struct memo **memo)
{
	FREED_WITH_SCOPE struct memo *m = memo ? given_away(memo) : NULL;
	int written, closed;

	if (!m)
		return 0;
	written = write_rest(m->fd, m->text, m->len);
	closed = close_file(m->fd);
	return written ? written : closed;
}
