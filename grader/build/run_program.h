/* run_program.h - a folder of our own for a moment, and programs built in it. */
#ifndef BUILD_RUN_PROGRAM_H
#define BUILD_RUN_PROGRAM_H

#include <limits.h>
#include "catalog/catalog.h"
#include "base/process.h"

enum { RUN_PROGRAM_SECONDS = 5 };

/* Makes a new folder: 0 and its path, to be ended by run_program_remove; or a
 * negative errno. */
int run_program_make(char ret_path[PATH_MAX]);

/* Removes the folder and all in it, and clears PATH; nothing on an empty
 * one. */
void run_program_remove(char path[PATH_MAX]);

/* Compiles SOURCES of the folder DIR with the libraries LINKED into
 * SCRATCH/program: as for process_run. */
int run_program_build(const char *scratch, const char *dir,
		  const struct names *sources, const struct names *linked,
		  struct ended *ret_ended);

/* Runs SCRATCH/program with one ARGUMENT, or NULL, for at most
 * RUN_PROGRAM_SECONDS: as for process_run. */
int run_program_run(const char *scratch, const char *argument,
		struct ended *ret_ended);

/* Says how a program ended: "exit status 0", "ended by SIGTERM". */
void run_program_ending(const struct ended *ended, char *ret_text, size_t size);

#endif
