/* memory_watch.c - see memory_watch.h. */
#include "memory_watch.h"
#include "guarded_heap.h"
#include "protocol/scenario_runner.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>

enum {
	STACK_SIZE = 64 << 10,		/* of the handler */
	NULL_SPAN = 64 << 10,		/* as the kernel keeps free at least */
	STACK_NEAR = 64 << 10,
	FRAMES_MAX = 256,
	UNSET_NEAR = 0x8000,
};

static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };

static memory_listener *told;
static pid_t watched_process;
static volatile sig_atomic_t depth;	/* of handlers in handlers */

/* --- where it was --------------------------------------------------------------- */

struct walk {
	struct site site;
	int n, frames;
	bool interrupted;	/* the frame that the signal interrupted was reached */
	bool whole;		/* and then the end of the stack */
};

/* Adds one frame of the stack, if it is of code that is known. Those before the signal are
 * the handler's. The last place is kept for the outermost code, which is that of a
 * test. */
static _Unwind_Reason_Code add_frame(struct _Unwind_Context *context, void *data)
{
	struct walk *walk = data;
	int exact = 0;
	uintptr_t at = _Unwind_GetIPInfo(context, &exact);
	struct code_place place;
	if (walk->frames++ >= FRAMES_MAX)
		return _URC_NORMAL_STOP;
	walk->interrupted |= exact;
	if (!walk->interrupted || !injection_code_at(exact ? at : at - 1, &place))
		return _URC_NO_REASON;
	if (walk->n < SITE_DEPTH)
		walk->n++;
	else if (place.module < TESTS_MODULE)
		return _URC_NO_REASON;
	walk->site.module[walk->n - 1] = place.module;
	walk->site.offset[walk->n - 1] = place.offset;
	return _URC_NO_REASON;
}

/* Walks this thread's stack for places of the code under test. */
static struct walk walk_stack(void)
{
	struct walk walk = { .n = 0 };
	_Unwind_Reason_Code rc = _Unwind_Backtrace(add_frame, &walk);
	walk.whole = rc == _URC_END_OF_STACK && walk.interrupted;
	return walk;
}

/* The one place that is known of a stack that cannot be walked. */
static struct site last_site(void)
{
	struct site site = { .module = { 0 } };
	struct code_place place;
	if (injection_last_block(&place)) {
		site.module[0] = place.module;
		site.offset[0] = place.offset;
	}
	return site;
}

/* --- what the processor says ------------------------------------------------------ */

/* Whether the access was a write: 1, 0, or -1 when that is not known. */
static int wrote(const ucontext_t *context)
{
#if defined(__x86_64__)
	/* Source: the Intel manual, volume 3, "Page-Fault Exception": W/R. */
	return context->uc_mcontext.gregs[REG_ERR] >> 1 & 1;
#elif defined(__aarch64__)
	/* Source: the Arm ARM, ESR_ELx, WnR of a data abort. */
	const struct _aarch64_ctx *record =
		(const void *)context->uc_mcontext.__reserved;
	while (record->magic != 0 && record->magic != ESR_MAGIC)
		record = (const void *)((const char *)record + record->size);
	return record->magic == 0 ? -1 :
	       ((const struct esr_context *)record)->esr >> 6 & 1;
#else
	(void)context;
	return -1;
#endif
}

static uintptr_t stack_pointer(const ucontext_t *context)
{
#if defined(__x86_64__)
	return (uintptr_t)context->uc_mcontext.gregs[REG_RSP];
#elif defined(__aarch64__)
	return (uintptr_t)context->uc_mcontext.sp;
#else
	(void)context;
	return 0;
#endif
}

/* Whether ADDRESS is what gcc leaves in a local that is never set, or near it. Source:
 * the gcc manual, -ftrivial-auto-var-init=pattern: bytes of 0xFE. The processor may have
 * filled the upper byte. */
static bool is_unset_local(uintptr_t address)
{
	const uintptr_t pattern = 0x00fefefefefefefeu & ~(uintptr_t)0xffff;
	uintptr_t low = address & 0x00ffffffffffffffu;
	return low >= pattern && low - pattern < 2 * UNSET_NEAR &&
	       address >> 56 >= 0xfe;
}

/* Whether a register holds the address of a local that was never set. x86-64 does
 * not tell an address that no process can have. */
static bool uses_unset_local(const siginfo_t *info, const ucontext_t *context)
{
	if (is_unset_local((uintptr_t)info->si_addr))
		return true;
#if defined(__x86_64__)
	for (int i = 0; info->si_code == SI_KERNEL && i <= REG_RCX; i++)
		if (is_unset_local((uintptr_t)context->uc_mcontext.gregs[i]))
			return true;
#else
	(void)context;
#endif
	return false;
}

/* Whether ADDRESS is where the stack would have to grow and cannot. */
static bool is_stack(uintptr_t address, const ucontext_t *context)
{
	uintptr_t sp = stack_pointer(context);
	uintptr_t between = address > sp ? address - sp : sp - address;
	return sp && between < STACK_NEAR;
}

/* Names the access to ADDRESS in FAULT. */
static void name_access(const siginfo_t *info, const ucontext_t *context,
			struct memory_fault *fault)
{
	uintptr_t address = (uintptr_t)info->si_addr;
	bool known = info->si_code != SI_KERNEL;
	fault->writes = known ? wrote(context) : -1;
	if (uses_unset_local(info, context))
		fault->kind = MEMORY_UNSET_LOCAL;
	else if (known && is_stack(address, context))
		fault->kind = MEMORY_STACK;
	else if (known && address < NULL_SPAN)
		fault->kind = MEMORY_NULL;
	else if (known)
		guarded_heap_look(address, fault);
}

/* --- telling ---------------------------------------------------------------------- */

/* Tells of the signal NUMBER: by what is on the stack, and when that cannot be walked, by
 * the last block that was entered. With no code under test on the stack it was the
 * caller's access: then there is no place. */
static void tell_signal(int number, const siginfo_t *info, const ucontext_t *context)
{
	struct memory_fault fault = {
		.kind = MEMORY_OTHER, .signal = number, .writes = -1,
		.got = NO_CALL, .gone = NO_CALL, .lent = NO_CALL, .via = -1,
	};
	if (info->si_code > 0 && (number == SIGSEGV || number == SIGBUS))
		name_access(info, context, &fault);
	struct walk walk = { .n = 0 };
	if (depth == 1)
		walk = walk_stack();
	fault.site = walk.n > 0 || walk.whole ? walk.site : last_site();
	depth = 2;
	told(&fault);
	depth = 3;
}

/* A second signal within means that the stack is broken; a third, that we are. */
static void on_signal(int number, siginfo_t *info, void *context)
{
	if (++depth <= 2 && told && getpid() == watched_process)
		tell_signal(number, info, context);
	signal(number, SIG_DFL);
	if (info->si_code <= 0)
		raise(number);
}

/* Ends the process as a bad access does. */
_Noreturn static void end_by_signal(void)
{
	signal(SIGSEGV, SIG_DFL);
	raise(SIGSEGV);
	_exit(128 + SIGSEGV);
}

void memory_watch_prepare(void)
{
	guarded_heap_reserve();
	/* The first walk may allocate. */
	(void)walk_stack();
}

void memory_watch(memory_listener *listener)
{
	static char stack[STACK_SIZE];
	const stack_t other = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction action = {
		.sa_sigaction = on_signal,
		.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER,
	};
	told = listener;
	watched_process = getpid();
	depth = 0;
	if (sigaltstack(&other, NULL) < 0)
		return;
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		sigaction(signals[i], &action, NULL);
}

/* --- for the wrappers ---------------------------------------------------------------- */

struct call_place memory_call_place(const struct watched *w)
{
	return (struct call_place){ (int)w->step.call, w->step.site.module[0],
				    w->step.site.offset[0] };
}

/* Tells of FAULT, if there is one to tell. */
static void tell(const struct memory_fault *fault)
{
	if (told && getpid() == watched_process)
		told(fault);
}

void memory_found(const struct memory_fault *fault)
{
	struct memory_fault found = *fault;
	found.site.module[0] = fault->gone.module;
	found.site.offset[0] = fault->gone.offset;
	tell(&found);
}

void memory_ends(const struct watched *w, struct memory_fault *fault)
{
	fault->signal = SIGSEGV;
	fault->site = w->step.site;
	tell(fault);
	end_by_signal();
}

/* A fault in the call that W is, of which no more is known yet. */
static struct memory_fault fault_of(const struct watched *w, int writes)
{
	return (struct memory_fault){
		.writes = writes, .got = NO_CALL, .gone = NO_CALL, .lent = NO_CALL,
		.via = (int)w->step.call,
	};
}

void memory_lent(const struct watched *w, const void *bytes, size_t n, bool writes)
{
	struct memory_fault fault = fault_of(w, writes);
	uintptr_t address = (uintptr_t)bytes;
	if (w->quiet || n == 0 || !guarded_heap_spans(address))
		return;
	/* What is written may be less than N; what is read is all of it. */
	if (guarded_heap_look(address, &fault) ||
	    (!writes && guarded_heap_look(address + n - 1, &fault)))
		memory_ends(w, &fault);
}

/* The frame of watched code in which ADDRESS lies, of those that lead to FRAME, and in
 * *RET_RETURNS where it returns to: 0 for none. Source: as find_site in
 * fault_injection.c. */
static uintptr_t frame_around(uintptr_t address, void *frame, uintptr_t *ret_returns)
{
	uintptr_t *at = frame;
	struct code_place place;
	if (address <= (uintptr_t)frame)
		return 0;
	for (int i = 0; i < FRAMES_MAX; i++) {
		uintptr_t returns = injection_return_address(at[1]);
		if (!injection_code_at(returns - 1, &place) ||
		    at[0] <= (uintptr_t)at || at[0] % sizeof(*at))
			return 0;
		at = (uintptr_t *)at[0];
		if ((uintptr_t)at > address) {
			*ret_returns = at[1];
			return (uintptr_t)at;
		}
	}
	return 0;
}

struct lent_buffer lent_buffer(const struct watched *w, const char *bytes, size_t n,
			       void *frame)
{
	struct lent_buffer buffer = { .bytes = n ? bytes : NULL };
	buffer.by = memory_call_place(w);
	buffer.thread = injection_thread();
	buffer.frame = frame_around((uintptr_t)bytes, frame, &buffer.returns);
	return buffer;
}

/* Whether the function has returned whose local variable BUFFER was. */
static bool frame_is_gone(const struct lent_buffer *buffer, void *frame)
{
	uintptr_t returns = 0, address = (uintptr_t)buffer->bytes;
	if (!buffer->frame || buffer->thread != injection_thread())
		return false;
	if (address < (uintptr_t)frame)
		return true;
	uintptr_t now = frame_around(address, frame, &returns);
	return now && (now != buffer->frame || returns != buffer->returns);
}

void lent_buffer_used(const struct watched *w, const struct lent_buffer *buffer,
		      void *frame)
{
	struct memory_fault fault = fault_of(w, -1);
	uintptr_t address = (uintptr_t)buffer->bytes;
	if (frame_is_gone(buffer, frame))
		fault.kind = MEMORY_FRAME_GONE;
	else if (!guarded_heap_spans(address) ||
		 !guarded_heap_look(address, &fault))
		return;
	fault.lent = buffer->by;
	memory_ends(w, &fault);
}

void memory_ends_at(struct memory_fault fault, uintptr_t returns)
{
	struct code_place place;
	fault.signal = SIGSEGV;
	fault.writes = fault.via = -1;
	fault.got = fault.gone = fault.lent = NO_CALL;
	if (injection_code_at(returns - 1, &place)) {
		fault.site.module[0] = place.module;
		fault.site.offset[0] = place.offset;
	}
	tell(&fault);
	end_by_signal();
}
