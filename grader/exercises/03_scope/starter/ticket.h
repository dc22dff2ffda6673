/* ticket.h - seats of one hall, sold at several counters at once.
 *
 * Each counter is a thread. What they share stands in a struct hall, and
 * its lock says whose turn it is.
 *
 * CONTRACT 1  When ticket_sell has returned, whatever it returned, the lock
 *             is released, the list is closed, and no memory is held but
 *             that of a ticket that was given. Each was ended once.
 * CONTRACT 2  ticket_sell waits for the lock. It looks at the hall, and
 *             changes it, only while it holds that lock.
 * CONTRACT 3  On success the caller is given the ticket, in *ret_ticket: its
 *             seat is what hall->left was, and hall->left is then one less.
 *             On failure nothing is given: *ret_ticket and hall->left are
 *             what they were.
 * CONTRACT 4  A ticket sold is a line more at the end of the list, SEAT WHO:
 *             "7 Ada".
 * CONTRACT 5  When no seat is left, ticket_sell returns -ENOENT, and the
 *             list stays as it is.
 * CONTRACT 6  A call that fails ends the sale with its negative errno; for a
 *             line that cannot be written -EIO will do. Closing the list is
 *             such a call: when it fails, the line may be lost.
 */
#ifndef TICKET_H
#define TICKET_H

#include <pthread.h>

/* What the counters share. Whoever makes a hall also ends it. */
struct hall {
	pthread_mutex_t lock;	/* held by the counter whose turn it is */
	const char *list;	/* path of the list of those who come */
	int left;		/* seats not sold: numbers 1 to left */
};

/* A seat for one person. */
struct ticket {
	int seat;
	char who[32];
};

/* Sells a seat of HALL to WHO, a name of 31 bytes at most. 0 or a negative
 * errno; HALL and WHO stay the caller's, and a ticket that is given becomes
 * the caller's, to be ended with ticket_free. */
int ticket_sell(struct hall *hall, const char *who,
		struct ticket **ret_ticket);

/* Ends TICKET, which may be NULL. */
void ticket_free(struct ticket *ticket);

#endif
