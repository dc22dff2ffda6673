/* fault_injection.c - see fault_injection.h. One state for all threads of the
 * code under test, behind one lock. */
#include "fault_injection.h"
#include "ledger/errors.h"
#include "trace.h"
#include "unwatched.h"
#include "protocol/scenario_runner.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>

enum { STACK_SPAN = 8 << 20 };

static struct {
	struct listener listener;
	struct ledger ledger;
	struct plan plan;
	unsigned fault_points;	/* since the plan began */
	unsigned transfers;	/* of them, those that the plan can cut short */
	struct step first;	/* the first of them that it struck */
	int last_err;		/* what the last of them failed with, 0 for none */
	_Atomic unsigned strikes;
	unsigned strikes_before_plan;
	pthread_t struck;	/* the thread of the last fault */
	enum change change;
	uint8_t change_module;
	uint32_t change_offset;
} watch;

static struct module {
	uintptr_t base, start, end;
} modules[TESTS_MODULE + 1];

static volatile struct trail own_trail, *trail = &own_trail;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

/* How often this thread has taken the lock and not given it back. */
static _Thread_local volatile unsigned held;
static _Thread_local int cancel_state;

/* A signal may come at any point of this: its handler then finds the lock held.
 * No thread is cancelled while it holds it. */
void injection_lock(void)
{
	if (held++ > 0)
		return;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
	pthread_mutex_lock(&mutex);
}

void injection_unlock(void)
{
	if (held == 1) {
		pthread_mutex_unlock(&mutex);
		pthread_setcancelstate(cancel_state, &(int){ 0 });
	}
	held--;
}

/* Keeps fork from copying the lock while another thread holds it. */
static void survive_forks(void)
{
	static bool done;
	if (!done)
		pthread_atfork(injection_lock, injection_unlock,
			       injection_unlock);
	done = true;
}

unsigned injection_thread(void)
{
	static _Atomic unsigned threads;
	static _Thread_local unsigned number;
	if (number == 0)
		number = ++threads;
	return number - 1;
}

void injection_trail(volatile struct trail *new_trail)
{
	trail = new_trail ? new_trail : &own_trail;
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
	survive_forks();
	ledger_release(&watch.ledger);
	memset(&watch, 0, sizeof(watch));
	watch.listener = listener;
	trace_start(listener.trace);
}

void injection_plan(struct plan plan)
{
	watch.plan = plan;
	watch.fault_points = watch.transfers = 0;
	watch.last_err = 0;
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
	if (module <= TESTS_MODULE)
		modules[module] = (struct module){ base, start, end };
}

int injection_module_of(uintptr_t address)
{
	for (int i = 0; i < WATCHED_MODULES; i++)
		if (address >= modules[i].start && address < modules[i].end)
			return i;
	return -1;
}

uintptr_t injection_address(uint8_t module, uint32_t offset)
{
	return module <= TESTS_MODULE && modules[module].end ?
	       modules[module].base + offset : 0;
}

bool injection_code_at(uintptr_t address, struct code_place *ret_place)
{
	const struct module *tests = &modules[TESTS_MODULE];
	int module = injection_module_of(address);
	if (module < 0 && address >= tests->start && address < tests->end)
		module = TESTS_MODULE;
	if (module < 0)
		return false;
	*ret_place = (struct code_place){ (uint8_t)module,
					  (uint32_t)(address - modules[module].base) };
	return true;
}

bool injection_last_block(struct code_place *ret_place)
{
	*ret_place = (struct code_place){ (uint8_t)trail->module, trail->offset };
	return trail->offset != 0;
}

/* Source: the Arm ARM, XPACLRI, which is a hint and does nothing on processors without
 * signatures. */
uintptr_t injection_return_address(uintptr_t address)
{
#ifdef __aarch64__
	register uintptr_t link __asm__("x30") = address;
	__asm__("hint #7" : "+r"(link));
	return link;
#else
	return address;
#endif
}

/* Follows the frame pointers from FRAME through the code under test: false
 * when the caller is not part of it. One byte back from a return address
 * stands the call. Source: the frame layout of the x86-64 and AArch64 psABI,
 * the same on both: the caller's frame, then the return address. FRAMES are those of
 * the functions at SITE. */
static bool find_site(void *frame, struct site *site, struct frames *frames)
{
	uintptr_t first = (uintptr_t)frame;
	uintptr_t *at = frame;
	int n = 0;
	while (n < SITE_DEPTH) {
		uintptr_t call = injection_return_address(at[1]) - 1;
		int module = injection_module_of(call);
		if (module < 0)
			break;
		frames->at[n] = at[0];
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

/* How many of the N bytes that a transfer is to move the plan lets through. */
static size_t share_of(size_t n)
{
	bool half = watch.plan.mode == FAULT_HALF || watch.plan.mode == FAULT_PARTIAL;
	size_t share = half ? n / 2 : watch.plan.bytes ? watch.plan.bytes : 1;
	return share < n ? share : n;
}

/* Whether STEP, a transfer of N bytes, comes short by the plan, WAYS being what may
 * become of it. One that fails when a part is moved does so once. */
static bool comes_short(const struct step *step, unsigned ways, size_t n)
{
	ways &= WAY_SHORT | WAY_CUT;
	if (!ways || n < 2 || share_of(n) == n)
		return false;
	unsigned number = watch.plan.transfers ? ++watch.transfers :
			  step->fault_point;
	return number == watch.plan.point ||
	       (watch.plan.mode == FAULT_HALF && number > watch.plan.point &&
		ways == WAY_SHORT && step->call == watch.first.call);
}

/* Whether STEP makes again, at the same place, the call that was struck first. */
static bool is_repetition(const struct step *step)
{
	return injection_struck() && step->call == watch.first.call &&
	       step->site.module[0] == watch.first.site.module[0] &&
	       step->site.offset[0] == watch.first.site.offset[0];
}

/* Whether STEP, a transfer of N bytes, comes short as the one that the plan names, or is
 * a later one of its kind, which fails. So does a disk that becomes full. */
static bool is_cut_off(const struct step *step, unsigned ways, size_t n)
{
	if (injection_struck())
		return step->call == watch.first.call;
	return ways & WAY_SHORT && comes_short(step, ways, n);
}

/* Whether the plan lets the call that it strikes now move a part. */
static bool moves_a_part(void)
{
	enum fault_mode mode = watch.plan.mode;
	return mode == FAULT_SHORT || mode == FAULT_HALF ||
	       (mode == FAULT_PARTIAL && !injection_struck());
}

/* Whether the plan strikes at STEP, which is to transfer N bytes, and of which WAYS is
 * what may become. */
static bool strikes(const struct step *step, unsigned ways, size_t n)
{
	bool here = step->fault_point == watch.plan.point;
	switch (watch.plan.mode) {
	case FAULT_ONCE:
		return here;
	case FAULT_ON:
		return step->fault_point >= watch.plan.point;
	case FAULT_SHORT:
	case FAULT_HALF:
		return comes_short(step, ways, n);
	case FAULT_PARTIAL:
		return is_cut_off(step, ways, n);
	case FAULT_INTERRUPTED:
		return here && ways & WAY_INTERRUPTED;
	case FAULT_LASTING:
		return here || is_repetition(step);
	default:
		return false;
	}
}

/* What a call in a cascade fails with: neither what the first failed with nor what the
 * last did, if its row of calls.def has such a one; the first takes the second one there. */
static int next_in_cascade(const int errnos[ERRNOS_MAX])
{
	int best = errnos[1] ? errnos[1] : errnos[0];
	for (int i = 0; injection_struck() && i < ERRNOS_MAX && errnos[i]; i++) {
		if (errnos[i] == watch.last_err)
			continue;
		best = errnos[i];
		if (best != watch.first.err)
			break;
	}
	return best;
}

/* The error that STEP fails with, of those that it has. */
static int error_of(const struct step *step, const int errnos[ERRNOS_MAX])
{
	bool first = !injection_struck() || watch.plan.mode != FAULT_ON;
	if (watch.plan.mode == FAULT_INTERRUPTED)
		return EINTR;
	if (watch.plan.err && first)
		return error_for(step->call, watch.plan.err);
	return watch.plan.mode == FAULT_ON ? next_in_cascade(errnos) : errnos[0];
}

/* Where a debugger stops: the next call up is the wrapper, then the failing call
 * of the code under test. */
__attribute__((noinline)) void injection_fault_strikes(void)
{
	watch.strikes++;
	watch.struck = pthread_self();
}

/* Notes that the plan strikes at STEP. */
static void note_strike(const struct step *step)
{
	if (!injection_struck())
		watch.first = *step;
	watch.last_err = step->err;
	injection_fault_strikes();
}

/* Counts a fault point and lets the plan decide. A transfer that comes short has
 * succeeded, but for those that fail when a part is moved. */
static void decide_fault(struct watched *w)
{
	struct step *step = &w->step;
	const struct call_ways can = ledger_ways(&watch.ledger, step);
	size_t n = w->share;
	if (!can.fails)
		return;
	step->fault_point = ++watch.fault_points;
	if (!strikes(step, can.ways, n))
		return;
	bool is_short = moves_a_part();
	step->faulted = true;
	step->failed = !is_short || can.ways & WAY_CUT;
	step->err = step->failed ? error_of(step, can.errnos) : 0;
	w->share = is_short ? share_of(n) : 0;
	w->for_good = watch.plan.mode == FAULT_ON;
	note_strike(step);
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

/* Records that the code under test has got what STEP is about to release from a
 * call that is not watched: from then on it is a resource like any other. */
static void adopt(const struct step *step)
{
	static const enum call calls_of[KIND_COUNT] = {
		[KIND_HEAP] = CALL_unwatched_block,
		[KIND_DESCRIPTOR] = CALL_unwatched_descriptor,
		[KIND_STREAM] = CALL_unwatched_stream,
		[KIND_MESSAGE] = CALL_unwatched_message,
	};
	struct step acquired = {
		.call = calls_of[calls[step->call].gone], .beneath = -1,
		.got = { step->gone }, .site = step->site,
	};
	report(&acquired);
}

/* Lets the ledger rule on what W is about. Where a call that is not watched may
 * have acquired it, the benefit of the doubt is the learner's. */
static void rule(struct watched *w)
{
	const struct entry *entry;
	struct step *step = &w->step;
	enum ruling ruling = ledger_ask(&watch.ledger, step->call, step->gone,
					&entry);
	if (ruling == RULING_FINE)
		return;
	w->unwatched = unwatched_may_have_made(&watch.ledger, ruling,
					       step->call, step->gone);
	w->refused = !w->unwatched;
	if (!w->unwatched)
		return;
	if (calls[step->call].role == ROLE_RELEASE ||
	    calls[step->call].role == ROLE_TRANSFER)
		adopt(step);
	else
		step->gone = 0;
}

/* Whether the lock is held from the beginning of CALL to its end, so that no
 * other thread gets the number of what it releases before that is recorded. Such
 * calls never wait; a stream may wait until its bytes are taken, and SQLite has
 * locks of its own. */
static bool is_held(enum call call)
{
	enum kind gone = calls[call].gone;
	bool moves = call == CALL_dup2 || call == CALL_dup3 ||
		     call == CALL_realloc || call == CALL_reallocarray;
	return moves || (calls[call].role == ROLE_RELEASE &&
			 (gone == KIND_HEAP || gone == KIND_DESCRIPTOR ||
			  gone == KIND_DIRECTORY || gone == KIND_LOCK));
}

/* Decides what becomes of the call that W is. */
static void decide(struct watched *w)
{
	struct step *step = &w->step;
	unwatched_enter(&watch.ledger);
	rule(w);
	if (!w->unwatched)	/* which costs nothing */
		decide_fault(w);
	if (w->refused && !step->failed) {
		step->failed = true;
		step->err = speaks_sqlite(step->call) ? SQLITE_MISUSE :
			    calls[step->call].gone == KIND_LOCK ? EPERM : EBADF;
	}
}

/* A call that is made while this thread holds the lock is made by a handler of a
 * signal that came just then: it is done, and not watched. */
struct watched injection_begin_transfer(enum call call, uint64_t gone,
					const char *detail, size_t n, void *frame)
{
	struct watched w = {
		.step = { .call = call, .gone = gone, .beneath = -1,
			  .asked = n < UINT32_MAX ? (uint32_t)n : UINT32_MAX },
		.share = n,
	};
	struct frames frames = { { 0 } };
	if (held || !find_site(frame, &w.step.site, &frames)) {
		w.quiet = true;
		return w;
	}
	if (detail)
		snprintf(w.step.detail, sizeof(w.step.detail), "%s", detail);
	injection_lock();
	decide(&w);
	if (w.step.faulted)
		trace_struck(&frames);
	if (!is_held(call))
		injection_unlock();
	return w;
}

struct watched injection_begin(enum call call, uint64_t gone, const char *detail,
			   void *frame)
{
	return injection_begin_transfer(call, gone, detail, 0, frame);
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

void injection_end(struct watched *watched)
{
	struct step *step = &watched->step;
	int saved = errno;
	if (!watched->quiet) {
		int times = changed_here(step) ? injection_times(watched) : 1;
		injection_lock();
		for (int i = 0; i < times; i++)
			report(step);
		injection_unlock();
		if (is_held(step->call))
			injection_unlock();
	}
	errno = speaks_sqlite(step->call) ? saved :
		step->failed ? step->err :
		watched->succeeded && calls[step->call].fails && !watched->quiet ?
		ERRNO_LEFT : saved;
}

enum ruling injection_ask(enum call call, uint64_t gone, bool *ret_known)
{
	const struct entry *entry;
	injection_lock();
	enum ruling ruling = ledger_ask(&watch.ledger, call, gone, &entry);
	*ret_known = entry != NULL;
	injection_unlock();
	return ruling;
}

/* Whether this thread is to be followed: the one in which the last fault struck. */
static bool is_followed(void)
{
	return trace_goes_on() && pthread_equal(watch.struck, pthread_self());
}

int *injection_errno(const void *caller)
{
	int *ret_errno = &errno;
	uintptr_t address = injection_return_address((uintptr_t)caller) - 1;
	int module = injection_module_of(address);
	if (module < 0 || held || !is_followed())
		return ret_errno;
	injection_lock();
	trace_errno(&(struct trace_event){
		.is_errno = true, .module = (uint8_t)module, .err = *ret_errno,
		.offset = (uint32_t)(address - modules[module].base),
		.steps = (unsigned)watch.ledger.steps });
	injection_unlock();
	return ret_errno;
}

/* Takes a block of MODULE that the function in FRAME enters. */
static void follow_block(int module, uint32_t offset, uintptr_t frame)
{
	if (!is_followed())
		return;
	injection_lock();
	trace_block(&(struct trace_event){
		.module = (uint8_t)module, .offset = offset,
		.steps = (unsigned)watch.ledger.steps }, frame);
	injection_unlock();
}

void injection_over(void)
{
	injection_lock();
	trace_over();
	injection_unlock();
}

void __sanitizer_cov_trace_pc(void);

/* gcc calls this at the start of each basic block of the code under test
 * (-fsanitize-coverage=trace-pc). Each is kept as the last; after a fault they are
 * followed. Our frame begins with the address of the caller's. */
void __sanitizer_cov_trace_pc(void)
{
	uintptr_t address = injection_return_address(
		(uintptr_t)__builtin_return_address(0)) - 1;
	int module = injection_module_of(address);
	if (module < 0)
		return;
	uint32_t offset = (uint32_t)(address - modules[module].base);
	trail->module = (uint32_t)module;
	trail->offset = offset;
	if (unwatched_waits()) {
		injection_lock();
		unwatched_enter(&watch.ledger);
		injection_unlock();
	}
	follow_block(module, offset,
		     *(const uintptr_t *)__builtin_frame_address(0));
}
