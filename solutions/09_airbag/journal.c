/* journal.c - an owner that closes what it opened, when it is asked to. */
#include "journal.h"
#include "airbag.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* An owner and what it owns: the stream, and the note that it is open. */
struct journal {
	FILE *stream;
	struct airbag *bag;
};

/* Arms last, when there is something to close. Should that fail, the close
 * undoes it: for a bag that was never armed, to disarm is to do nothing. */
int journal_open_at(const char *path, const char *file, int line,
		    struct journal **ret_journal)
{
	struct journal *journal = calloc(1, sizeof(*journal));

	if (!journal)
		return -ENOMEM;
	journal->stream = fopen(path, "a");
	if (!journal->stream) {
		int err = -errno;

		free(journal);
		return err;
	}
	if (airbag_arm(path, file, line, &journal->bag) < 0) {
		journal_close(&journal);
		return -ENOMEM;
	}
	*ret_journal = journal;
	return 0;
}

/* Leaves TEXT with the stream, which may pass it on later. */
int journal_write(struct journal *journal, const char *text)
{
	return fputs(text, journal->stream) < 0 ? -errno : 0;
}

/* Closes once: the stream is gone even when fclose says that it failed. */
int journal_close(struct journal **journal)
{
	int err = 0;

	if (!*journal)
		return 0;
	if (fclose((*journal)->stream) != 0)
		err = -errno;
	airbag_disarm(&(*journal)->bag);
	free(*journal);
	*journal = NULL;
	return err;
}
