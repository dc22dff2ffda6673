/* tally.h - counts the lines of files, and prints the counts when the program
 * ends.
 *
 * A report is one line, "NAME: LINES lines, FILES files, UNREAD unread\n". The
 * report that the exit handler prints is called the last words.
 *
 * TALLY 1  tally_start begins with nothing counted and registers the exit
 *          handler. It leaves no file open. It returns 0; or it returns a
 *          negative errno, for example because atexit failed, and then no last
 *          words are printed. It is called once in a process, before the other
 *          functions.
 * TALLY 2  The caller owns NAME and LOG. The name is read while tally_start
 *          runs, and not later. The log is written to while tally_report runs,
 *          and not later: a caller that needs no more reports may close it.
 * TALLY 3  tally_file adds the lines of the file at PATH to LINES and 1 to
 *          FILES, and returns 0; or it returns a negative errno, and adds 1 to
 *          UNREAD and nothing else. If the open fails, the result is the
 *          negative errno of the open. Either way the file that it opened is
 *          closed, and what it allocated is freed. Whether it reports a failed
 *          close of the file is free, because the file was only read.
 * TALLY 4  tally_report writes the line to the log, with the counts of that
 *          moment. It returns 0; or it returns a negative errno, if the line
 *          could not be written.
 * TALLY 5  When the program ends by exit, or by a return from main, the same
 *          line, with the counts of that moment, is printed to stderr, once.
 *          The exit status does not change. No other exit prints it: _exit,
 *          quick_exit, abort, a fatal signal.
 * TALLY 6  The last words depend on no other code: they are printed no matter
 *          which cleanup ran before them, and even if every call that asks for
 *          memory or for a file fails.
 */
#ifndef TALLY_H
#define TALLY_H

#include <stdio.h>

/* Starts the tally. NAME has at most 40 bytes. */
int tally_start(const char *name, FILE *log);

/* Counts a text file. A line has at most 80 bytes, and each line, also the last
 * one, ends with a newline. */
int tally_file(const char *path);

/* Writes a report to the log. */
int tally_report(void);

#endif
