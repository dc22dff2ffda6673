/* note.c - one way out for all that comes after the open. */
#include <stdio.h>
#include "note.h"

/* Saves the text by one call and the newline by another. */
int note_save(const char *path, const char *text)
{
	int rc = -1;
	FILE *file = fopen(path, "w");

	if (file == NULL)
		return -1;
	if (fputs(text, file) == EOF)
		goto close_file;
	if (fputc('\n', file) == EOF)
		goto close_file;
	rc = 0;
close_file:
	if (fclose(file) == EOF)
		rc = -1;
	return rc;
}
