/* wrap.c - stands before send_lines: whoever made the sink, the code under test
 * is handed one whose calls are counted in the ledger and fail by the plan.
 *
 * A call that is made to fail does not reach the sink beneath, but for a close:
 * that has closed all the same. Calls that the ledger rejects do reach it, so
 * that a recorder beneath can tell of them.
 */
#include "send.h"
#include "runtime/fault_injection.h"

#include <errno.h>
#include <string.h>

#define BEGIN(call, gone, detail) \
	injection_begin(CALL_##call, gone, detail, __builtin_frame_address(0))

/* Each watched function needs a frame of its own, called by the learner's. */
#define WATCHED __attribute__((noinline)) static

enum { SINKS = 64, STACK_WIPED = 4096 };

/* A sink as the code under test sees it. The oldest makes room when there are
 * too many: a test may well open a hundred, one after the other. */
struct watched_sink {
	struct sink beneath;
	uint64_t id;
};

static struct {
	struct watched_sink sinks[SINKS];
	uint64_t opened;
	sink_open_fn *open;	/* the caller's */
} wrap;

int wrapped_send_lines(sink_open_fn *open, void *self,
		       const char *const lines[], size_t n);

/* Ends the call that returns RC. errno stays as it was: what a sink has to
 * say it returns, and code that reads errno instead must be seen to. */
static int end(struct watched *w, int rc)
{
	int saved = errno;
	if (rc < 0) {
		w->step.failed = true;
		w->step.err = -rc;
	}
	injection_end(w);
	errno = saved;
	return rc;
}

/* The sink that SELF stands for. Code that passes something else in place of
 * sink.self is taken to mean the one that it opened last. */
static struct watched_sink *sink_of(const void *self)
{
	for (int i = 0; i < SINKS; i++)
		if (self == &wrap.sinks[i])
			return &wrap.sinks[i];
	return &wrap.sinks[(wrap.opened - 1) % SINKS];
}

/* What the sink beneath is handed when S was handed SELF: what is none of ours
 * is passed on as it is, for the sink beneath to find fault with. */
static void *self_beneath(const struct watched_sink *s, void *self)
{
	return self == s ? s->beneath.self : self;
}

/* A put that is made to fail has put nothing. */
WATCHED int watched_put(void *self, const char *line)
{
	struct watched_sink *s = sink_of(self);
	struct watched w = BEGIN(sink_put, s->id, line);
	if (w.step.faulted)
		return end(&w, -w.step.err);
	return end(&w, s->beneath.put(self_beneath(s, self), line));
}

/* Closes the sink beneath also when it then reports a failure, and when the
 * ledger rejects the close; a broken version made at run time skips or
 * doubles it. */
WATCHED int watched_close(void *self)
{
	struct watched_sink *s = sink_of(self);
	struct watched w = BEGIN(sink_close, s->id, NULL);
	int rc = 0;
	for (int i = w.refused ? 1 : injection_times(&w); i > 0; i--) {
		int closed = s->beneath.close(self_beneath(s, self));
		rc = rc < 0 ? rc : closed;
	}
	return end(&w, w.step.faulted ? -w.step.err : rc);
}

/* Puts a sink of ours before the one that the caller's open fills. */
WATCHED int watched_open(void *self, struct sink *ret_sink)
{
	struct watched w = BEGIN(sink_open, 0, NULL);
	struct sink beneath = { 0 };
	int rc = w.step.faulted ? -w.step.err : wrap.open(self, &beneath);
	if (rc < 0)
		return end(&w, rc);
	struct watched_sink *s = &wrap.sinks[wrap.opened % SINKS];
	*s = (struct watched_sink){ beneath, ++wrap.opened };
	*ret_sink = (struct sink){ s, watched_put, watched_close };
	w.step.got[0] = s->id;
	return end(&w, rc);
}

/* Leaves zeros where the frame of the code under test will stand: a sink that
 * no open filled then crashes its user in every run, and not by chance. */
__attribute__((noinline)) static void wipe_stack(void)
{
	char below[STACK_WIPED];
	explicit_bzero(below, sizeof(below));
}

/* A sink may itself send lines to another: the caller's open is put back. */
int send_lines(sink_open_fn *open, void *self,
	       const char *const lines[], size_t n)
{
	sink_open_fn *outer = wrap.open;
	wrap.open = open;
	wipe_stack();
	int rc = wrapped_send_lines(watched_open, self, lines, n);
	wrap.open = outer;
	return rc;
}
