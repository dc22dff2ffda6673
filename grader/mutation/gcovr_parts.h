/* gcovr_parts.h - where gcovr's modules stand. It is a Python program; one that
 * pip, pipx or a virtual environment has installed imports from folders that no
 * cell shows. */
#ifndef MUTATION_GCOVR_PARTS_H
#define MUTATION_GCOVR_PARTS_H

#include <limits.h>
#include "build/tool_parts.h"

enum { GCOVR_WORDS = 4, GCOVR_LINE = PATH_MAX + 8 };

/* What the gcovr in PATH is started with. */
struct gcovr_parts {
	struct tool_parts tool;	/* folders for its cell, variables for it there */
	const char *word[GCOVR_WORDS + 1]; /* what comes before its own arguments */
	char line[GCOVR_LINE];	/* which some of them stand in */
};

/* Finds how the gcovr in PATH is started, and what it needs beside the system's own
 * folders; the Python that it names is asked when one of the two is not the system's. 0,
 * and tool_parts_release frees ret_parts->tool; -ENOENT when there is no gcovr; -ENOPKG
 * when no Python can be asked, or knows it; or another negative errno. Source: the Python
 * manual, "The initialization of the sys.path module search path". */
int gcovr_parts_find(struct gcovr_parts *ret_parts);

#endif
