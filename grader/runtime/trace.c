/* trace.c - see trace.h. A loop after the fault could fill any room: the first events
 * are told as they come, the last ones when the call under test is over. */
#include "trace.h"

#include <stddef.h>
#include <string.h>

enum { FIRST = 32, LAST = TRACE_TOLD_MAX - FIRST };

static struct {
	void (*tell)(const struct trace_event *event);
	struct frames frames;
	int innermost;		/* of the frames that have not returned yet */
	bool struck, over;
	size_t n;		/* events since the fault */
	struct trace_event last[LAST];	/* those beyond the first, in a ring */
} trace;

void trace_start(void (*tell)(const struct trace_event *event))
{
	memset(&trace, 0, sizeof(trace));
	trace.tell = tell;
}

void trace_struck(const struct frames *frames)
{
	if (trace.struck)
		return;
	trace.struck = true;
	trace.frames = *frames;
}

bool trace_goes_on(void)
{
	return trace.tell && trace.struck && !trace.over;
}

static void keep(const struct trace_event *event)
{
	if (trace.n < FIRST)
		trace.tell(event);
	else
		trace.last[trace.n % LAST] = *event;
	trace.n++;
}

/* A function that enters a block has got control back: those that it had called have
 * returned, and their frames may be others' now. */
void trace_block(const struct trace_event *event, uintptr_t frame)
{
	for (int i = trace.innermost; i < SITE_DEPTH; i++) {
		if (!trace.frames.at[i] || trace.frames.at[i] != frame)
			continue;
		trace.innermost = i;
		keep(event);
		return;
	}
}

void trace_errno(const struct trace_event *event)
{
	keep(event);
}

void trace_over(void)
{
	if (!trace_goes_on())
		return;
	size_t first = trace.n > FIRST + LAST ? trace.n - LAST : FIRST;
	for (size_t i = first; i < trace.n; i++)
		trace.tell(&trace.last[i % LAST]);
	trace.over = true;
}
