/* build.h - from C files to a library whose resource calls are redirected. */
#ifndef BUILD_BUILD_H
#define BUILD_BUILD_H

#include <limits.h>
#include <stdbool.h>
#include "sandbox/cell.h"
#include "catalog/catalog.h"
#include "base/process.h"
#include "verdict/verdict.h"

/* Processor time of one compiler. */
enum { COMPILE_MS = 10000 };

enum part {
	PART_SUBJECT,	/* what correct and broken versions replace */
	PART_SUPPORT,	/* other code that is handed in */
	PART_TESTS,	/* the learner's tests: not redirected */
};

/* One library to be built: its C files stand in SOURCE, its objects go to
 * OBJECTS, a folder of its own that is there. In a sandbox the library has to
 * stand in OBJECTS too: nothing else can be written. */
struct library {
	enum part part;
	const struct names *files;	/* those that end in .c are compiled */
	char source[PATH_MAX];
	char objects[PATH_MAX];
	char path[PATH_MAX];		/* the library itself */
	bool failed;			/* it did not compile */
	enum outcome why;		/* and what that comes to */
	char *diagnostics;		/* what was said then, cut; owned */
};

/* A build under way. Borrows the libraries. */
struct building {
	struct library *libraries;
	size_t n;
	struct process process;
	char why[256];	/* what the program that runs the compilers said of itself,
			 * when it did not come to its end; "" for nothing */
};

/* Starts to build N libraries of EXERCISE, several programs at a time: 0, and
 * build_finish or build_end takes *ret_building; or a negative errno. ROOT is the
 * workbook; its headers come first. SANDBOX is NULL for files of our own. */
int build_start(const char *root, const struct exercise *exercise,
		const struct sandbox *sandbox, struct library libraries[],
		size_t n, struct building *ret_building);

/* Waits for it: 0, also when a library did not compile (see failed); or a negative errno
 * when it cannot be told whether one does: -ENOENT when there is no compiler, -ENOEXEC
 * when the sandbox could not be entered, -EIO when what runs the compilers was ended
 * (why says more of these two), or what kept a compiler from being started. */
int build_finish(struct building *building);

/* Ends it, how far it may be; does nothing on one that is finished. */
void build_end(struct building *building);

/* Starts and finishes it: as build_finish. */
int build_libraries(const char *root, const struct exercise *exercise,
		    const struct sandbox *sandbox, struct library libraries[],
		    size_t n);

/* Compiles check.h ahead, to build/pch/check.h.gch.new, which make renames: check.h is
 * two thirds of what the compiler reads of a learner's tests. Only a matter of speed:
 * gcc passes over it when it does not fit. 0 or a negative errno. Source: the gcc
 * manual, "Using Precompiled Headers". */
int build_header(const char *root);

/* Frees what the libraries own. */
void libraries_release(struct library libraries[], size_t n);

#endif
