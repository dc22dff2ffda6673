/* tickets.c - every name starts empty; one end releases what is not. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "tickets.h"

enum { BLOCK = 512, TICKET = 40 };

/* Writes a ticket at once: the descriptor holds nothing back. */
static int put_ticket(int sheet, int number, const char *seat)
{
	char ticket[TICKET];
	int n = snprintf(ticket, sizeof ticket, "%d %s\n", number, seat);

	return write(sheet, ticket, (size_t)n) == n ? 0 : -EIO;
}

/* Prints the seats that stand in the lines of TEXT. */
static int put_tickets(int sheet, char *text)
{
	char *rest = NULL;
	int number = 0, err = 0;

	for (char *seat = strtok_r(text, "\n", &rest); seat && err == 0;
	     seat = strtok_r(NULL, "\n", &rest))
		err = put_ticket(sheet, ++number, seat);
	return err;
}

/* Reads all that FILE holds into a block, which the caller frees. */
static int read_all(FILE *file, char **ret_text)
{
	size_t held = 0, got;
	char *text = NULL;

	do {
		char *more = realloc(text, held + BLOCK + 1);

		if (!more) {
			free(text);
			return -ENOMEM;
		}
		text = more;
		got = fread(text + held, 1, BLOCK, file);
		held += got;
	} while (got == BLOCK);
	text[held] = '\0';
	*ret_text = text;
	return 0;
}

/* One block of releases; each asks whether there is anything to release. */
int print_tickets(const char *list, const char *sheet)
{
	FILE *seats = NULL;
	char *text = NULL;
	int tickets = -1, err = 0;

	seats = fopen(list, "r");
	if (!seats)
		err = -errno;
	if (err == 0)
		err = read_all(seats, &text);
	if (err == 0 && ferror(seats))
		err = -EIO;
	if (err == 0) {
		tickets = open(sheet, O_WRONLY | O_CREAT | O_TRUNC, 0666);
		err = tickets < 0 ? -errno : put_tickets(tickets, text);
	}
	if (tickets >= 0 && close(tickets) < 0 && err == 0)
		err = -errno;
	free(text);
	if (seats)
		fclose(seats);
	return err;
}
