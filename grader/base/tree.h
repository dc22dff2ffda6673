/* tree.h - folders with all that is in them: made, measured, emptied, removed.
 * No function here follows a link, and a tree may be deeper than any path. */
#ifndef BASE_TREE_H
#define BASE_TREE_H

#include <stdbool.h>

/* Makes the folder PATH and the folders above it, as far as they are missing: 0 or
 * a negative errno, -ENOTDIR when something else has one of the names. */
int make_folders(const char *path);

/* Returns whether more than FOLDER_BYTES_MAX bytes of disk or FOLDER_ENTRIES_MAX
 * entries (limits.h) are in the folder PATH and below it. */
bool folder_overflows(const char *path);

/* Removes all that is in the folder PATH, as far as it can, but for the entry
 * KEEP; NULL keeps nothing. */
void empty_folder(const char *path, const char *keep);

/* Removes the files in the folder PATH whose names end with ENDING, such as
 * ".gcda"; folders, and what is in them, stay. 0, or the first negative errno. */
int remove_files(const char *path, const char *ending);

/* Empties the /tmp that a cell has alone (bubblewrap's, see sandbox/cell.c), but
 * for what is mounted in it: a work folder may be there. It does nothing unless
 * this is process 1 and /tmp a file system in memory of CELL_TMP_BYTES, for then
 * it is the cell's and not the machine's. */
void empty_tmp(void);

/* Empties and removes the folder PATH, or removes the file PATH, as far as it can.
 * A folder of make_own_folder is removed by remove_own_folder (temporary.h). */
void remove_tree(const char *path);

#endif
