/* formats.h - the ways in which a verdict can be shown. */
#ifndef REPORT_FORMATS_H
#define REPORT_FORMATS_H

#include <jansson.h>
#include <stdio.h>
#include "context.h"

/* Writes VERDICT to OUT, which ends up in DESCRIPTOR, -1 when in a file: what
 * a terminal can show depends on it. */
typedef void format_fn(FILE *out, int descriptor, const json_t *verdict,
		       const struct report_context *r);

struct format {
	const char *name;
	format_fn *write;
};

/* The formats there are, the default first; a nameless one ends them. */
extern const struct format formats[];

/* The format of that name, the default for NULL; NULL when there is none. */
const struct format *format_find(const char *name);

/* Writes VERDICT as R asks, whole: 0 or a negative errno. */
int format_write(const json_t *verdict, const struct report_context *r);

#endif
