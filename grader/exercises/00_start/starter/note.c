/* note.c - saves a note to yourself. */
#include <stdio.h>
#include "note.h"

/* TODO: one way out forgets the close. `make 00` names the line. */

/* Opens the file, writes one line into it, and closes it. */
int note_save(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	if (!file)
		return -1;
	if (fprintf(file, "%s\n", text) < 0) {
		return -1;
	}
	if (fclose(file) != 0)
		return -1;
	return 0;
}
