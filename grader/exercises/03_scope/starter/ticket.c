/* ticket.c - sells the seats of a hall, one at a time. */
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

/* TODO: let the scope end what stands in it: lock, ticket and list. */

/* Sells one seat, if there is one. */
int ticket_sell(struct hall *hall, const char *who,
		struct ticket **ret_ticket)
{
	struct ticket *ticket;
	FILE *list;
	int err;

	pthread_mutex_lock(&hall->lock);
	if (hall->left == 0)
		return -ENOENT;
	ticket = ticket_new(hall->left, who);
	if (!ticket) {
		pthread_mutex_unlock(&hall->lock);
		err = -ENOMEM;
		goto unlock;
	}
	list = fopen(hall->list, "a");
	if (!list) {
		err = -errno;
		goto unlock;
	}
	err = 0;
	if (fprintf(list, "%d %s\n", ticket->seat, ticket->who) < 0)
		err = -EIO;
	if (fclose(list) != 0 && err == 0)
		err = -errno;
	if (err < 0)
		goto free_ticket;
	hall->left--;
	*ret_ticket = ticket;
	goto unlock;
free_ticket:
	ticket_free(ticket);
unlock:
	pthread_mutex_unlock(&hall->lock);
	return err;
}
