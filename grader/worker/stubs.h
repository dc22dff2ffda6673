/* stubs.h - the stubs by name, so that each row of calls.def has one. They are
 * reached by name from the code under test, where objcopy has renamed the
 * calls; nothing else calls them. */
#ifndef STUBS_H
#define STUBS_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

/* One for each row, in the order of calls.def. */
extern void (*const brakes_stubs[])(void);

#endif
