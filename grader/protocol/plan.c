/* plan.c - see plan.h. */
#include "plan.h"

#include <string.h>

const char *const fault_mode_names[FAULT_MODES] = {
	[FAULT_NONE] = "",
	[FAULT_ONCE] = "once",
	[FAULT_ON] = "on",
	[FAULT_SHORT] = "short",
	[FAULT_HALF] = "half",
	[FAULT_PARTIAL] = "partial",
	[FAULT_INTERRUPTED] = "interrupted",
	[FAULT_LASTING] = "lasting",
};

enum fault_mode fault_mode_named(const char *name)
{
	for (int i = FAULT_NONE + 1; i < FAULT_MODES; i++)
		if (strcmp(fault_mode_names[i], name) == 0)
			return (enum fault_mode)i;
	return FAULT_NONE;
}
