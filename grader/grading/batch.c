/* batch.c - see batch.h. */
#include "batch.h"
#include "sandbox/cell.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/files.h"
#include "grader_child.h"
#include "sandbox/sandbox.h"
#include "verdict/verdict.h"

/* A judge at work, or one that waits to be told its sandbox. */
struct judge {
	struct process process;	/* its pid is 0 when it could not be started */
	int tell;		/* the pipe that it is told by; -1: told */
};

/* Grading under way. */
struct batch {
	const struct batch_order *r;
	struct judge judges[ASKED_MAX];
	size_t started;
	bool chosen;		/* the sandbox */
	struct sandbox sandbox;
	char folder[PATH_MAX];	/* "" when there is none */
	char *why;		/* why the sandbox is no stronger, or NULL */
};

/* Waits for a judge: its verdict, or NULL with the reason. */
static json_t *collect(struct process *process, char *ret_why, size_t size)
{
	struct ended ended;
	int rc = process_wait(process, &ended);
	if (rc < 0) {
		snprintf(ret_why, size, "the judge could not be heard: %s",
			 strerror(-rc));
		return NULL;
	}
	json_t *verdict = grader_child_heard(&ended, ret_why, size);
	ended_release(&ended);
	return verdict;
}

/* Tells a judge its sandbox, with NULL that there is none. */
static void tell(struct judge *judge, const char *sandbox)
{
	if (judge->tell < 0)
		return;
	if (sandbox)
		grader_child_tell(judge->tell, sandbox);
	close(judge->tell);
	judge->tell = -1;
}

/* Starts the judge of EXERCISE, and tells it its sandbox when that is chosen. One
 * that cannot be started is told of when it is collected. */
static struct judge start(const struct batch *b,
			  const struct exercise *exercise)
{
	struct grader_child_call call;
	struct judge judge = { PROCESS_NONE, -1 };
	int told[2];
	if (pipe2(told, O_CLOEXEC) < 0)
		return judge;
	struct grader_child_order order = {
		.id = exercise->id, .from = b->r->from, .fail = b->r->fail,
		.seed = b->r->seed, .told = told[0],
	};
	grader_child_call(&call, &order);
	if (process_start(&call.program, &judge.process) < 0)
		judge.process.pid = 0;
	close(told[0]);
	judge.tell = told[1];
	if (b->chosen)
		tell(&judge, sandbox_name(b->sandbox.sort));
	return judge;
}

/* A verdict that is none: no grade, and why. */
static json_t *no_verdict(const struct exercise *exercise, const char *why)
{
	json_t *verdict = verdict_exercise(exercise->id);
	if (!verdict)
		return NULL;
	verdict_outcome(verdict, OUTCOME_GRADER_FAULT);
	verdict_check(verdict, "behaves", "judge", "error", 0, 0, NULL, why);
	verdict_close_exercise(verdict);
	return verdict;
}

/* The verdict on an exercise whose archive was refused as a whole. */
static json_t *refused(const struct batch_order *r, const struct exercise *exercise)
{
	char message[PATH_MAX + 1024];
	json_t *verdict = verdict_exercise(exercise->id);
	if (!verdict)
		return NULL;
	snprintf(message, sizeof(message), "%s %s", r->from_typed, r->refused);
	verdict_outcome(verdict, r->fault ? OUTCOME_GRADER_FAULT :
			OUTCOME_REJECTED);
	verdict_check(verdict, "behaves", "hand_in",
		      r->fault ? "error" : "fail", 0, 100, NULL, message);
	verdict_close_exercise(verdict);
	return verdict;
}

json_t *batch_refuse(const struct batch_order *r)
{
	json_t *exercises = json_array();
	for (size_t i = 0; i < r->n_asked; i++)
		json_array_append_new(exercises, refused(r, r->asked[i]));
	return verdict_whole(exercises, "none", r->seed);
}

/* Hears the judge of EXERCISE, and once more when it failed: what fails by
 * chance, a full disk or a killed process, need not be the learner's worry. */
static json_t *hear(const struct batch *b, const struct exercise *exercise,
		    struct judge *judge)
{
	char why[GRADER_CHILD_WHY];
	json_t *verdict = NULL;
	if (judge->process.pid > 0)
		verdict = collect(&judge->process, why, sizeof(why));
	if (verdict && !grader_child_failed(verdict))
		return verdict;
	json_decref(verdict);
	snprintf(why, sizeof(why), "no process could be started");
	struct judge again = start(b, exercise);
	verdict = again.process.pid > 0 ?
		  collect(&again.process, why, sizeof(why)) : NULL;
	return verdict ? verdict : no_verdict(exercise, why);
}

/* How many judges may run at a time. */
static size_t jobs(const struct batch_order *r)
{
	long n = r->jobs > 0 ? r->jobs : sysconf(_SC_NPROCESSORS_ONLN);
	if (n < 1)
		n = 1;
	return (size_t)n < r->n_asked ? (size_t)n : r->n_asked;
}

/* Starts the judges until there are as many jobs as may be from number FIRST on. */
static void start_from(struct batch *b, size_t first)
{
	const struct batch_order *r = b->r;
	for (; b->started < r->n_asked && b->started < first + jobs(r);
	     b->started++)
		b->judges[b->started] = start(b, r->asked[b->started]);
}

/* Chooses the sandbox: it is tried out while the first judges get ready. */
static int choose(struct batch *b)
{
	start_from(b, 0);
	int rc = sandbox_choose(b->r->root, b->r->sandbox, b->folder,
				&b->sandbox, &b->why);
	b->chosen = rc == 0;
	return rc;
}

/* Lets all judges keep their files below one folder of ours, so that nothing
 * is left of a judge that had to be killed, and chooses the sandbox. */
static int open_batch(struct batch *b)
{
	int rc = make_own_folder(b->folder, sizeof(b->folder));
	if (rc < 0)
		*b->folder = '\0';
	if (rc == 0 && setenv("TMPDIR", b->folder, 1) < 0)
		rc = -errno;
	return rc < 0 ? rc : choose(b);
}

static void close_batch(struct batch *b)
{
	for (size_t i = 0; i < b->started; i++) {
		tell(&b->judges[i], NULL);
		process_end(&b->judges[i].process);
	}
	if (*b->folder)
		remove_tree(b->folder);
	free(b->why);
}

/* Whether code that is not the workbook's own may run as things are. */
static bool may_run(const struct batch *b)
{
	return b->sandbox.sort != SANDBOX_LIMITS || b->r->ours || b->r->trust;
}

/* Nobody is judged, and each exercise says why. */
static json_t *refuse_all(const struct batch *b, int rc)
{
	char why[GRADER_CHILD_WHY];
	json_t *exercises = json_array();
	if (rc < 0)
		snprintf(why, sizeof(why), "%s", b->why ? b->why : strerror(-rc));
	else
		snprintf(why, sizeof(why), "there is no sandbox here to run "
			 "others' code in (%s): nothing was run. Mend that, or "
			 "add --i-trust-this-code", b->why ? b->why :
			 "limits alone were asked for");
	for (size_t i = 0; i < b->r->n_asked; i++)
		json_array_append_new(exercises, no_verdict(b->r->asked[i], why));
	return exercises;
}

/* Judges each exercise, as many at a time as there are jobs. */
static json_t *judge_all(struct batch *b)
{
	const struct batch_order *r = b->r;
	json_t *exercises = json_array();
	for (size_t i = 0; i < b->started; i++)
		tell(&b->judges[i], sandbox_name(b->sandbox.sort));
	for (size_t i = 0; i < r->n_asked; i++) {
		start_from(b, i);
		json_array_append_new(exercises,
				      hear(b, r->asked[i], &b->judges[i]));
	}
	return exercises;
}

json_t *batch_grade(const struct batch_order *r)
{
	struct batch b = { .r = r };
	int rc = open_batch(&b);
	json_t *exercises = rc == 0 && may_run(&b) ? judge_all(&b) :
			    refuse_all(&b, rc);
	json_t *verdict = verdict_whole(exercises, sandbox_name(b.sandbox.sort),
					r->seed);
	if (b.why)
		json_object_set_new(verdict, "sandbox_why",
				    verdict_string(b.why));
	close_batch(&b);
	return verdict;
}

int batch_debug(const struct batch_order *r)
{
	struct grader_child_call call;
	struct ended ended;
	struct grader_child_order order = {
		.id = r->asked[0]->id, .from = r->from, .fail = r->fail,
		.seed = r->seed, .debug = true,
		.sandbox = sandbox_name(SANDBOX_LIMITS),
	};
	grader_child_call(&call, &order);
	int rc = process_run(&call.program, &ended);
	if (rc < 0)
		return rc;
	rc = ended_well(&ended) ? 0 : -ECHILD;
	ended_release(&ended);
	return rc;
}
