/* landlock.h - what keeps a process from its neighbours without a namespace:
 * Landlock, and a filter of its own signals. */
#ifndef SANDBOX_LANDLOCK_H
#define SANDBOX_LANDLOCK_H

#include <stdbool.h>
#include "base/limits.h"

/* The version of Landlock in this kernel, 0 for none. Source: the kernel's
 * Documentation/userspace-api/landlock.rst. */
int landlock_version(void);

/* A new set of rules that handles every access to files that this kernel knows,
 * and signals to strangers: a descriptor that the caller closes by
 * landlock_enter, or a negative errno. */
int landlock_rules(void);

/* Lets what stands at and below the open PLACE be read and run ('r'), used as a
 * device ('d'), or written as one likes ('w'): 0 or a negative errno. */
int landlock_allow(int rules, char use, int place);

/* Enters RULES for good, and closes them: 0 or a negative errno. */
int landlock_enter(int rules);

/* Takes so many processes off what this process may have, for good. */
void restrain_processes(unsigned fewer);

/* Whether Landlock here knows of signals. */
bool restrain_knows_signals(void);

/* For a child that is about to run a learner's code beside us: from now on it can
 * signal no process but those that it starts. Where Landlock knows nothing of
 * signals yet, it can signal itself alone, and stays in its process group. There
 * is no need of it where we are process 1 of a namespace, which nobody in there
 * can end. Does what it can and returns nothing: it is one wall of several. */
void restrain(void);

#endif
