/* tickets.c - a function for each thing: it acquires, lends, releases. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include "tickets.h"

enum { ROOM = 1024, LINE = 64 };

/* Copies every seat, its number before it. */
static int number_seats(FILE *from, FILE *to)
{
	char line[LINE];

	for (int n = 1; fgets(line, sizeof line, from) != NULL; n++) {
		if (fprintf(to, "%d ", n) < 0 || fputs(line, to) == EOF)
			return -EIO;
	}
	if (ferror(from))
		return -EIO;
	return 0;
}

/* Opens the sheet, which holds its text back in ROOM, for one printing. */
static int with_sheet(FILE *seats, char *room, const char *path)
{
	FILE *sheet = fopen(path, "w");
	int printed, closed;

	if (!sheet)
		return -errno;
	setvbuf(sheet, room, _IOFBF, ROOM);
	printed = number_seats(seats, sheet);
	closed = fclose(sheet) == 0 ? 0 : -errno;
	return printed < 0 ? printed : closed;
}

/* Allocates the room for one printing. */
static int with_room(FILE *seats, const char *path)
{
	char *room = malloc(ROOM);
	int err;

	if (!room)
		return -ENOMEM;
	err = with_sheet(seats, room, path);
	free(room);
	return err;
}

/* Opens the list for one printing; also the end of the list is told. */
int print_tickets(const char *list, const char *sheet)
{
	FILE *seats = fopen(list, "r");
	int err;

	if (!seats)
		return -errno;
	err = with_room(seats, sheet);
	if (fclose(seats) != 0 && err == 0)
		err = -errno;
	return err;
}
