/* driver.c - leaves in the way that was chosen before. */
#include "runtime/driver.h"

int leave_by(const char *way);

static char chosen[32];

/* choose WAY: the way for the next "leave". */
static void choose(struct command_call *c)
{
	snprintf(chosen, sizeof(chosen), "%s", call_text(c, 0));
	reply_int(c, 0);
}

/* leave: what comes back returns from main, which is an exit. */
static void leave(struct command_call *c)
{
	(void)c;
	exit(leave_by(chosen));
}

const struct command driver_commands[] = {
	{ "choose", choose },
	{ "leave", leave },
	{ 0 },
};
