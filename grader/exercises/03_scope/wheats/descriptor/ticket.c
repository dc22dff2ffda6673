/* ticket.c - one write to a descriptor; what may fail goes first, and the
 * ticket comes last. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "ticket.h"

#define ENDS_BY(end) __attribute__((cleanup(end)))

/* Frees a text or a ticket when its scope ends. */
static void free_block(void *block)
{
	free(*(void **)block);
}

/* Unlocks when the scope ends. */
static void unlock(pthread_mutex_t **lock)
{
	pthread_mutex_unlock(*lock);
}

/* Ends a ticket. */
void ticket_free(struct ticket *ticket)
{
	free(ticket);
}

/* Adds LINE to the file at PATH by one write. */
static int add(const char *path, const char *line)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0666);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, line, strlen(line)) != (ssize_t)strlen(line))
		err = -EIO;
	if (close(fd) < 0 && err == 0)
		err = -errno;
	return err;
}

/* Sells one seat; the ticket is made before the lock is asked for. */
int ticket_sell(struct hall *hall, const char *who,
		struct ticket **ret_ticket)
{
	ENDS_BY(free_block) struct ticket *ticket = calloc(1, sizeof *ticket);
	ENDS_BY(free_block) char *line = NULL;
	int err;

	if (!ticket)
		return -ENOMEM;
	pthread_mutex_lock(&hall->lock);
	ENDS_BY(unlock) pthread_mutex_t *held = &hall->lock;
	(void)held;
	if (hall->left <= 0)
		return -ENOENT;
	if (asprintf(&line, "%d %s\n", hall->left, who) < 0) {
		line = NULL;
		return -ENOMEM;
	}
	err = add(hall->list, line);
	if (err < 0)
		return err;
	ticket->seat = hall->left--;
	strncpy(ticket->who, who, sizeof ticket->who - 1);
	*ret_ticket = ticket;
	ticket = NULL;
	return 0;
}
