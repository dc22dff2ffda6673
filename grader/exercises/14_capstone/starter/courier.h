/* courier.h - carries letters from a spool to an outbox, and keeps a ledger.
 *
 * Two stores, the outbox and the ledger, have no common commit. So each letter
 * is delivered in this order, and undone in the reverse order:
 *
 *	read it				nothing has changed
 *	begin, insert the row		the ledger can roll back
 *	write the parcel, send it	the outbox can take it back
 *	commit				from here on it is delivered
 *	remove it from the spool	the next run can do that too
 *
 * COURIER 1  A run that returns 0 has delivered every letter: each is in the
 *            outbox, whole; its row is in the ledger; the spool is empty.
 * COURIER 2  Nothing is lost: a letter stays in the spool until its row is
 *            committed.
 * COURIER 3  Nothing is delivered twice: a letter that already has a row was
 *            delivered, and is only removed from the spool. The recipient may
 *            have taken it out of the outbox by then.
 * COURIER 4  Outbox and ledger agree: a letter without a row leaves no file in
 *            the outbox, unless removing it failed as well.
 * COURIER 5  A run that leaves a letter in the spool returns a negative errno.
 *            The next run, in which nothing fails, returns 0.
 * COURIER 6  When a run has returned, everything that it opened is closed. Two
 *            runs in one process are independent.
 */
#ifndef COURIER_H
#define COURIER_H

/* Delivers the letters in the folder SPOOL to the folder OUTBOX, and notes them
 * in the database at LEDGER. Returns 0 or a negative errno. The paths are lent.
 * Whether a run goes on after a letter that failed is free. */
int courier_run(const char *spool, const char *outbox, const char *ledger);

#endif
