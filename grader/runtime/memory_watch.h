/* memory_watch.h - tells of a bad access to memory by the code under test, just before
 * the process dies of it. */
#ifndef RUNTIME_MEMORY_WATCH_H
#define RUNTIME_MEMORY_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include "fault_injection.h"
#include "protocol/memory_fault.h"

/* Hears of a fault, at most once each; in a handler of signals. */
typedef void memory_listener(const struct memory_fault *fault);

/* Gets ready before the first fork: what is looked up once is looked up. */
void memory_watch_prepare(void);

/* Tells LISTENER of each signal by which a bad access ends this process, not those that
 * it forks; NULL for no one. The process then ends by that signal. */
void memory_watch(memory_listener *listener);

/* Where the call that W is was made. */
struct call_place memory_call_place(const struct watched *w);

/* Tells of FAULT, which was found when its block was released. */
void memory_found(const struct memory_fault *fault);

/* Tells of FAULT in the call that W is, and ends the process as a bad access does. */
_Noreturn void memory_ends(const struct watched *w, struct memory_fault *fault);

/* Tells of FAULT, of which kind, distance and text are given, in the code under test to
 * which its caller would return by the address RETURNS, and ends the process. */
_Noreturn void memory_ends_at(struct memory_fault fault, uintptr_t returns);

/* Looks at N BYTES that the kernel is about to read or, with WRITES, to write for the
 * call that W is: where an access of the code's own would end the process, as memory_ends,
 * the kernel answers EFAULT. */
void memory_lent(const struct watched *w, const void *bytes, size_t n, bool writes);

/* A buffer that code gave to a stream; bytes is NULL for none. */
struct lent_buffer {
	const char *bytes;
	struct call_place by;
	uintptr_t frame, returns;	/* the frame that it lies in; 0 for none */
	unsigned thread;
};

/* The N BYTES as the call that W is gives them to a stream; FRAME is the wrapper's. */
struct lent_buffer lent_buffer(const struct watched *w, const char *bytes, size_t n,
			       void *frame);

/* Ends the process, as memory_ends, when BUFFER, which the call that W is is about to
 * use, was freed, or the function has returned whose local variable it was. */
void lent_buffer_used(const struct watched *w, const struct lent_buffer *buffer,
		      void *frame);

#endif
