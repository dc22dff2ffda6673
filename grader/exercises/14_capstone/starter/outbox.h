/* outbox.h - the folder from which the recipient takes letters.
 *
 * A parcel is an adapter: it owns the stream of one file on its way into the
 * outbox, and has an airbag. The file grows at OUTBOX/ID.tmp, which the
 * recipient does not touch, and is renamed to OUTBOX/ID when it is whole. Any
 * file that had either name before is replaced, so no ID ends with ".tmp". A
 * file may stay if its removal fails.
 *
 * OUTBOX 1  open returns 0 and fills *ret_parcel, which the caller has to send
 *           or drop; or it returns a negative errno, with *ret_parcel
 *           unchanged, nothing open, nothing armed and no file left, no matter
 *           which step failed. If there is no outbox, the result is -ENOENT.
 * OUTBOX 2  The airbag reports a parcel that was neither sent nor dropped: its
 *           path OUTBOX/ID, with the line that called parcel_open. It does not
 *           report a parcel that was sent or dropped, also if that failed.
 * OUTBOX 3  send returns 0, and the whole text is at OUTBOX/ID; or it returns
 *           a negative errno, and no file of this parcel is left. Either way
 *           the parcel is released and *parcel is NULL.
 * OUTBOX 4  drop releases the parcel, removes the file at OUTBOX/ID.tmp and
 *           sets *parcel to NULL. If *parcel is NULL, it does nothing.
 * OUTBOX 5  recall removes the file at OUTBOX/ID, which was sent, and no
 *           other. It returns 0 or a negative errno.
 */
#ifndef OUTBOX_H
#define OUTBOX_H

struct parcel;

/* A macro, so that FILE and LINE are those of the caller. */
#define parcel_open(outbox, id, ret_parcel) \
	parcel_open_at((outbox), (id), __FILE__, __LINE__, (ret_parcel))

/* Begins a parcel. The path OUTBOX/ID.tmp is shorter than PATH_MAX. */
int parcel_open_at(const char *outbox, const char *id, const char *file,
		   int line, struct parcel **ret_parcel);

/* Appends TEXT. Returns 0 or a negative errno. The stream may hold the text
 * back, so a full disk may show only when the parcel is sent. */
int parcel_write(struct parcel *parcel, const char *text);

/* Hands a parcel over. Returns 0 or a negative errno, released either way. */
int parcel_send(struct parcel **parcel);

/* Releases a parcel that will not be sent. */
void parcel_drop(struct parcel **parcel);

/* Takes back what was sent. Returns 0 or a negative errno. */
int parcel_recall(const char *outbox, const char *id);

#endif
