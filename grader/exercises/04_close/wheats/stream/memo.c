/* memo.c - a stream gathers the text in a buffer of the memo's own. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "memo.h"

struct memo {
	FILE *file;
	size_t room;
	char buffer[2 * MEMO_MAX];
};

/* Fills a memo whose stream is open. */
static struct memo *fill(struct memo *m, FILE *file)
{
	m->file = file;
	m->room = MEMO_MAX;
	setvbuf(file, m->buffer, _IOFBF, sizeof m->buffer);
	return m;
}

/* Opens the stream first, then asks for the memory. */
int memo_open(const char *path, struct memo **ret_memo)
{
	FILE *file = fopen(path, "w");
	struct memo *m;

	if (!file)
		return -errno;
	m = malloc(sizeof *m);
	if (!m) {
		fclose(file);
		return -ENOMEM;
	}
	*ret_memo = fill(m, file);
	return 0;
}

int memo_add(struct memo *memo, const char *text)
{
	size_t len = strlen(text);

	if (len > memo->room)
		return -EFBIG;
	if (fputs(text, memo->file) == EOF)
		return -errno;
	memo->room -= len;
	return 0;
}

/* Takes the memo away from its caller. */
static struct memo *take(struct memo **memo)
{
	struct memo *taken = memo ? *memo : NULL;

	if (taken)
		*memo = NULL;
	return taken;
}

/* One call writes and closes; the buffer may go only after it. */
int memo_close(struct memo **memo)
{
	struct memo *m = take(memo);
	int err = 0;

	if (m) {
		if (fclose(m->file) != 0)
			err = -errno;
		free(m);
	}
	return err;
}
