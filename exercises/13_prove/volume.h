/* volume.h - binds chapters, which are text files, into one volume.
 *
 * Until the volume is complete, it is a file beside its place: PATH.new, which
 * is PATH with ".new" added. Then it is renamed, which replaces an older volume
 * in one step.
 *
 * CONTRACT 1  On success the file at PATH holds the chapters, one after the
 *             other, *ret_lines is the number of their lines, and the result
 *             is 0.
 * CONTRACT 2  When a call fails, volume_bind fails: it returns the negative
 *             errno of the call that failed first, and *ret_lines is
 *             unchanged.
 * CONTRACT 3  When it fails, the file at PATH is what it was before, or still
 *             does not exist. If PATH leads to anything but a regular file,
 *             such as a directory or a device, the result is -EINVAL.
 * CONTRACT 4  On success and on failure, PATH.new is gone: renamed or removed.
 *             If the removal itself fails, it may stay.
 * CONTRACT 5  If there is a PATH.new already, another process is at work: the
 *             result is -EEXIST, and that file stays as it is.
 * CONTRACT 6  On success and on failure, everything that it opened is closed
 *             and everything that it allocated is freed, once, before it
 *             returns.
 * CONTRACT 7  Two calls are independent, no matter how the first one ended.
 *
 * Two limits: a symbolic link at PATH that leads to a regular file, or to
 * nothing, is itself replaced. And no call notices it when another process
 * changes PATH between the check of CONTRACT 3 and the rename.
 */
#ifndef VOLUME_H
#define VOLUME_H

#include <stddef.h>

/* Binds the N files named in CHAPTERS, in that order, into the one at PATH.
 * Each line of a chapter ends with a newline. Returns 0 or a negative errno. */
int volume_bind(const char *path, const char *const chapters[], size_t n,
		long *ret_lines);

#endif
