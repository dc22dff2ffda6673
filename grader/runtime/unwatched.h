/* unwatched.h - what code gets from calls that calls.def does not know.
 *
 * The ledger sees such a thing only when it is released, and cannot tell it from
 * what is not the code's to release. So of code that calls functions outside of
 * the table the release is allowed where the thing may well have come from one
 * of them. Code that calls none has nothing that the ledger did not see.
 */
#ifndef RUNTIME_UNWATCHED_H
#define RUNTIME_UNWATCHED_H

#include <stdbool.h>
#include <stdint.h>
#include "ledger/ledger.h"

/* Says that the code under test calls functions outside of the table. */
void unwatched_expect(void);

/* Says that the code under test is left: what is opened before it is entered
 * again was opened by others. */
void unwatched_leave(void);

/* Whether the next entry into the code under test is to be told. */
bool unwatched_waits(void);

/* Says that the code under test is entered: descriptors that are open now, and
 * were not when it was left, are not its own. Those of LEDGER are. Does nothing
 * unless unwatched_waits. */
void unwatched_enter(const struct ledger *ledger);

/* Whether GONE, which LEDGER ruled against with RULING when CALL was handed it,
 * may have been acquired by a call that is not watched: a descriptor that is open
 * and no one else's, or a pointer into the heap that belongs to no block known. */
bool unwatched_may_have_made(const struct ledger *ledger, enum ruling ruling,
			     enum call call, uint64_t gone);

#endif
