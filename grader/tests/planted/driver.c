/* driver.c - lets the judge call copy_line. */
#include "runtime/driver.h"
#include "planted.h"

/* copy_line FROM TO: replies what it returned. */
static void copy(struct command_call *c)
{
	reply_int(c, copy_line(call_text(c, 0), call_text(c, 1)));
}

const struct command driver_commands[] = {
	{ "copy_line", copy },
	{ 0 },
};
