/* lost_errno.c - see lost_errno.h. */
#include "lost_errno.h"

#include <string.h>

/* The last look at errno, in the last ask, that found ERR; NULL for none. */
static const struct trace_point *last_look(const struct run *run, int err)
{
	const struct trace_point *look = NULL;
	for (size_t i = 0; i < run->n_trace; i++) {
		const struct trace_point *p = &run->trace[i];
		if (p->is_errno && p->ask == run->n_asks && p->err == err)
			look = p;
	}
	return look;
}

/* Whether some call of RUN left ERR by failing. */
static bool is_error_of(const struct run *run, int err)
{
	for (size_t i = 0; i < run->n_steps; i++)
		if (run->steps[i].failed && run->steps[i].err == err)
			return true;
	return false;
}

/* The call after the fault, and before LOOK, that overwrote errno: the last one that
 * failed with what was read; or, when no call has failed with that, the last that can
 * fail and did not, for it may leave errno as it likes. */
static const struct step *culprit(const struct run *run,
				  const struct trace_point *look)
{
	bool failure = is_error_of(run, look->err);
	for (size_t i = look->steps; i-- > run->ask_fault_step;) {
		const struct step *step = &run->steps[i];
		if (i < run->n_steps && (failure ? step->failed &&
		    step->err == look->err : !step->failed &&
		    calls[step->call].fails))
			return step;
	}
	return NULL;
}

bool lost_errno_find(const struct debug_info *sites, const struct run *run,
		     struct lost_errno *ret_lost)
{
	size_t last = run->n_asks - 1;
	if (run->n_asks == 0 || !run->ask_came[last] || !run->ask_struck ||
	    run->ask_value[last] >= 0 || run->ask_value[last] < INT_MIN)
		return false;
	int err = (int)-run->ask_value[last];
	const struct trace_point *look = err == run->ask_fault.err ? NULL :
					 last_look(run, err);
	if (!look)
		return false;
	*ret_lost = (struct lost_errno){
		.err = err, .by = culprit(run, look),
		.reader = debug_info_find(sites, look->module, look->offset) };
	return true;
}
