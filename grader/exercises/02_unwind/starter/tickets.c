/* tickets.c - prints a ticket for every seat of a list. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include "tickets.h"

enum { BUFFER = 4096, SEAT = 24 };

/* Prints a ticket for each seat; both files are only borrowed. */
static int print_all(FILE *seats, FILE *tickets)
{
	char seat[SEAT];
	int number = 0;

	while (fgets(seat, sizeof seat, seats))
		if (fprintf(tickets, "%d %s", ++number, seat) < 0)
			return -EIO;
	return ferror(seats) ? -EIO : 0;
}

/* Acquires three things, each for the sake of the next.
 * TODO: one way out, on which each gets what it is owed, and in an order
 * that all three can bear. */
int print_tickets(const char *list, const char *sheet)
{
	FILE *seats, *tickets;
	char *buffer;
	int err;

	seats = fopen(list, "r");
	if (!seats)
		return -errno;
	buffer = malloc(BUFFER);
	if (!buffer)
		return -ENOMEM;
	tickets = fopen(sheet, "w");
	if (!tickets)
		return -errno;
	setvbuf(tickets, buffer, _IOFBF, BUFFER);
	err = print_all(seats, tickets);
	if (err < 0)
		return err;
	if (fclose(tickets) != 0)
		return -errno;
	free(buffer);
	fclose(seats);
	return 0;
}
