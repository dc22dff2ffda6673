/* way_out.c - see way_out.h. */
#include "way_out.h"

#include <string.h>

/* How deep the site of STEP goes. */
static int depth_of(const struct step *step)
{
	int n = 0;
	while (n < SITE_DEPTH && step->site.offset[n])
		n++;
	return n;
}

/* The function at level I of the site of STEP. */
static const char *function_at(const struct debug_info *sites,
			       const struct step *step, int i)
{
	return debug_info_find(sites, step->site.module[i], step->site.offset[i])
		.function;
}

const char *way_out_function(const struct debug_info *sites, const struct step *step)
{
	int n = depth_of(step);
	return function_at(sites, step, n > 0 ? n - 1 : 0);
}

/* The innermost level of the site of STEP at which FUNCTION is, -1 for none. */
static int level_of(const struct debug_info *sites, const struct step *step,
		    const char *function)
{
	int n = depth_of(step);
	for (int i = 0; i < n; i++)
		if (strcmp(function_at(sites, step, i), function) == 0)
			return i;
	return -1;
}

bool way_out_made_within(const struct debug_info *sites, const struct step *step,
			 const char *function)
{
	return level_of(sites, step, function) >= 0;
}

/* The line at which FUNCTION made STEP, or called what made it; 0 for none. */
static int line_of_call(const struct debug_info *sites, const struct step *step,
			const char *function)
{
	int i = level_of(sites, step, function);
	return i < 0 ? 0 : debug_info_find(sites, step->site.module[i],
					   step->site.offset[i]).line;
}

/* Whether LINE is where gcc places the cleanup of a variable, which comes after the
 * return or the goto that ends its scope. */
static bool is_cleanup(const struct debug_info *sites, const struct trace_point *p,
		       int line, int before)
{
	return line < before &&
	       debug_info_declares(sites, p->module, p->offset, line);
}

/* Where FUNCTION had made the call under which the fault fell, and what ends the block
 * in which that call stands. P is any block that was entered in its module. */
static struct place left_at_once(const struct debug_info *sites,
				 const struct run *run, const char *function,
				 const struct trace_point *p)
{
	struct place none = { .file = "?" };
	int i = level_of(sites, &run->fault, function);
	if (i < 0)
		return none;
	uint8_t module = run->fault.site.module[i];
	uint32_t offset = run->fault.site.offset[i];
	struct place place = { .line = 0 };
	if (p && p->module == module)
		place = debug_info_leaving(sites, module, offset, p->offset);
	return place.line ? place : debug_info_find(sites, module, offset);
}

/* Takes the block P of the function into WAY. BEFORE is the line of the call that
 * failed. */
static void take_block(const struct debug_info *sites, const struct trace_point *p,
		       int before, struct way_out *way)
{
	if (way->first.line == 0)
		way->first = debug_info_block(sites, p->module, p->offset);
	struct place left = debug_info_leaving(sites, p->module, p->offset,
					       p->offset);
	int last = way->left.line ? way->left.line : before;
	if (left.line == 0 || is_cleanup(sites, p, left.line, last))
		return;
	if (way->left.line == 0)
		way->by = left;
	way->left = left;
}

struct way_out way_out_of(const struct debug_info *sites, const struct run *run,
			  const char *function)
{
	struct place none = { .file = "?" };
	struct way_out way = { none, none, none, false };
	const struct trace_point *last = NULL;
	if (!run->struck)
		return way;
	int before = line_of_call(sites, &run->fault, function);
	for (size_t i = 0; i < run->n_trace; i++) {
		const struct trace_point *p = &run->trace[i];
		if (p->is_errno || p->ask != run->fault_ask)
			continue;
		last = p;
		if (strcmp(debug_info_find(sites, p->module, p->offset).function,
			   function) == 0)
			take_block(sites, p, before, &way);
	}
	way.at_once = way.left.line == 0;
	if (way.at_once && last)
		way.left = way.by = left_at_once(sites, run, function, last);
	if (way.first.line && way.first.line < before)
		way.first.line = before;
	/* gcc makes one of two returns of the same value: the first. */
	if (way.left.line < way.by.line)
		way.left = way.by;
	if (way.by.line == way.left.line)
		way.by = none;
	return way;
}

/* The function that both STEP and UNTIL were made in, or under: the innermost one,
 * NULL for none. */
static const char *common_function(const struct debug_info *sites,
				   const struct step *step, const struct step *until)
{
	int n = depth_of(step);
	for (int i = 0; i < n; i++) {
		const char *function = function_at(sites, step, i);
		if (way_out_made_within(sites, until, function))
			return function;
	}
	return NULL;
}

void owners_note(struct owners *owners, const struct debug_info *sites,
		 const struct run *run)
{
	for (size_t i = 0; i < run->ledger.n && owners->n < OWNERS_MAX; i++) {
		const struct entry *e = &run->ledger.entries[i];
		if (e->live || e->given || owners_find(owners, &e->by))
			continue;
		const char *function = common_function(sites, &e->by, &e->until);
		if (function)
			owners->of[owners->n++] = (struct owner){
				e->by.site.module[0], e->by.site.offset[0],
				function };
	}
}

const char *owners_find(const struct owners *owners, const struct step *step)
{
	for (size_t i = 0; owners && i < owners->n; i++)
		if (owners->of[i].module == step->site.module[0] &&
		    owners->of[i].offset == step->site.offset[0])
			return owners->of[i].function;
	return NULL;
}
