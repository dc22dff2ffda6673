/* journal.c - a correct version: the scope closes what nobody took out of
 * it. (The cleanup attribute is an extension of gcc and clang.) */
#include "journal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include "airbag.h"

struct journal {
	FILE *stream;
	struct airbag *warning;
};

/* A journal that owns nothing yet, NULL when there is no memory. */
static struct journal *blank(void)
{
	return calloc(1, sizeof(struct journal));
}

/* Runs when the scope ends; a journal that was taken out is NULL. */
static void drop(struct journal **journal)
{
	journal_close(journal);
}

/* Takes the journal out of the scope's hands. */
static struct journal *take(struct journal **journal)
{
	struct journal *taken = *journal;

	*journal = NULL;
	return taken;
}

/* Every early return leaves by drop. */
int journal_open_at(const char *path, const char *file, int line,
		    struct journal **ret_journal)
{
	__attribute__((cleanup(drop))) struct journal *journal = blank();

	if (!journal)
		return -ENOMEM;
	journal->stream = fopen(path, "a");
	if (!journal->stream)
		return -errno;
	if (airbag_arm(path, file, line, &journal->warning) != 0)
		return -ENOMEM;
	*ret_journal = take(&journal);
	return 0;
}

/* Formatting may fail as well as writing: both give a negative count. */
int journal_write(struct journal *journal, const char *text)
{
	return fprintf(journal->stream, "%s", text) < 0 ? -errno : 0;
}

/* Fit for a journal that was only half opened, too. */
int journal_close(struct journal **journal)
{
	struct journal *j = take(journal);
	int err = 0;

	if (!j)
		return 0;
	if (j->stream && fclose(j->stream) != 0)
		err = -errno;
	airbag_disarm(&j->warning);
	free(j);
	return err;
}
