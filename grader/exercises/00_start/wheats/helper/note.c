/* note.c - the writer borrows the file; who opened it closes it. */
#include <stdio.h>
#include "note.h"

/* Writes one line into a file that stays the caller's. */
static int write_line(FILE *file, const char *text)
{
	return fprintf(file, "%s\n", text) < 0 ? -1 : 0;
}

/* Saves a note: open and close stand side by side. */
int note_save(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	int written = -1, closed = -1;

	if (file) {
		written = write_line(file, text);
		closed = fclose(file) == 0 ? 0 : -1;
	}
	return written < 0 ? written : closed;
}
