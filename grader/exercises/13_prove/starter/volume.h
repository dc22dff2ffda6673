/* volume.h - binds chapters, which are text files, into one volume.
 *
 * Until it is complete a volume stands beside its place, at PATH with ".new"
 * behind it. Then it is renamed, which replaces an older volume in one step.
 *
 * CONTRACT 1  On success the file at PATH holds the chapters, one after the
 *             other, *ret_lines is the number of their lines, and 0 is
 *             returned.
 * CONTRACT 2  When a call fails, volume_bind fails: it returns the negative
 *             errno of the first that did. *ret_lines keeps its value.
 * CONTRACT 3  When it fails, the file at PATH is what it was before, or is
 *             still not there. Only a regular file is replaced: anything
 *             else at PATH, a directory or a device, gives -EINVAL.
 * CONTRACT 4  Success or failure, PATH.new is gone: renamed or removed. When
 *             the removal itself fails, it may stay.
 * CONTRACT 5  If there is a PATH.new already, someone else is at work: the
 *             result is -EEXIST, and that file stays as it is.
 * CONTRACT 6  Success or failure, whatever it opened is closed and whatever
 *             it allocated is freed, once, before it returns.
 * CONTRACT 7  Two calls know nothing of each other, however the first ended.
 */
#ifndef VOLUME_H
#define VOLUME_H

#include <stddef.h>

/* Binds the N files named in CHAPTERS, in that order, into the one at PATH.
 * Every line of a chapter ends in a newline. 0 or a negative errno. */
int volume_bind(const char *path, const char *const chapters[], size_t n,
		long *ret_lines);

#endif
