/* temporary.h - the temporary folders of the grader, all of which are made here.
 *
 * Such a folder is called brakes.PID.XXXXXX and holds a marker: a file that only
 * make_own_folder writes and that names the folder, the process that made it and
 * the boot of the machine. The marker is locked as long as that process, or a child
 * that was forked from it and started no other program, lives. A folder without a
 * valid marker is never touched, whatever it is called; one whose marker has no
 * lock, since the grader was killed, is removed when the next one is made.
 */
#ifndef BASE_TEMPORARY_H
#define BASE_TEMPORARY_H

#include <stdbool.h>
#include <stddef.h>

/* What a folder is for: programs cannot be run where a file system is mounted
 * noexec. */
enum folder_use { FOLDER_FOR_FILES, FOLDER_FOR_PROGRAMS };

/* Makes a new folder under TMPDIR; without that variable in memory (/dev/shm) if
 * there is room, else under /tmp. One that is FOR_PROGRAMS is made under /tmp,
 * /var/tmp or the workbook's build/ where no program can be run under the first. 0
 * and its absolute path in RET_PATH of SIZE bytes, which the caller removes by
 * remove_own_folder; or a negative errno, with a sentence for the user in *RET_WHY
 * that the caller frees: it names the place and says what to do. */
int make_own_folder_for(enum folder_use use, char *ret_path, size_t size,
			char **ret_why);

/* Makes a new folder for files, without the sentence: 0 or a negative errno. */
int make_own_folder(char *ret_path, size_t size);

/* Returns whether PATH is a folder that make_own_folder made for our user. */
bool is_own_folder(const char *path);

/* Empties and removes the folder PATH of make_own_folder. The marker goes last, so
 * that what is left is still known when this process is killed. */
void remove_own_folder(const char *path);

#endif
