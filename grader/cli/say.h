/* say.h - what the program says beside its output: on standard error, in one line. */
#ifndef CLI_SAY_H
#define CLI_SAY_H

#include "request.h"

/* Says "brakes: " and the sentence of FORMAT on standard error, and returns STATUS,
 * so that a function can end with `return say(STATUS_USAGE, "...")`. */
int say(enum status status, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
