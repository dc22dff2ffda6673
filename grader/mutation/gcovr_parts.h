/* gcovr_parts.h - where gcovr's modules stand. It is a Python program; one that
 * pip, pipx or a virtual environment has installed imports from folders that no
 * cell shows. */
#ifndef MUTATION_GCOVR_PARTS_H
#define MUTATION_GCOVR_PARTS_H

#include "build/tool_parts.h"

/* Finds what the gcovr in PATH needs beside the system's own folders; the Python
 * that it names is asked when one of the two is not the system's. 0, and
 * tool_parts_release frees *ret_parts: folders for its cell, and the variables to
 * start it with there; -ENOENT when there is no gcovr; -ENOPKG when no Python can
 * be asked, or knows it; or another negative errno. Source: the Python manual,
 * "The initialization of the sys.path module search path". */
int gcovr_parts_find(struct tool_parts *ret_parts);

#endif
