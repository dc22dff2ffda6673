/* sandbox.h - which confinement a grading uses: the strongest that works here, as
 * tried out before the first submission is touched. */
#ifndef SANDBOX_SANDBOX_H
#define SANDBOX_SANDBOX_H

#include "cell.h"

/* Chooses for the workbook at ROOT: the sort ASKED for by name, or with NULL the
 * strongest that works. FOLDER is a folder of ours to try it in. 0 and
 * *ret_sandbox; or -EINVAL when there is no sort of that name, -ENOTSUP when it
 * does not work here, -EMFILE when too few descriptors are allowed. *ret_why, which
 * the caller frees, then says why; it also says, with 0, why a sort stronger than the
 * chosen one did not work; else it is NULL. */
int sandbox_choose(const char *root, const char *asked, const char *folder,
		   struct sandbox *ret_sandbox, char **ret_why);

/* The sort called NAME, as somebody above us has chosen it: 0 or -EINVAL. */
int sandbox_named(const char *root, const char *name,
		  struct sandbox *ret_sandbox);

#endif
