/* tickets.h - prints a ticket for every seat of a list.
 *
 * A list is a text file with one seat in each line, the last one too; a
 * seat has 20 bytes at most. A sheet of tickets is a text file with one
 * line for each seat, in the order of the list, "NUMBER SEAT": "1 A7".
 *
 * CONTRACT 1  Once print_tickets has returned, with success or with an
 *             error, everything that it opened is closed, and everything
 *             that it allocated is freed, once.
 * CONTRACT 2  On success the sheet holds the tickets, numbered from 1, and
 *             nothing of what the file held before.
 * CONTRACT 3  When a file cannot be opened it returns the negative errno of
 *             that open; when there is no memory, -ENOMEM.
 * CONTRACT 4  The first seat that cannot be read, and the first ticket that
 *             cannot be written, ends the printing: -EIO.
 * CONTRACT 5  When closing the sheet fails, tickets may be lost: the
 *             close's negative errno is returned, or the earlier error if
 *             there was one. (How the close of the list went is free to
 *             tell or not: nothing can be lost there.)
 * CONTRACT 6  On failure the sheet may be missing, or what it was before
 *             the call, or hold the tickets up to some point, but never
 *             anything else.
 */
#ifndef TICKETS_H
#define TICKETS_H

/* Prints into the file SHEET a ticket for each seat in the file LIST. 0 or
 * a negative errno. */
int print_tickets(const char *list, const char *sheet);

#endif
