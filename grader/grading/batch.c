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
#include "base/shortage.h"
#include "base/temporary.h"
#include "grader_child.h"
#include "sandbox/sandbox.h"
#include "verdict/verdict.h"

enum { TRIES = 2 };

/* A judge at work, or one that waits to be told its sandbox. */
struct judge {
	struct process process;	/* its pid is 0 when there is none */
	int tell;		/* the pipe that it is told by; -1: told */
	int rc;			/* why it could not be started, or 0 */
};

/* Grading under way. */
struct batch {
	const struct batch_order *r;
	struct judge judges[ASKED_MAX];
	size_t started;		/* of them, in order */
	bool chosen;		/* the sandbox */
	struct sandbox sandbox;
	char folder[PATH_MAX];	/* "" when there is none */
	char *why;		/* why the sandbox is no stronger, or NULL */
};

/* --- verdicts that no judge gives ------------------------------------------------ */

/* A verdict on EXERCISE with one check: that it was not graded, and why. NULL when
 * memory is out. */
static json_t *ungraded(const struct exercise *exercise, enum outcome outcome,
			const char *name, const char *why)
{
	bool fault = outcome == OUTCOME_GRADER_FAULT;
	json_t *verdict = verdict_exercise(exercise->id);
	if (!verdict)
		return NULL;
	verdict_outcome(verdict, outcome);
	verdict_check(verdict, "behaves", name, fault ? "error" : "fail", 0,
		      fault ? 0 : FULL_SCORE, NULL, why);
	verdict_close_exercise(verdict);
	return verdict;
}

/* The same on every exercise that is asked for. */
static json_t *all_ungraded(const struct batch_order *r, enum outcome outcome,
			    const char *name, const char *why)
{
	json_t *exercises = json_array();
	for (size_t i = 0; i < r->n_asked; i++)
		json_array_append_new(exercises, ungraded(r->asked[i], outcome,
							  name, why));
	return exercises;
}

json_t *batch_refuse(const struct batch_order *r)
{
	char why[PATH_MAX + 1024];
	snprintf(why, sizeof(why), "%s %s", r->from_typed, r->refused);
	return verdict_whole(all_ungraded(r, r->fault ? OUTCOME_GRADER_FAULT :
					  OUTCOME_REJECTED, "hand_in", why),
			     "none", r->seed);
}

/* --- one judge ------------------------------------------------------------------- */

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

/* Starts the judge of EXERCISE, and tells it its sandbox when that is chosen. */
static struct judge start(const struct batch *b, const struct exercise *exercise)
{
	struct grader_child_call call;
	struct judge judge = { .process = PROCESS_NONE, .tell = -1 };
	int told[2];
	if (pipe2(told, O_CLOEXEC) < 0) {
		judge.rc = -errno;
		return judge;
	}
	struct grader_child_order order = {
		.id = exercise->id, .from = b->r->from, .fail = b->r->fail,
		.test = b->r->test, .seed = b->r->seed, .told = told[0],
	};
	grader_child_call(&call, &order);
	judge.rc = process_start(&call.program, &judge.process);
	if (judge.rc < 0)
		judge.process.pid = 0;
	close(told[0]);
	judge.tell = told[1];
	if (b->chosen)
		tell(&judge, sandbox_name(b->sandbox.sort));
	return judge;
}

/* Waits for JUDGE: its verdict, or NULL with the reason. */
static json_t *collect(struct judge *judge, char *ret_why, size_t size)
{
	struct ended ended;
	int rc = judge->rc < 0 ? judge->rc :
		 process_wait(&judge->process, &ended);
	if (rc < 0) {
		snprintf(ret_why, size, "the judge could not be %s: %s",
			 judge->rc < 0 ? "started" : "heard", strerror(-rc));
		return NULL;
	}
	json_t *verdict = grader_child_heard(&ended, ret_why, size);
	ended_release(&ended);
	return verdict;
}

/* The verdict on exercise number I, whose judge is at work. One that failed is
 * started once more: what fails by chance, as on a full disk, need not be the
 * learner's worry. */
static json_t *hear(struct batch *b, size_t i)
{
	const struct exercise *exercise = b->r->asked[i];
	char why[GRADER_CHILD_WHY];
	json_t *verdict = NULL;
	for (int tries = 1; tries <= TRIES; tries++) {
		if (tries > 1) {
			tell(&b->judges[i], NULL);
			b->judges[i] = start(b, exercise);
		}
		json_decref(verdict);
		verdict = collect(&b->judges[i], why, sizeof(why));
		if (verdict && !grader_child_failed(verdict))
			return verdict;
	}
	return verdict ? verdict : ungraded(exercise, OUTCOME_GRADER_FAULT,
					    "judge", why);
}

/* --- all of them ----------------------------------------------------------------- */

/* How many judges may run at a time. */
static size_t jobs(const struct batch_order *r)
{
	long n = r->jobs > 0 ? r->jobs : sysconf(_SC_NPROCESSORS_ONLN);
	return n < 1 ? 1 : (size_t)n;
}

/* Starts judges until there are as many as may run while number FIRST is waited
 * for. */
static void start_from(struct batch *b, size_t first)
{
	for (; b->started < b->r->n_asked &&
	       b->started < first + jobs(b->r); b->started++)
		b->judges[b->started] = start(b, b->r->asked[b->started]);
}

/* Lets all judges keep their files below one folder of ours, so that nothing
 * is left of a judge that had to be killed, and chooses the sandbox, which is tried
 * out while the first judges get ready. */
static int open_batch(struct batch *b)
{
	int rc = make_own_folder(b->folder, sizeof(b->folder));
	if (rc < 0)
		*b->folder = '\0';
	if (rc == 0 && setenv("TMPDIR", b->folder, 1) < 0)
		rc = -errno;
	if (rc == 0 && (b->why = shortage_find(b->folder, ENOUGH_TO_START)) != NULL)
		rc = -EIO;
	if (rc < 0)
		return rc;
	start_from(b, 0);
	rc = sandbox_choose(b->r->root, b->r->sandbox, b->folder, &b->sandbox,
			    &b->why);
	b->chosen = rc == 0;
	return rc;
}

static void close_batch(struct batch *b)
{
	for (size_t i = 0; i < b->started; i++) {
		tell(&b->judges[i], NULL);
		process_end(&b->judges[i].process);
	}
	if (*b->folder)
		remove_own_folder(b->folder);
	free(b->why);
}

/* Whether code that is not the workbook's own may run as things are. */
static bool may_run(const struct batch *b)
{
	return b->sandbox.sort != SANDBOX_LIMITS || b->r->ours || b->r->trust;
}

/* No exercise is judged, and each says why: an error RC of ours, or that there is no
 * sandbox. */
static json_t *refuse_all(const struct batch *b, int rc)
{
	char why[GRADER_CHILD_WHY];
	if (rc < 0)
		snprintf(why, sizeof(why), "%s", b->why ? b->why :
			 shortage_of_errno(-rc) ? shortage_of_errno(-rc) :
			 strerror(-rc));
	else
		snprintf(why, sizeof(why), "there is no sandbox here to run "
			 "others' code in (%s): nothing was run. Make "
			 "one work, or add --i-trust-this-code", b->why ? b->why :
			 "limits alone were asked for");
	return all_ungraded(b->r, OUTCOME_GRADER_FAULT, "judge", why);
}

/* Judges each exercise, as many at a time as there are jobs. */
static json_t *judge_all(struct batch *b)
{
	json_t *exercises = json_array();
	for (size_t i = 0; i < b->started; i++)
		tell(&b->judges[i], sandbox_name(b->sandbox.sort));
	for (size_t i = 0; i < b->r->n_asked; i++) {
		start_from(b, i);
		json_array_append_new(exercises, hear(b, i));
	}
	return exercises;
}

/* The whole verdict over EXERCISES, which it takes over; NULL when memory was out
 * for any of them. */
static json_t *whole(const struct batch *b, json_t *exercises)
{
	bool complete = json_array_size(exercises) == b->r->n_asked;
	json_t *verdict = verdict_whole(exercises,
					sandbox_name(b->sandbox.sort),
					b->r->seed);
	if (complete && verdict && b->why)
		json_object_set_new(verdict, "sandbox_why",
				    verdict_string(b->why));
	if (complete)
		return verdict;
	json_decref(verdict);
	return NULL;
}

json_t *batch_grade(const struct batch_order *r)
{
	struct batch b = { .r = r };
	int rc = open_batch(&b);
	json_t *verdict = whole(&b, rc == 0 && may_run(&b) ? judge_all(&b) :
				refuse_all(&b, rc));
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
