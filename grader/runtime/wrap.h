/* wrap.h - the wrappers by name, so that each row of calls.def has one. They are
 * reached by name from the code under test, where objcopy has renamed the
 * calls; nothing else calls them. */
#ifndef RUNTIME_WRAP_H
#define RUNTIME_WRAP_H

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>
#include "fault_injection.h"

/* One for each row, in the order of calls.def. */
extern void (*const brakes_wrappers[])(void);

/* --- what the wrappers share ----------------------------------------------- */

#define BEGIN(call, gone, detail) \
	injection_begin(CALL_##call, gone, detail, __builtin_frame_address(0))
#define ID(pointer) ((uint64_t)(uintptr_t)(pointer))

enum { DETAIL = sizeof(((struct step *)0)->detail) };

/* Begins the transfer of N bytes, of those that there are. */
#define BEGIN_TRANSFER(call, gone, detail, n) \
	injection_begin_transfer(CALL_##call, gone, detail, n, \
				 __builtin_frame_address(0))

/* Notes that the call FAILED by itself, with errno set, unless it was made to; or that
 * it has succeeded. */
static inline void note_errno(struct watched *w, bool failed)
{
	w->succeeded = !failed && !w->step.failed;
	if (!failed || w->step.failed)
		return;
	w->step.failed = true;
	w->step.err = errno;
}

/* Ends an acquisition that gave POINTER, or NULL with errno set. */
static inline void *got_pointer(struct watched *w, void *pointer)
{
	w->step.got[0] = ID(pointer);
	note_errno(w, !pointer);
	injection_end(w);
	return pointer;
}

/* Tells of a further block that the call which W was has given. */
static inline void got_also(const struct watched *w, const void *block)
{
	struct watched also = *w;
	also.step = (struct step){ .call = w->step.call, .beneath = -1,
				   .got = { ID(block) }, .site = w->step.site };
	injection_end(&also);
}

/* Remembers that a write of F was made to fail, as ferror must tell. */
void note_failure(const struct watched *w, FILE *f);

/* Tells of the blocks that a scanf allocated for "%m", which answered RC to
 * FORMAT and ARGS: the call which W was. */
void scanned_blocks(const struct watched *w, const char *format, va_list args,
		    int rc);

#endif
