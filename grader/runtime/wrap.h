/* wrap.h - the stubs by name, so that each row of calls.def has one. They are
 * reached by name from the code under test, where objcopy has renamed the
 * calls; nothing else calls them. */
#ifndef RUNTIME_WRAP_H
#define RUNTIME_WRAP_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>
#include "fault_injection.h"

/* One for each row, in the order of calls.def. */
extern void (*const brakes_wrappers[])(void);

/* --- what the stubs share -------------------------------------------------- */

#define BEGIN(call, gone, detail) \
	injection_begin(CALL_##call, gone, detail, __builtin_frame_address(0))
#define ID(pointer) ((uint64_t)(uintptr_t)(pointer))

enum { DETAIL = sizeof(((struct step *)0)->detail) };

/* Ends an acquisition that gave POINTER, or NULL with errno set. */
static inline void *got_pointer(struct watched *w, void *pointer)
{
	w->step.got[0] = ID(pointer);
	if (!pointer && !w->step.failed) {
		w->step.failed = true;
		w->step.err = errno;
	}
	injection_end(w);
	return pointer;
}

#endif
