/* ticket.h - seats of one hall, sold at several counters at once.
 *
 * Each counter is a thread. The counters share a struct hall, and only the
 * counter that holds its lock may use it.
 *
 * CONTRACT 1  When ticket_sell has returned, with success or with an error,
 *             the lock is released, the list is closed, and no memory is held
 *             but that of a ticket that the caller got. Each was released
 *             once.
 * CONTRACT 2  ticket_sell waits for the lock. It reads the hall, and changes
 *             it, only while it holds that lock.
 * CONTRACT 3  On success the caller gets the ticket in *ret_ticket, with the
 *             name WHO: its seat is what hall->left was, and hall->left is
 *             then one less. On failure the caller gets nothing: *ret_ticket
 *             and hall->left are what they were.
 * CONTRACT 4  A sale adds one line at the end of the list, SEAT WHO: "7 Ada".
 * CONTRACT 5  When no seat is left, ticket_sell returns -ENOENT, and the list
 *             does not change.
 * CONTRACT 6  When a call fails that the sale needs, the sale fails, and
 *             ticket_sell returns the negative errno of the first call that
 *             failed. For a line that cannot be written it may return -EIO
 *             instead. Closing the list is a call that the sale needs: when it
 *             fails, the line may be lost.
 */
#ifndef TICKET_H
#define TICKET_H

#include <pthread.h>

/* What the counters share. The code that makes a hall also destroys it. */
struct hall {
	pthread_mutex_t lock;	/* held by the counter that uses the hall */
	const char *list;	/* path of the list of guests */
	int left;		/* seats that are not sold: numbers 1 to left */
};

/* A seat for one person. */
struct ticket {
	int seat;
	char who[32];
};

/* Sells a seat of HALL to WHO, a name of at most 31 bytes. Returns 0 or a
 * negative errno. The caller keeps HALL and WHO, and owns the ticket that it
 * gets, which it has to free with ticket_free. */
int ticket_sell(struct hall *hall, const char *who,
		struct ticket **ret_ticket);

/* Frees TICKET, which may be NULL. */
void ticket_free(struct ticket *ticket);

#endif
