/* outbox.h - the folder from which the recipient takes letters.
 *
 * A parcel is an adapter: it owns the stream of one file on its way into the
 * outbox, and wears an airbag. The file grows at OUTBOX/ID.tmp, which the
 * recipient leaves alone, and is renamed to OUTBOX/ID when it is whole.
 * Whatever was at either name before is replaced.
 *
 * OUTBOX 1  open returns 0 and fills *ret_parcel, which the caller has to send
 *           or drop; or a negative errno, with *ret_parcel untouched, nothing
 *           open, nothing armed and no file left, whichever step failed.
 * OUTBOX 2  A parcel that is forgotten is told by the airbag: its path
 *           OUTBOX/ID, with the line that called parcel_open. One that was
 *           sent or dropped is not, whether or not that went well.
 * OUTBOX 3  send returns 0 when the whole text stands at OUTBOX/ID; or a
 *           negative errno, and then no file of this parcel is left. It is
 *           released and *parcel NULL either way.
 * OUTBOX 4  drop releases the parcel, removes the file at ID.tmp and sets
 *           *parcel to NULL. On NULL it does nothing.
 * OUTBOX 5  recall removes the file at OUTBOX/ID, which was sent, and no other:
 *           0 or a negative errno.
 */
#ifndef OUTBOX_H
#define OUTBOX_H

struct parcel;

/* A macro, so that FILE and LINE are those of the caller. */
#define parcel_open(outbox, id, ret_parcel) \
	parcel_open_at((outbox), (id), __FILE__, __LINE__, (ret_parcel))

/* Begins a parcel. The path of OUTBOX/ID.tmp is shorter than PATH_MAX. */
int parcel_open_at(const char *outbox, const char *id, const char *file,
		   int line, struct parcel **ret_parcel);

/* Appends TEXT: 0 or a negative errno. The stream may hold it back, so a full
 * disk may show only when the parcel is sent. */
int parcel_write(struct parcel *parcel, const char *text);

/* Ends a parcel by handing it over: 0 or a negative errno, released anyway. */
int parcel_send(struct parcel **parcel);

/* Ends a parcel that is not to be sent. */
void parcel_drop(struct parcel **parcel);

/* Takes back what was sent: 0 or a negative errno. */
int parcel_recall(const char *outbox, const char *id);

#endif
