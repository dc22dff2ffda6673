/* grade.c - brakes grade: what is asked is judged, remembered and shown. */
#include "commands.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "archive_input.h"
#include "asked.h"
#include "grading/batch.h"
#include "grading/grade.h"
#include "report/formats.h"
#include "sandbox/sandbox.h"
#include "say.h"
#include "verdict/verdict.h"

enum { DEFAULT_SEED = 1 };

/* --- whether the options make sense ---------------------------------------------- */

/* Says that NAME is no format, and which there are. */
static int no_such_format(const char *name)
{
	char list[256];
	size_t at = 0;
	for (size_t i = 0; formats[i].name && at < sizeof(list); i++)
		at += (size_t)snprintf(list + at, sizeof(list) - at, "%s%s",
				       i ? ", " : "", formats[i].name);
	return say(STATUS_USAGE, "no format %s: there are %s", name, list);
}

static int check_sandbox(const struct request *r)
{
	struct sandbox sandbox;
	if (!r->sandbox || sandbox_named(r->root, r->sandbox, &sandbox) == 0)
		return 0;
	return say(STATUS_USAGE, "no sandbox %s: there are %s, %s and %s",
		   r->sandbox, sandbox_name(SANDBOX_BUBBLEWRAP),
		   sandbox_name(SANDBOX_LANDLOCK), sandbox_name(SANDBOX_LIMITS));
}

/* Whether --fail and --debug make sense. */
static int check_replay(const struct request *r)
{
	struct replay replay;
	if (r->debug && !r->fail)
		return say(STATUS_USAGE, "--debug stops at the call that "
			   "--fail names: give both");
	if (r->test && (r->fail || r->n_asked != 1))
		return say(STATUS_USAGE, "--test runs one test of one exercise, "
			   "and without --fail: name just one");
	if (!r->fail)
		return 0;
	if (r->n_asked != 1)
		return say(STATUS_USAGE, "--fail replays one call of one "
			   "exercise: name just one");
	if (replay_parse(r->fail, &replay) < 0)
		return say(STATUS_USAGE, "--fail wants SCENARIO:K or "
			   "SCENARIO:K:MODE, with the number K of a call from "
			   "1 on, such as one_day:2, and got \"%s\"", r->fail);
	return 0;
}

/* Asks before the grading whether its result can be written: it takes a while. */
static int check_out(const struct request *r)
{
	int rc = r->out ? format_can_write(r->out) : 0;
	return rc == 0 ? 0 :
	       say(STATUS_USAGE, "--out %s cannot be written: %s. Name a file "
		   "in a folder that you may write to", r->out, strerror(-rc));
}

static int check_options(const struct request *r)
{
	int status = format_find(r->format) ? 0 : no_such_format(r->format);
	if (status == 0)
		status = check_sandbox(r);
	if (status == 0)
		status = check_replay(r);
	return status == 0 ? check_out(r) : status;
}

/* --- what is done ---------------------------------------------------------------- */

/* What is to be graded, as grading wants it. */
static struct batch_order order_of(const struct request *r,
				   const struct handed_in *in)
{
	return (struct batch_order){
		.root = r->root, .asked = r->asked, .n_asked = r->n_asked,
		.from = in->from, .from_typed = r->from,
		.refused = in->refused, .fault = in->fault, .ours = in->ours,
		.trust = r->trust, .sandbox = r->sandbox, .fail = r->fail,
		.test = r->test, .seed = r->seed ? r->seed : DEFAULT_SEED, .jobs = r->jobs,
	};
}

/* What a report has to know beside the verdict. */
static struct report_context context_of(const struct request *r,
					const struct handed_in *in)
{
	return (struct report_context){
		.root = r->root, .catalog = r->catalog, .from = in->from,
		.from_typed = r->from, .archive = in->archive != NULL,
		.own = in->own, .fail = r->fail ? r->fail : r->test,
		.next = progress_next(r->progress, r->catalog),
		.format = r->format, .out = r->out,
	};
}

/* Remembers the scores of the learner's own files. */
static void remember(const struct request *r, const struct handed_in *in,
		     const json_t *verdict)
{
	int rc = in->own && !r->fail && !r->test ? progress_keep(r->progress, verdict) : 0;
	if (rc < 0)
		say(STATUS_FULL, "your score could not be remembered in "
		    ".brakes-progress: %s", strerror(-rc));
}

/* Shows VERDICT: its exit status. That nobody reads it is no fault. */
static int show(const struct request *r, const struct handed_in *in,
		const json_t *verdict)
{
	struct report_context context = context_of(r, in);
	int rc = format_write(verdict, &context);
	if (rc < 0 && (r->out || rc != -EPIPE))
		return say(STATUS_FAULT, "the verdict could not be written to "
			   "%s: %s", r->out ? r->out : "standard output",
			   strerror(-rc));
	return verdict_exit_status(verdict);
}

/* Why there was nothing to replay, which is in the verdict; "" when there was. */
static const char *no_replay(const json_t *verdict)
{
	const json_t *exercises = json_object_get(verdict, "exercises");
	return verdict_text(json_array_get(exercises, 0), "no_replay");
}

/* Concludes from VERDICT. */
static int conclude(const struct request *r, const struct handed_in *in,
		    json_t *verdict)
{
	if ((r->fail || r->test) && *no_replay(verdict))
		return say(STATUS_USAGE, "%s", no_replay(verdict));
	if (in->archive)
		json_object_set(verdict, "archive", in->archive);
	remember(r, in, verdict);
	return show(r, in, verdict);
}

static void live_on(int signal)
{
	(void)signal;
}

/* Not by ignoring the signal: a program that is started inherits that. */
void outlive_interrupt(void)
{
	struct sigaction action = { .sa_handler = live_on };
	sigaction(SIGINT, &action, NULL);
}

/* Lets the debugger run, if it is asked for: 0 or an exit status. */
static int debug(const struct request *r, const struct batch_order *order)
{
	if (!r->debug || order->refused)
		return 0;
	outlive_interrupt();
	return batch_debug(order) == 0 ? 0 :
	       say(STATUS_FAULT, "the debugger did not run; is gdb there?");
}

/* Grades what was handed in. */
static int grade(const struct request *r, const struct handed_in *in)
{
	struct batch_order order = order_of(r, in);
	int status = debug(r, &order);
	if (status != 0)
		return status;
	json_t *verdict = order.refused ? batch_refuse(&order) :
			  batch_grade(&order);
	if (!verdict)
		return say(STATUS_FAULT, "no memory is left for the verdict");
	status = conclude(r, in, verdict);
	json_decref(verdict);
	return status;
}

int command_grade(const struct request *r)
{
	struct handed_in in;
	int status = check_options(r);
	if (status != 0)
		return status;
	status = handed_in_find(r, &in);
	if (status == 0)
		status = grade(r, &in);
	handed_in_release(&in);
	return status;
}

int command_next(const struct request *r)
{
	const struct exercise *next = progress_next(r->progress, r->catalog);
	int status = command_map(r);
	if (status != STATUS_FULL || !next)
		return status;
	struct request grading = *r;
	ask_for(&grading, next);
	printf("\nAs your files are now, make %.2s says:\n\n", next->id);
	return command_grade(&grading);
}
