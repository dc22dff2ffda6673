/* run_program.h - a program of the workbook's: built in a temporary folder, and run
 * there as the learner would run it. */
#ifndef BUILD_RUN_PROGRAM_H
#define BUILD_RUN_PROGRAM_H

#include <stddef.h>
#include "base/limits.h"
#include "base/process.h"
#include "catalog/catalog.h"

/* Compiles SOURCES of the folder DIR with the libraries LINKED into FOLDER/program,
 * by the compiler that the variable CC names, options and all, else by cc. Returns
 * as process_run does, when the compiler ran; else -ENOENT when it is not there, or
 * another negative errno, with a sentence for the user in *RET_WHY that the caller
 * frees. */
int run_program_build(const char *folder, const char *dir,
		      const struct names *sources, const struct names *linked,
		      struct ended *ret_ended, char **ret_why);

/* Runs FOLDER/program with one ARGUMENT, or NULL, for at most RUN_PROGRAM_SECONDS:
 * as run_program_build does; -EACCES when no program can be run in FOLDER. */
int run_program_run(const char *folder, const char *argument,
		    struct ended *ret_ended, char **ret_why);

/* Writes into RET_TEXT of SIZE bytes how a program ended: "exit status 0", "ended by
 * SIGTERM". */
void run_program_ending(const struct ended *ended, char *ret_text, size_t size);

#endif
