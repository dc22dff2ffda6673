/* trace.h - where the code under test goes after the first fault of a run: the blocks
 * that the functions enter which were under way when it struck, and where they look at
 * errno. Used with the lock of fault_injection.h held.
 */
#ifndef RUNTIME_TRACE_H
#define RUNTIME_TRACE_H

#include <stdbool.h>
#include <stdint.h>
#include "ledger/ledger.h"

/* How many events are told of one run at most. */
enum { TRACE_TOLD_MAX = 64 };

/* A block that was entered, or a look at errno. */
struct trace_event {
	bool is_errno;
	uint8_t module;
	uint32_t offset;
	int err;		/* what errno held */
	unsigned steps;		/* made before it */
};

/* The frames of the functions under way, the innermost first, 0 after the last. */
struct frames {
	uintptr_t at[SITE_DEPTH];
};

/* Starts anew: what is told goes to TELL, NULL for nobody. */
void trace_start(void (*tell)(const struct trace_event *event));

/* A fault struck while FRAMES were under way. Only the first since the start counts. */
void trace_struck(const struct frames *frames);

/* Whether the trace is followed at this moment. */
bool trace_goes_on(void);

/* Takes a block that the function in FRAME enters: only those of a function that has
 * been under way since the fault are kept. */
void trace_block(const struct trace_event *event, uintptr_t frame);

/* Takes a look at errno. */
void trace_errno(const struct trace_event *event);

/* The call under test is over: tells the last events that have not been told yet, and
 * follows no further. */
void trace_over(void);

#endif
