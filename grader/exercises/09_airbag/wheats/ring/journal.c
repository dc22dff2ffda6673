/* journal.c - a correct version: each step stands inside the one before. */
#include "journal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "airbag.h"

struct journal {
	FILE *stream;
	struct airbag *note;
};

/* What a step acquired is given back where its block ends. */
int journal_open_at(const char *path, const char *file, int line,
		    struct journal **ret_journal)
{
	int rc = -ENOMEM;
	FILE *stream = fopen(path, "a");

	if (stream) {
		struct journal *made = malloc(sizeof(*made));

		if (made) {
			made->stream = stream;
			rc = airbag_arm(path, file, line, &made->note);
			if (rc == 0)
				*ret_journal = made;
			else
				free(made);
		}
		if (rc != 0)
			fclose(stream);
	} else {
		rc = -errno;
	}
	return rc;
}

/* All of TEXT, in the file by the time that this returns, or an error. */
int journal_write(struct journal *journal, const char *text)
{
	size_t size = strlen(text);

	if (fwrite(text, 1, size, journal->stream) == size &&
	    fflush(journal->stream) == 0)
		return 0;
	return -errno;
}

/* Everything ends here, whatever fclose says; then its word is passed on. */
int journal_close(struct journal **journal)
{
	int rc = 0;

	if (*journal) {
		rc = fclose((*journal)->stream) == 0 ? 0 : -errno;
		airbag_disarm(&(*journal)->note);
		free(*journal);
		*journal = NULL;
	}
	return rc;
}
