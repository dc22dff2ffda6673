/* note.h - a note that is saved in a file.
 *
 * CONTRACT 1  When note_save has returned, with success or with an error, the
 *             file that it opened is closed, and was closed once.
 * CONTRACT 2  When it returns 0, the file at PATH holds TEXT and a newline,
 *             and nothing else.
 * CONTRACT 3  When it could not open the file, write to it or close it, or
 *             get the memory that it needs, it returns -1.
 */
#ifndef NOTE_H
#define NOTE_H

/* Saves TEXT, one line without its newline, in the file at PATH. Returns 0 or
 * -1. */
int note_save(const char *path, const char *text);

#endif
