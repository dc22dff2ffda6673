/* note.h - a note to yourself, kept in a file.
 *
 * CONTRACT 1  Once note_save has returned, whatever it returned, the file
 *             that it opened is closed, and was closed once.
 * CONTRACT 2  When it returns 0, the file at PATH holds TEXT and a newline,
 *             and nothing else.
 * CONTRACT 3  It returns -1 when it could not open the file, write to it or
 *             close it.
 */
#ifndef NOTE_H
#define NOTE_H

/* Saves TEXT, one line without its newline, in the file at PATH: 0, or -1. */
int note_save(const char *path, const char *text);

#endif
