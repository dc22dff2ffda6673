/* journal.c - a correct version: each label undoes one step. */
#include "journal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include "airbag.h"

struct journal {
	struct airbag *airbag;
	FILE *file;
};

/* One way in, and one way out of what has failed. */
int journal_open_at(const char *path, const char *file, int line,
		    struct journal **ret_journal)
{
	int rc = -ENOMEM;
	struct journal *j = malloc(sizeof(*j));

	if (j == NULL)
		goto fail;
	j->file = fopen(path, "a");
	if (j->file == NULL) {
		rc = -errno;
		goto free_journal;
	}
	rc = airbag_arm(path, file, line, &j->airbag);
	if (rc < 0)
		goto close_file;
	*ret_journal = j;
	return 0;

close_file:
	fclose(j->file);
free_journal:
	free(j);
fail:
	return rc;
}

/* A stream that could not take the text has set errno. */
int journal_write(struct journal *journal, const char *text)
{
	if (fputs(text, journal->file) == EOF)
		return -errno;
	return 0;
}

/* The handle is cleared first, so that nobody closes it twice. */
int journal_close(struct journal **journal)
{
	struct journal *j = *journal;
	int rc = 0;

	if (j == NULL)
		return 0;
	*journal = NULL;
	airbag_disarm(&j->airbag);
	if (fclose(j->file) == EOF)
		rc = -errno;
	free(j);
	return rc;
}
