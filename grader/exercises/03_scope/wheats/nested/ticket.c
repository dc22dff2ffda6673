/* ticket.c - three small functions, each of which ends what it began. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include "ticket.h"

/* Makes a ticket: NULL when there is no memory. */
static struct ticket *ticket_new(int seat, const char *who)
{
	struct ticket *ticket = malloc(sizeof *ticket);

	if (!ticket)
		return NULL;
	ticket->seat = seat;
	snprintf(ticket->who, sizeof ticket->who, "%s", who);
	return ticket;
}

/* Ends a ticket. */
void ticket_free(struct ticket *ticket)
{
	free(ticket);
}

/* Adds the line of TICKET to the list at PATH. */
static int add_line(const char *path, const struct ticket *ticket)
{
	FILE *list = fopen(path, "a");
	int put, closed;

	if (!list)
		return -errno;
	put = fprintf(list, "%d ", ticket->seat) < 0 ||
	      fputs(ticket->who, list) < 0 || fputc('\n', list) < 0 ? -EIO : 0;
	closed = fclose(list) != 0 ? -errno : 0;
	return put < 0 ? put : closed;
}

/* Sells a seat of a hall whose lock the caller holds. */
static int sell_locked(struct hall *hall, const char *who,
		       struct ticket **ret_ticket)
{
	int err = hall->left > 0 ? 0 : -ENOENT;

	if (err == 0) {
		struct ticket *ticket = ticket_new(hall->left, who);

		err = ticket ? add_line(hall->list, ticket) : -ENOMEM;
		if (err == 0) {
			hall->left--;
			*ret_ticket = ticket;
		} else {
			ticket_free(ticket);
		}
	}
	return err;
}

/* Holds the lock around everything. */
int ticket_sell(struct hall *hall, const char *who,
		struct ticket **ret_ticket)
{
	int err;

	pthread_mutex_lock(&hall->lock);
	err = sell_locked(hall, who, ret_ticket);
	pthread_mutex_unlock(&hall->lock);
	return err;
}
