/* formats.h - the ways in which a verdict can be shown. */
#ifndef REPORT_FORMATS_H
#define REPORT_FORMATS_H

#include <jansson.h>
#include <stdio.h>
#include "context.h"

/* Writes VERDICT to OUT, which ends up in DESCRIPTOR, -1 when in a file: what
 * a terminal can show depends on it. 0 or a negative errno; errors of OUT are the
 * caller's to find. */
typedef int format_fn(FILE *out, int descriptor, const json_t *verdict,
		       const struct report_context *r);

struct format {
	const char *name;
	format_fn *write;
};

/* The formats there are, the default first; a nameless one ends them. */
extern const struct format formats[];

/* The format of that name, the default for NULL; NULL when there is none. */
const struct format *format_find(const char *name);

/* Whether a verdict can be written to the file at PATH, as far as that can be known
 * before: 0 or a negative errno. Nothing is made or changed. */
int format_can_write(const char *path);

/* Writes VERDICT as R asks, whole and to the end: 0 or a negative errno, -EPIPE
 * when standard output is a pipe that nothing reads. */
int format_write(const json_t *verdict, const struct report_context *r);

#endif
