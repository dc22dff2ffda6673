/* paper.c - opens and closes a paper; given, and sound. */
#include "paper.h"

#include <errno.h>

/* Opens for writing, and empties what was there. */
int paper_open(const char *lend_path, FILE **ret_paper)
{
	FILE *paper = fopen(lend_path, "w");

	if (!paper)
		return -errno;
	*ret_paper = paper;
	return 0;
}

/* Closes; a paper whose close fails is closed. */
int paper_close(FILE *give_paper)
{
	return fclose(give_paper) != 0 ? -errno : 0;
}
