/* terminal.h - a verdict told to the person who wrote the code. */
#ifndef REPORT_TERMINAL_H
#define REPORT_TERMINAL_H

#include "formats.h"

/* See format_fn: one sentence first, then the details. */
void terminal_write(FILE *out, int descriptor, const json_t *verdict,
		    const struct report_context *r);

#endif
