/* cell.h - a cell: what a program that handles a submission may see, and what
 * encloses it.
 *
 * There are three sorts, the strongest first:
 *	bubblewrap	namespaces of its own for files, processes, network and
 *			the rest; the program is process 1 in there, so that none
 *			of those it starts can end it, and all end with it
 *	landlock	the same view of the files, kept by Landlock; seccomp
 *			keeps it from the network
 *	limits		limits of time, memory, files and output alone
 * In the first two a seccomp filter refuses what no exercise needs (seccomp_filter.c), and
 * who starts as root goes on as an unprivileged user.
 *
 * Beyond what is named here, a program sees the system's own folders (cell.c has
 * the table), to read only.
 */
#ifndef SANDBOX_CELL_H
#define SANDBOX_CELL_H

#include <stdbool.h>
#include <sys/types.h>
#include "base/process.h"

enum { CELL_READS = 8, CELL_WRITES = 4 };

enum sandbox_sort {
	SANDBOX_LIMITS,
	SANDBOX_LANDLOCK,
	SANDBOX_BUBBLEWRAP,
	SANDBOX_SORTS
};

/* The confinement that a grading uses; see sandbox.h for the choice. */
struct sandbox {
	enum sandbox_sort sort;
	uid_t user;		/* whom its programs run as; 0: as we do */
	const char *root;	/* the workbook, whose build/ holds our helpers */
};

/* One program's cell. Borrows the paths, which are absolute. */
struct cell {
	struct enclosure enclosure;	 /* by CELL_ENCLOSURE */
	const struct sandbox *sandbox;
	const char *reads[CELL_READS];	 /* files and folders, up to a NULL */
	char *const *more_reads;	 /* likewise; NULL for none */
	const char *writes[CELL_WRITES]; /* folders, up to a NULL; the first is
					  * also for temporary files */
	unsigned processes;		 /* how many it may have at a time */
	bool own;			 /* the program is one of ours, and shuts
					  * the door itself: sandbox/confine.h */
};

/* Whether every cell shows PATH, an absolute one: it is of the system. */
bool cell_shows(const char *path);

/* What a sort is called in a verdict and on the command line. */
const char *sandbox_name(enum sandbox_sort sort);

/* What process.h calls to start a program in a cell. With limits alone it is started as
 * it is; its work folder and its variables are set all the same. */
const char *const *cell_enter(const struct enclosure *enclosure,
			      const char *const argv[], const char *dir,
			      const char *const env[], int started);
int cell_give(const struct enclosure *enclosure, int fd);

#define CELL_ENCLOSURE { .enter = cell_enter, .give = cell_give }

/* CELL as a program is given it; NULL for none. */
static inline const struct enclosure *cell_enclosure(const struct cell *cell)
{
	return cell ? &cell->enclosure : NULL;
}

/* Gives PATH, which is ours, to the user that programs of SANDBOX run as, who
 * may then write there: 0 or a negative errno. A link is not followed. */
int sandbox_give(const struct sandbox *sandbox, const char *path);

/* The same for what is open as FD, a pipe, say. */
int sandbox_give_open(const struct sandbox *sandbox, int fd);

/* Lets that user pass through PATH, a folder of ours, and through those above it
 * that are of make_own_folder, where a sandbox needs it: whoever has no mounts of
 * its own walks there from the root. 0 or a negative errno. */
int sandbox_open_folder(const struct sandbox *sandbox, const char *path);

#endif
