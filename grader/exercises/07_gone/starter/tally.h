/* tally.h - counts the lines of files, and says at the end how many.
 *
 * Its words are one line, "NAME: LINES lines, FILES files, UNREAD unread\n".
 * A program has one tally: start is called once, and before the others.
 *
 * TALLY 1  start begins with nothing counted, and from then on the last
 *          words will be said. It opens nothing. It returns 0; or a
 *          negative errno, as when atexit fails, and then no words will be
 *          said.
 * TALLY 2  NAME is the caller's, and is read while start runs, not later.
 *          LOG is the caller's too, and is written to while report runs,
 *          not later: who needs no more reports may close it.
 * TALLY 3  file adds the lines of the file at PATH to LINES, and one to
 *          FILES, and returns 0; or it returns a negative errno, and adds
 *          one to UNREAD and nothing else. (How the close of the file went
 *          is free to tell or not.) What it opened is closed either way.
 * TALLY 4  report writes the words, as they are by now, to LOG. It returns
 *          0 or a negative errno.
 * TALLY 5  When the program ends by exit, or by return from main, stderr
 *          is told the words as they are by then, once; the exit status
 *          stays as it was. No other way of leaving tells them: _exit,
 *          quick_exit, abort, a signal.
 * TALLY 6  The last words need nobody. They are said whoever has cleared
 *          up before them, and even if every call that asks for memory or
 *          for a file is refused.
 */
#ifndef TALLY_H
#define TALLY_H

#include <stdio.h>

/* Starts the tally. NAME has 40 bytes at most. */
int tally_start(const char *name, FILE *log);

/* Counts a text file. Its lines have 80 bytes at most, and each of them, the
 * last one too, ends with a newline. */
int tally_file(const char *path);

/* Tells how it stands. */
int tally_report(void);

#endif
