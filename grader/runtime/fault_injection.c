/* fault_injection.c - see fault_injection.h. One state for the one thread that is watched. */
#include "fault_injection.h"
#include "ledger/errors.h"

#include <errno.h>
#include <signal.h>
#include <sqlite3.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>

enum { MODULES = 2, STACK_SPAN = 8 << 20, BLOCKS_TOLD = 64 };

static struct {
	struct listener listener;
	struct ledger ledger;
	struct plan plan;
	unsigned fault_points;	/* since the plan began */
	unsigned strikes, strikes_before_plan;
	unsigned blocks;	/* told since the start */
	enum change change;
	uint8_t change_module;
	uint32_t change_offset;
} watch;

static struct module {
	uintptr_t base, start, end;
} modules[MODULES];

static volatile struct trail *trail;

void injection_trail(volatile struct trail *new_trail)
{
	trail = new_trail;
}

void injection_processor_time(int milliseconds)
{
	struct itimerval timer = { .it_value = {
		.tv_sec = milliseconds / 1000,
		.tv_usec = milliseconds % 1000 * 1000,
	} };
	signal(SIGPROF, SIG_DFL);
	setitimer(ITIMER_PROF, &timer, NULL);
}

void injection_start(struct listener listener)
{
	ledger_release(&watch.ledger);
	memset(&watch, 0, sizeof(watch));
	watch.listener = listener;
}

void injection_plan(struct plan plan)
{
	watch.plan = plan;
	watch.fault_points = 0;
	watch.strikes_before_plan = watch.strikes;
}

void injection_change(enum change change, uint8_t module, uint32_t offset)
{
	watch.change = change;
	watch.change_module = module;
	watch.change_offset = offset;
}

bool injection_struck(void)
{
	return watch.strikes > watch.strikes_before_plan;
}

unsigned injection_strikes(void)
{
	return watch.strikes;
}

const struct ledger *injection_ledger(void)
{
	return &watch.ledger;
}

void injection_module(uint8_t module, uintptr_t base, uintptr_t start,
		  uintptr_t end)
{
	if (module < MODULES)
		modules[module] = (struct module){ base, start, end };
}

/* Finds the module that holds ADDRESS: its number, -1 for none. */
static int module_of(uintptr_t address)
{
	for (int i = 0; i < MODULES; i++)
		if (address >= modules[i].start && address < modules[i].end)
			return i;
	return -1;
}

/* Follows the frame pointers from FRAME through the code under test: false
 * when the caller is not part of it. One byte back from a return address
 * stands the call. Source: the frame layout of the x86-64 and AArch64 psABI,
 * the same on both: the caller's frame, then the return address. */
static bool find_site(void *frame, struct site *site)
{
	uintptr_t first = (uintptr_t)frame;
	uintptr_t *at = frame;
	int n = 0;
	while (n < SITE_DEPTH) {
		uintptr_t call = at[1] - 1;
		int module = module_of(call);
		if (module < 0)
			break;
		site->module[n] = (uint8_t)module;
		site->offset[n++] = (uint32_t)(call - modules[module].base);
		uintptr_t next = at[0];
		if (next <= (uintptr_t)at || next - first > STACK_SPAN ||
		    next % sizeof(void *))
			break;
		at = (uintptr_t *)next;
	}
	return n > 0;
}

/* Whether the plan makes this fault point fail. */
static bool strikes(unsigned point)
{
	switch (watch.plan.mode) {
	case FAULT_ONCE:
		return point == watch.plan.point;
	case FAULT_ON:
		return point >= watch.plan.point;
	default:
		return false;
	}
}

/* Where a debugger stops: the next call up is the stub, then the failing call
 * of the code under test. */
__attribute__((noinline)) void injection_fault_strikes(void)
{
	watch.strikes++;
}

/* Counts a fault point and lets the plan decide. */
static void decide_fault(struct step *step)
{
	const struct call_info *info = &calls[step->call];
	if (!info->fails)
		return;
	step->fault_point = ++watch.fault_points;
	if (!strikes(step->fault_point))
		return;
	step->faulted = step->failed = true;
	step->err = watch.plan.err ? error_for(step->call, watch.plan.err) :
		    info->errnos[watch.plan.mode == FAULT_ON];
	injection_fault_strikes();
}

struct watched injection_begin(enum call call, uint64_t gone, const char *detail,
			   void *frame)
{
	struct watched w = {
		.step = { .call = call, .gone = gone, .beneath = -1 },
	};
	if (!find_site(frame, &w.step.site)) {
		w.quiet = true;
		return w;
	}
	if (detail)
		snprintf(w.step.detail, sizeof(w.step.detail), "%s", detail);
	const struct entry *entry;
	w.refused = ledger_ask(&watch.ledger, call, gone, &entry) !=
		    RULING_FINE;
	decide_fault(&w.step);
	if (w.refused && !w.step.failed) {
		w.step.failed = true;
		w.step.err = speaks_sqlite(call) ? SQLITE_MISUSE :
			     calls[call].gone == KIND_LOCK ? EPERM : EBADF;
	}
	return w;
}

/* Whether the release under way stands where a broken version differs. */
static bool changed_here(const struct step *step)
{
	return watch.change != CHANGE_NONE &&
	       calls[step->call].role == ROLE_RELEASE &&
	       step->site.module[0] == watch.change_module &&
	       step->site.offset[0] == watch.change_offset;
}

int injection_times(const struct watched *watched)
{
	if (!watched->quiet && changed_here(&watched->step))
		return watch.change == CHANGE_SKIP ? 0 : 2;
	return watched->refused ? 0 : 1;
}

/* Records a step here and tells the listener. */
static void report(const struct step *step)
{
	enum ruling ruling;
	const struct entry *entry;
	if (ledger_record(&watch.ledger, step, &ruling, &entry) < 0)
		return;
	if (watch.listener.step)
		watch.listener.step(step);
}

void injection_end(struct watched *watched)
{
	struct step *step = &watched->step;
	int saved = errno;
	if (!watched->quiet) {
		int times = changed_here(step) ? injection_times(watched) : 1;
		for (int i = 0; i < times; i++)
			report(step);
	}
	errno = step->failed && !speaks_sqlite(step->call) ? step->err : saved;
}

void __sanitizer_cov_trace_pc(void);

/* gcc calls this at the start of each basic block of the code under test
 * (-fsanitize-coverage=trace-pc). Each is kept as the last; after a fault the
 * first ones are told. */
void __sanitizer_cov_trace_pc(void)
{
	uintptr_t address = (uintptr_t)__builtin_return_address(0) - 1;
	int module = module_of(address);
	if (module < 0)
		return;
	uint32_t offset = (uint32_t)(address - modules[module].base);
	if (trail) {
		trail->module = (uint32_t)module;
		trail->offset = offset;
	}
	if (!watch.listener.block || !injection_struck() ||
	    watch.blocks >= BLOCKS_TOLD)
		return;
	watch.blocks++;
	watch.listener.block((uint8_t)module, offset);
}
