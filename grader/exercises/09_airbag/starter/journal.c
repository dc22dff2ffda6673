/* journal.c - an owner that closes what it opened, when it is asked to. */
#include "journal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* TODO: give the owner an airbag: armed once there is something to close,
 * disarmed when it has been closed. FILE and LINE are meant for it. */
struct journal {
	FILE *stream;
};

/* Opens the stream, and gives it to the caller in a journal. */
int journal_open_at(const char *path, const char *file, int line,
		    struct journal **ret_journal)
{
	struct journal *journal = calloc(1, sizeof(*journal));

	(void)file;
	(void)line;
	if (!journal)
		return -ENOMEM;
	journal->stream = fopen(path, "a");
	if (!journal->stream) {
		int err = -errno;

		free(journal);
		return err;
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
	free(*journal);
	*journal = NULL;
	return err;
}
