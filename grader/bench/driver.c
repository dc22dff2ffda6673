/* driver.c - lets the bench call steps_run. */
#include "runtime/driver.h"
#include "steps.h"

/* steps_run N MICROSECONDS */
static void run_steps(struct command_call *c)
{
	errno = 0;
	reply_int(c, steps_run((int)call_int(c, 0), call_int(c, 1)));
}

const struct command driver_commands[] = {
	{ "steps_run", run_steps },
	{ 0 },
};
