/* terminal.h - a verdict told to the person who wrote the code. */
#ifndef TERMINAL_H
#define TERMINAL_H

#include "formats.h"

/* See format_fn: one sentence first, then the story. */
void terminal_write(FILE *out, int descriptor, const json_t *verdict,
		    const struct request *r);

#endif
