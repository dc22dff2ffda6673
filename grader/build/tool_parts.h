/* tool_parts.h - where the parts of a tool are. A cell shows the system's own
 * folders; a compiler, or a Python program, that is installed elsewhere (/opt, a
 * module, a home) has its parts beside it, and only the tool itself knows where.
 */
#ifndef BUILD_TOOL_PARTS_H
#define BUILD_TOOL_PARTS_H

#include <stddef.h>

enum { PART_FOLDERS = 32, PART_VARIABLES = 4 };

/* Folders that a tool needs beside the system's own, and the variables to start it
 * with. Both lists end with a NULL. */
struct tool_parts {
	char *folder[PART_FOLDERS + 1];
	size_t n;
	const char *env[PART_VARIABLES];
	char *variable;	/* the one of them that was made, or NULL */
};

/* Finds the parts of the gcc in PATH, and the variables for all compilers. gcc is
 * asked only when one in PATH is not the system's own: 0, and tool_parts_release
 * frees; or a negative errno, and there is nothing to free.
 * Source: the gcc manual, "Overall Options", -v. */
int compiler_parts_find(struct tool_parts *ret_parts);

/* Adds PATH, a folder, and the real path of it, unless a cell shows them already
 * or they are no folders: 0 or a negative errno. */
int tool_parts_add(struct tool_parts *parts, const char *path);

void tool_parts_release(struct tool_parts *parts);

#endif
