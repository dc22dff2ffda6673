/* load.h - brings the code under test into a forked process.
 *
 * Each library is copied into memory first, always under the same name, so
 * that the code under test cannot tell by its path which version it is. A
 * library that is loaded twice into one process would be the same one (the
 * loader compares names and inodes): load once in each fork.
 */
#ifndef RUNTIME_LOAD_H
#define RUNTIME_LOAD_H

#include <stdint.h>

/* Loads the library at PATH with its symbols for all that is loaded after it.
 * MODULE is its number for the watch, -1 for a library not watched.
 * Returns its handle, or NULL with the reason on standard error. */
void *load_library(const char *path, int module);

/* Has the counters of the code under test written into FOLDER, now or when it
 * exits: if it cannot write them there, it says so on standard error. Source: the
 * gcov manual, "Data File Relocation". */
void load_counters_into(const char *folder);

#endif
