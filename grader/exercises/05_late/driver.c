/* driver.c - meters in numbered slots, rounds, and when the collector looks.
 *
 * The collector is held back while the code under test runs: it looks when the
 * judge has it look, and at no other time. Where no code links one, there is
 * nothing to hold back. Source: gc.h, GC_disable. */
#include "runtime/driver.h"
#include "runtime/fault_injection.h"
#include "meter.h"
#include "round.h"

#include <dlfcn.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { SLOTS = 4, PATHS_MAX = 16, STACK_WIPED = 16 << 10 };

static struct meter *meters[SLOTS];
static struct meter *others[SLOTS];	/* a second pointer to each */
static char untouched;	/* where an out-parameter points before the call */

/* Calls the function of libgc's that is called NAME, if libgc is there. */
static void call_collector(const char *name)
{
	void (*function)(void);
	*(void **)&function = dlsym(RTLD_DEFAULT, name);
	if (function)
		function();
}

/* Holds the collector back from the first command on. */
static void hold_back(void)
{
	static int held;
	if (held++)
		return;
	call_collector("GC_init");
	call_collector("GC_disable");
}

/* The slot that argument 0 names. */
static int slot_of(const struct command_call *c)
{
	return (int)(call_int(c, 0) & (SLOTS - 1));
}

/* meter_open SLOT PATH: what it returned, and whether *ret_meter was
 * touched. */
static void open_meter(struct command_call *c)
{
	struct meter *meter = (struct meter *)&untouched;
	hold_back();
	errno = ERRNO_LEFT;
	reply_int(c, meter_open(call_text(c, 1), &meter));
	reply_int(c, meter != (struct meter *)&untouched);
	if (meter != (struct meter *)&untouched)
		meters[slot_of(c)] = others[slot_of(c)] = meter;
}

/* meter_read SLOT BEFORE: what it returned, and *ret_units, which was
 * BEFORE. */
static void read_meter(struct command_call *c)
{
	long units = call_int(c, 1);
	errno = ERRNO_LEFT;
	reply_int(c, meter_read(meters[slot_of(c)], &units));
	reply_int(c, units);
}

/* meter_close SLOT: what it returned, and whether *meter is NULL. */
static void close_meter(struct command_call *c)
{
	errno = ERRNO_LEFT;
	reply_int(c, meter_close(&meters[slot_of(c)]));
	reply_int(c, meters[slot_of(c)] == NULL);
}

/* close_failing SLOT: the same, and the first call of it that can fail does. */
static void close_failing(struct command_call *c)
{
	injection_plan((struct plan){ .mode = FAULT_ONCE, .point = 1,
				      .err = EIO });
	close_meter(c);
}

/* free_descriptor_0: the next open gets it. */
static void free_descriptor_0(struct command_call *c)
{
	reply_int(c, close(0));
}

/* round_run BEFORE [PATH]...: what it returned, and *ret_units, which was
 * BEFORE. */
static void run_round(struct command_call *c)
{
	const char *paths[PATHS_MAX];
	long units = call_int(c, 0);
	size_t n = call_count(c) - 1;
	hold_back();
	for (size_t i = 0; i < n && i < PATHS_MAX; i++)
		paths[i] = call_text(c, i + 1);
	errno = ERRNO_LEFT;
	reply_int(c, round_run(paths, n, &units));
	reply_int(c, units);
}

/* few_descriptors N: from now on, N can be open besides those that are. */
static void few_descriptors(struct command_call *c)
{
	struct rlimit limit;
	int lowest = dup(STDERR_FILENO);
	close(lowest);
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = (rlim_t)(lowest + call_int(c, 0));
	setrlimit(RLIMIT_NOFILE, &limit);
	reply_int(c, 0);
}

/* Leaves nothing on the stack that looks like a pointer to a meter. */
__attribute__((noinline)) static void wipe_stack(void)
{
	volatile char wiped[STACK_WIPED];
	for (size_t i = 0; i < sizeof(wiped); i++)
		wiped[i] = 0;
}

/* collector_looks: what nothing points to any more is finalized. */
static void collector_looks(struct command_call *c)
{
	memset(others, 0, sizeof(others));
	wipe_stack();
	call_collector("GC_enable");
	call_collector("GC_gcollect");
	call_collector("GC_invoke_finalizers");
	call_collector("GC_disable");
	reply_int(c, 0);
}

const struct command driver_commands[] = {
	{ "meter_open", open_meter },
	{ "meter_read", read_meter },
	{ "meter_close", close_meter },
	{ "close_failing", close_failing },
	{ "free_descriptor_0", free_descriptor_0 },
	{ "round_run", run_round },
	{ "few_descriptors", few_descriptors },
	{ "collector_looks", collector_looks },
	{ 0 },
};
