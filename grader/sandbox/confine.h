/* confine.h - the last step into a cell: shuts the door from inside. Words tell how:
 *
 *	FILTER STARTED USER PROCESSES FOLDER [-r PATH] [-d PATH] [-w PATH]... --
 *
 * FILTER is a file that holds a seccomp filter as seccomp_filter.c makes it. STARTED is a
 * descriptor that gets one byte when all is shut. USER is whom to become, 0 for
 * nobody else. PROCESSES is how many there may be, FOLDER where to work. With any
 * path, Landlock keeps the rest of the files away: -r may be read and run, -d is a
 * device, -w is a folder to write in.
 */
#ifndef SANDBOX_CONFINE_H
#define SANDBOX_CONFINE_H

/* The word by which a program of ours is told that such words follow. */
#define CONFINE_WORD "--confine"

/* Does what WORDS say and returns what stands behind their "--". What fails ends
 * the process with the status 126, before STARTED was told. */
char **confine(char **words);

/* For the main of a program of ours, which needs no helper to do that before it: when
 * ARGV begins with CONFINE_WORD, does what the words behind it say and returns ARGV as
 * if they had not been there; else returns ARGV. */
char **confine_own(char **argv);

#endif
