/* tickets.c - each thing is released with its scope, the youngest first. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include "tickets.h"

#define CLOSED_WITH_SCOPE __attribute__((cleanup(drop_file)))
#define FREED_WITH_SCOPE __attribute__((cleanup(drop_text)))

/* Closes what is open, clears it, and says how that went. */
static int close_file(FILE **file)
{
	FILE *last = *file;

	*file = NULL;
	return last && fclose(last) != 0 ? -errno : 0;
}

/* Closes on the ways out that have an error of their own to report. */
static void drop_file(FILE **file)
{
	close_file(file);
}

/* Frees the text; free takes NULL too. */
static void drop_text(char **text)
{
	free(*text);
}

/* The sheet is opened first: when it cannot be, no seat is read. */
int print_tickets(const char *list, const char *sheet)
{
	CLOSED_WITH_SCOPE FILE *tickets = fopen(sheet, "w");
	CLOSED_WITH_SCOPE FILE *seats = NULL;
	FREED_WITH_SCOPE char *seat = NULL;
	size_t room = 0;

	if (!tickets)
		return -errno;
	seats = fopen(list, "r");
	if (!seats)
		return -errno;
	for (int number = 1; getline(&seat, &room, seats) >= 0; number++)
		if (fprintf(tickets, "%d %s", number, seat) < 0)
			return -EIO;
	if (!feof(seats))
		return -EIO;
	return close_file(&tickets);
}
