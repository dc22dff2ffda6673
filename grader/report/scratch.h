/* scratch.h - a folder of our own for a moment, and programs built in it. */
#ifndef SCRATCH_H
#define SCRATCH_H

#include <limits.h>
#include "../catalog.h"
#include "../spawn.h"

enum { SCRATCH_SECONDS = 5 };

/* Makes a new folder: 0 and its path, to be ended by scratch_remove; or a
 * negative errno. */
int scratch_make(char ret_path[PATH_MAX]);

/* Removes the folder and all in it, and clears PATH; nothing on an empty
 * one. */
void scratch_remove(char path[PATH_MAX]);

/* Compiles SOURCES of the folder DIR with the libraries LINKED into
 * SCRATCH/program: as for spawn_run. */
int scratch_build(const char *scratch, const char *dir,
		  const struct names *sources, const struct names *linked,
		  struct ended *ret_ended);

/* Runs SCRATCH/program with one ARGUMENT, or NULL, for at most
 * SCRATCH_SECONDS: as for spawn_run. */
int scratch_run(const char *scratch, const char *argument,
		struct ended *ret_ended);

/* Says how a program ended: "exit status 0", "ended by SIGTERM". */
void scratch_ending(const struct ended *ended, char *ret_text, size_t size);

#endif
