/* way_out.h - how a function of the code under test was left after a fault, and which
 * function of it was to release what. */
#ifndef ORACLE_WAY_OUT_H
#define ORACLE_WAY_OUT_H

#include "debug/debug_info.h"
#include "session.h"

/* How one function was left. Line 0: not known. */
struct way_out {
	struct place first;	/* the first block that it entered after the fault */
	struct place left;	/* the statement by which it was left */
	struct place by;	/* the goto, or the last statement before it, that led
				 * there; line 0 when that is the same line */
	bool at_once;		/* no statement lies on another way than without
				 * the fault: nothing branched off */
};

/* The function that the driver called when STEP was made: the outermost one. */
const char *way_out_function(const struct debug_info *sites, const struct step *step);

/* How FUNCTION, which was under way when the first fault of RUN fell, was left. */
struct way_out way_out_of(const struct debug_info *sites, const struct run *run,
			  const char *function);

enum { OWNERS_MAX = 64 };

/* Which function owns what a call acquires, as the runs without a fault have shown: the
 * innermost one that both acquired it, or called what did, and released it. */
struct owners {
	struct owner {
		uint8_t module;
		uint32_t offset;	/* of the call */
		const char *function;	/* of the debug info */
	} of[OWNERS_MAX];
	size_t n;
};

/* Notes whom the resources of RUN belonged to. */
void owners_note(struct owners *owners, const struct debug_info *sites,
		 const struct run *run);

/* The function that owns what STEP acquired, NULL when it is not known. */
const char *owners_find(const struct owners *owners, const struct step *step);

/* Whether FUNCTION made STEP, or called what made it. */
bool way_out_made_within(const struct debug_info *sites, const struct step *step,
			 const char *function);

#endif
