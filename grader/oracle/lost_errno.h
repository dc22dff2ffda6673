/* lost_errno.h - which call overwrote an errno before it was read, and where. */
#ifndef ORACLE_LOST_ERRNO_H
#define ORACLE_LOST_ERRNO_H

#include "debug/debug_info.h"
#include "session.h"

/* What is known of an errno that was read too late. */
struct lost_errno {
	int err;			/* what was read instead */
	const struct step *by;		/* the call that overwrote it, in the run; NULL
					 * when no call that is watched did */
	struct place reader;		/* where errno was looked at */
};

/* Whether the last answer of RUN is the negative of an errno that was read after the
 * first fault of that ask, and is none that the fault had left: then *ret_lost. */
bool lost_errno_find(const struct debug_info *sites, const struct run *run,
		     struct lost_errno *ret_lost);

#endif
