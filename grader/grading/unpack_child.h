/* unpack_child.h - build/unpack as a process of its own with limits, so
 * that an archive made to harm its reader harms nobody else: this process never
 * parses it. */
#ifndef GRADING_UNPACK_CHILD_H
#define GRADING_UNPACK_CHILD_H

#include <jansson.h>
#include "sandbox/cell.h"
#include "base/process.h"

/* Where the process finds the archive; its work folder is the one to fill. */
enum { UNPACK_FROM = PROCESS_FIRST_FD };

/* Unpacks the file that is open as ARCHIVE into FOLDER, which is there, by a
 * process in SANDBOX: 0 and the report of unpack.h, which the caller owns, also when
 * the archive was too much for the process; or a negative errno when it is we who
 * failed. */
int unpack_elsewhere(const struct sandbox *sandbox, int archive,
		     const char *folder, json_t **ret_report);

#endif
