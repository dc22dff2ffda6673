/* ticket.c - sells the seats of a hall, one at a time. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include "ticket.h"

#define SCOPED(end) __attribute__((cleanup(end)))

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

/* Waits until HALL is ours, and gives it back as ours. */
static struct hall *hold(struct hall *hall)
{
	pthread_mutex_lock(&hall->lock);
	return hall;
}

/* Lets the next counter have the hall. */
static void let_go(struct hall **held)
{
	pthread_mutex_unlock(&(*held)->lock);
}

/* Ends a ticket that nobody took out of its scope. */
static void drop_ticket(struct ticket **ticket)
{
	ticket_free(*ticket);
}

/* Takes a ticket out of its scope, which then finds nothing to end. */
static struct ticket *take_ticket(struct ticket **ticket)
{
	struct ticket *taken = *ticket;

	*ticket = NULL;
	return taken;
}

/* Closes a list once and tells how that went; a scope does not listen. */
static int close_list(FILE **list)
{
	FILE *last = *list;

	*list = NULL;
	return last && fclose(last) != 0 ? -errno : 0;
}

/* Sells one seat, if there is one. */
int ticket_sell(struct hall *hall, const char *who,
		struct ticket **ret_ticket)
{
	SCOPED(let_go) struct hall *held = hold(hall);
	int err;

	if (held->left == 0)
		return -ENOENT;
	SCOPED(drop_ticket) struct ticket *ticket = ticket_new(held->left, who);
	if (!ticket)
		return -ENOMEM;
	SCOPED(close_list) FILE *list = fopen(held->list, "a");
	if (!list)
		return -errno;
	if (fprintf(list, "%d %s\n", ticket->seat, ticket->who) < 0)
		return -EIO;
	err = close_list(&list);
	if (err < 0)
		return err;
	held->left--;
	*ret_ticket = take_ticket(&ticket);
	return 0;
}
