/* fault_injection.h - beside the code under test: the plan of faults, the calls made,
 * and where they are reported. The wrappers call it; the scenario runner and the
 * test runner each give it a place to report to.
 *
 * The code under test may have several threads. The wrappers work in any of them;
 * all else here is called while the code under test has one.
 */
#ifndef RUNTIME_FAULT_INJECTION_H
#define RUNTIME_FAULT_INJECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "ledger/ledger.h"
#include "protocol/plan.h"

struct trace_event;

/* Who hears of what happens, one at a time. Each may be NULL. */
struct listener {
	void (*step)(const struct step *step);
	void (*trace)(const struct trace_event *event);
};

/* Starts anew: no plan, no step, an empty ledger. */
void injection_start(struct listener listener);

/* Follows PLAN from the next fallible call on. */
void injection_plan(struct plan plan);

/* Changes each release made at the place of FIRST, its innermost address. */
void injection_change(enum change change, uint8_t module, uint32_t offset);

/* Whether the plan's fault has struck. */
bool injection_struck(void);

/* How often faults have struck since the start, for what fell in between. */
unsigned injection_strikes(void);

/* The last block that the code entered. */
struct trail {
	uint32_t module, offset;
};

/* Keeps the trail in *TRAIL, which may lie in memory that outlives us; NULL
 * for memory of our own. The caller owns it. */
void injection_trail(volatile struct trail *trail);

/* Has SIGPROF end this process after so much processor time; 0 for never. */
void injection_processor_time(int milliseconds);

/* The call under test is over: the trace after the fault is told to its end. */
void injection_over(void);

/* Called as each fault strikes: a place for a debugger's breakpoint. */
void injection_fault_strikes(void);

/* Has LOOK called, in the thread that unlocks, as soon as the code under test has
 * given back a lock and before it goes on; NULL for nothing. */
void injection_at_unlock(void (*look)(void));

/* The ledger kept here. */
const struct ledger *injection_ledger(void);

/* Tells the addresses [START, END) of a loaded MODULE; BASE is what its offsets count
 * from. The code of the first WATCHED_MODULES is watched, that of TESTS_MODULE is
 * known by its places alone. */
void injection_module(uint8_t module, uintptr_t base, uintptr_t start,
		  uintptr_t end);

/* The number of the module whose watched code lies at ADDRESS, -1 for none. */
int injection_module_of(uintptr_t address);

/* Where errno is, for the code under test; that CALLER, where it goes on, asks for it is
 * part of the trace after a fault. */
int *injection_errno(const void *caller);

/* The address of OFFSET in MODULE, 0 when none of that number is loaded. */
uintptr_t injection_address(uint8_t module, uint32_t offset);

/* A place in code of a module. */
struct code_place {
	uint8_t module;
	uint32_t offset;
};

/* The place of ADDRESS, watched or not: false when no module's code lies there. */
bool injection_code_at(uintptr_t address, struct code_place *ret_place);

/* The last block that watched code entered: false for none. */
bool injection_last_block(struct code_place *ret_place);

/* ADDRESS, from which code returns, without the signature that AArch64 may put into
 * its upper bits. */
uintptr_t injection_return_address(uintptr_t address);

/* --- for the wrappers ----------------------------------------------------- */

/* Takes and gives back the lock over all that threads share here. A thread may
 * take it several times; it is never held while a thread waits for another. */
void injection_lock(void);
void injection_unlock(void);

/* The number of this thread, from 0, which no other has had. */
unsigned injection_thread(void);

/* A call under way. */
struct watched {
	struct step step;
	size_t share;		/* how many bytes the plan lets it transfer */
	bool succeeded;		/* it may leave errno as it likes */
	bool for_good;		/* it fails, and so does every call after it */
	bool quiet;		/* not made by the code under test */
	bool refused;		/* the ledger rejects what it would release */
	bool unwatched;		/* what it is about came from a call that is
				 * not watched */
};

/* Begins CALL, which is about GONE (0 for nothing): decides whether it fails
 * by plan and whether its release may be performed. FRAME is the wrapper's frame,
 * from which its callers follow. Each begin has one injection_end. */
struct watched injection_begin(enum call call, uint64_t gone, const char *detail,
			   void *frame);

/* The same of a transfer of N bytes, N being no more than there are: w.share is how many
 * of them it may move. */
struct watched injection_begin_transfer(enum call call, uint64_t gone,
					const char *detail, size_t n, void *frame);

/* Reports the call as it ended. Sets errno when it failed; and when it succeeded, for
 * POSIX lets it. */
void injection_end(struct watched *watched);

/* What the ledger would say of CALL on GONE, and in *ret_known whether that was
 * ever acquired. */
enum ruling injection_ask(enum call call, uint64_t gone, bool *ret_known);

/* How often the release under way is to be performed: 0, 1 or 2. */
int injection_times(const struct watched *watched);

/* A descriptor as the ledger counts it: 0 stays "nothing". */
static inline uint64_t injection_fd(int fd)
{
	return fd < 0 ? 0 : (uint64_t)fd + 1;
}

#endif
