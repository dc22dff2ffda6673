/* unpack.h - takes the hand-in files out of an archive. It parses what a
 * stranger made, so the program only calls it in a process of its own: see
 * unpack_child.h.
 *
 * An entry is taken if it is a regular file and the last two parts of its path
 * are an exercise and a file to be handed in for it: "12_global/day.c", with
 * anything before. In an archive of the whole workbook, the folder solutions beside
 * the exercises is left out, which the report says. A file is written under these
 * two names of ours; nothing else of the archive, no path, mode, time or owner,
 * reaches the disk. Two entries for one file are refused with the whole archive:
 * which of them counts would hang on their order.
 */
#ifndef GRADING_UNPACK_H
#define GRADING_UNPACK_H

#include <jansson.h>
#include "catalog/catalog.h"

enum {
	UNPACK_ENTRIES_MAX = 10000,
	UNPACK_FILE_MAX = (1 << 20) + 1, /* cut there: then it is too large */
	UNPACK_TOTAL_MAX = 256 << 20,	/* bytes after decompression */
	UNPACK_TOLD_MAX = 8,		/* entries named in the report */
};

/* Reads the archive (tar or zip; tar also in gzip, bzip2, xz or zstd) from the
 * descriptor FD, a plain file, which is read from its beginning and twice, and
 * writes its hand-in files as ID/FILE below the folder TO: 0 and a report, which the
 * caller owns; or a negative errno when it is we who failed. The report is
 *	"taken"		how many files
 *	"skipped"	[{ "name", "why" }]: entries that no honest archive of
 *			exercises/ holds; "why" ends a sentence
 *	"more"		how many of these are not named
 *	"failed"	when nothing of it may be graded: the end of a sentence
 *			about the archive
 *	"unknown"	true when it failed for being no archive at all */
int unpack(int fd, int to, const struct catalog *catalog, json_t **ret_report);

#endif
