/* note.c - the scope closes the file, and the last close reports. */
#include <stdio.h>
#include <string.h>
#include "note.h"

/* Closes the file, unless that was done before. */
static void drop(FILE **file)
{
	if (*file)
		fclose(*file);
}

/* Saves a note; the explicit close at the end tells what a scope cannot. */
int note_save(const char *path, const char *text)
{
	__attribute__((cleanup(drop))) FILE *file = fopen(path, "w");
	size_t length = strlen(text);
	FILE *last;

	if (!file)
		return -1;
	if (fwrite(text, 1, length, file) != length)
		return -1;
	if (fputs("\n", file) < 0)
		return -1;
	last = file;
	file = NULL;
	return fclose(last) == 0 ? 0 : -1;
}
