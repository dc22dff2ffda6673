/* toolchain.h - where the compiler's parts stand. A cell shows the system's own folders; a
 * compiler that somebody has installed elsewhere (/opt, a module, a home) has its parts
 * beside it, and only the compiler itself knows where. */
#ifndef BUILD_TOOLCHAIN_H
#define BUILD_TOOLCHAIN_H

#include <stddef.h>

enum { TOOLCHAIN_FOLDERS = 32, TOOLCHAIN_VARIABLES = 4 };

/* Folders that a compiler needs beside the system's own, and the variables to start it
 * with. Both end with a NULL. */
struct toolchain {
	char *folder[TOOLCHAIN_FOLDERS + 1];
	size_t n;
	const char *env[TOOLCHAIN_VARIABLES];
	char *libraries;	/* LD_LIBRARY_PATH=..., or NULL */
};

/* Finds the parts of the gcc in PATH. It is asked only when one that stands there is not
 * the system's own: 0, and toolchain_release frees; or a negative errno, and there is
 * nothing to free. Source: the gcc manual, "Overall Options", -v. */
int toolchain_find(struct toolchain *ret_toolchain);

/* Adds PATH, a folder, and the real path of it, unless a cell shows them already or they
 * are no folders: 0 or a negative errno. */
int toolchain_add(struct toolchain *toolchain, const char *path);

void toolchain_release(struct toolchain *toolchain);

#endif
