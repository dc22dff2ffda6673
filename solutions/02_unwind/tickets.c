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

/* Acquires three things, each for the sake of the next; a label says what
 * it undoes, and passes on to the labels of what is older. */
int print_tickets(const char *list, const char *sheet)
{
	FILE *seats, *tickets;
	char *buffer;
	int err;

	seats = fopen(list, "r");
	if (!seats)
		return -errno;
	buffer = malloc(BUFFER);
	if (!buffer) {
		err = -ENOMEM;
		goto close_seats;
	}
	tickets = fopen(sheet, "w");
	if (!tickets) {
		err = -errno;
		goto free_buffer;
	}
	setvbuf(tickets, buffer, _IOFBF, BUFFER);
	err = print_all(seats, tickets);
	if (fclose(tickets) != 0 && err == 0)
		err = -errno;
free_buffer:
	free(buffer);
close_seats:
	fclose(seats);
	return err;
}
