/* archive_input.h - what --from names: a folder shaped like exercises/, or an archive
 * of one, which is unpacked. */
#ifndef CLI_ARCHIVE_INPUT_H
#define CLI_ARCHIVE_INPUT_H

#include <jansson.h>
#include <limits.h>
#include "request.h"

/* What was handed in. Owns its texts, the report and the unpacked
 * folder. */
struct handed_in {
	char from[PATH_MAX];	/* absolute: the folder to grade */
	bool own;		/* it is the workbook's exercises/ */
	bool ours;		/* it is a folder of the workbook's */
	char unpacked[PATH_MAX]; /* what an archive was unpacked to, or "" */
	json_t *archive;	/* the report of unpack.h, or NULL: a folder */
	const char *refused;	/* why the archive is not graded, or NULL */
	bool fault;		/* and that is our own fault */
	char *why;		/* the words of that, or NULL */
};

/* Finds what R names: 0 and *ret_handed_in, which the caller releases in any case;
 * or STATUS_USAGE after saying what is wrong. An archive that cannot be unpacked is
 * no wrong usage: it is refused, for a verdict to say so. */
int handed_in_find(const struct request *r, struct handed_in *ret_handed_in);

void handed_in_release(struct handed_in *handed_in);

#endif
