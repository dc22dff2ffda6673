/* tickets.h - prints a ticket for each seat of a list.
 *
 * A list is a text file with one seat in each line. Each line, also the last,
 * ends with a newline. A seat has at most 20 bytes. A sheet is a text file with
 * one ticket in each line, in the order of the list, "NUMBER SEAT": "1 A7".
 *
 * CONTRACT 1  When print_tickets has returned, with success or with an error,
 *             everything that it opened is closed and everything that it
 *             allocated is freed, once.
 * CONTRACT 2  On success the sheet holds one ticket for each seat, numbered
 *             from 1, and nothing of what the file held before.
 * CONTRACT 3  When a file cannot be opened, it returns the negative errno of
 *             that open; when there is no memory, -ENOMEM.
 * CONTRACT 4  The first seat that cannot be read, or ticket that cannot be
 *             written, stops the printing, and it returns -EIO.
 * CONTRACT 5  When closing the sheet fails, it returns the negative errno of
 *             that close, or the earlier error if there was one. Whether it
 *             reports an error of closing the list is free: the list was only
 *             read, so nothing can be lost.
 * CONTRACT 6  On failure the sheet may be missing, or be what it was before
 *             the call, or hold the tickets up to some point, but never
 *             anything else.
 */
#ifndef TICKETS_H
#define TICKETS_H

/* Prints a ticket for each seat in the file LIST into the file SHEET. Returns 0
 * or a negative errno. */
int print_tickets(const char *list, const char *sheet);

#endif
