/* batch.c - see batch.h. */
#include "batch.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../folder.h"
#include "../judging_process.h"
#include "../sandbox.h"
#include "../verdict.h"

/* Grading under way. */
struct batch {
	const struct request *r;
	struct sandbox sandbox;
	char folder[PATH_MAX];	/* "" when there is none */
	char *why;		/* why the sandbox is no stronger, or NULL */
};

/* Fills in how to start the judge of EXERCISE. */
static void order_judge(struct judging_call *call, const struct request *r,
			const struct sandbox *sandbox,
			const struct exercise *exercise, bool debug)
{
	struct judging_order order = {
		.id = exercise->id, .from = r->from, .fail = r->fail,
		.seed = r->seed, .debug = debug,
		.sandbox = sandbox_name(sandbox->sort),
	};
	judging_call(call, &order);
}

/* Waits for a judge: its verdict, or NULL with the reason. */
static json_t *collect(struct process *process, char *ret_why, size_t size)
{
	struct ended ended;
	int rc = spawn_wait(process, &ended);
	if (rc < 0) {
		snprintf(ret_why, size, "the judge could not be heard: %s",
			 strerror(-rc));
		return NULL;
	}
	json_t *verdict = judging_heard(&ended, ret_why, size);
	ended_release(&ended);
	return verdict;
}

/* Starts the judge of EXERCISE; process.pid stays 0 when that fails, which
 * collecting it then tells. */
static struct process start(const struct batch *b,
			    const struct exercise *exercise)
{
	struct judging_call call;
	struct process process = PROCESS_NONE;
	order_judge(&call, b->r, &b->sandbox, exercise, false);
	if (spawn_start(&call.program, &process) < 0)
		process.pid = 0;
	return process;
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
static json_t *refused(const struct request *r, const struct exercise *exercise)
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

json_t *batch_refuse(const struct request *r)
{
	json_t *exercises = json_array();
	for (size_t i = 0; i < r->n_asked; i++)
		json_array_append_new(exercises, refused(r, r->asked[i]));
	return verdict_whole(exercises, "none", r->seed);
}

/* Hears the judge of EXERCISE, and once more when it failed: what fails by
 * chance, a full disk or a killed process, need not be the learner's worry. */
static json_t *hear(const struct batch *b, const struct exercise *exercise,
		    struct process *process)
{
	char why[JUDGING_WHY];
	json_t *verdict = NULL;
	if (process->pid > 0)
		verdict = collect(process, why, sizeof(why));
	if (verdict && !judging_failed(verdict))
		return verdict;
	json_decref(verdict);
	snprintf(why, sizeof(why), "no process could be started");
	struct process again = start(b, exercise);
	verdict = again.pid > 0 ? collect(&again, why, sizeof(why)) : NULL;
	return verdict ? verdict : no_verdict(exercise, why);
}

/* How many judges may run at a time. */
static size_t jobs(const struct request *r)
{
	long n = r->jobs > 0 ? r->jobs : sysconf(_SC_NPROCESSORS_ONLN);
	if (n < 1)
		n = 1;
	return (size_t)n < r->n_asked ? (size_t)n : r->n_asked;
}

/* Lets all judges keep their files below one folder of ours, so that nothing
 * is left of a judge that had to be killed, and chooses the sandbox. */
static int open_batch(struct batch *b)
{
	const struct request *r = b->r;
	int rc = make_own_folder(b->folder, sizeof(b->folder));
	if (rc < 0)
		*b->folder = '\0';
	else
		rc = sandbox_choose(r->root, r->sandbox, b->folder, &b->sandbox,
				    &b->why);
	if (rc == 0)
		setenv("TMPDIR", b->folder, 1);
	return rc;
}

static void close_batch(struct batch *b)
{
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
	char why[JUDGING_WHY];
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
static json_t *judge_all(const struct batch *b)
{
	const struct request *r = b->r;
	struct process running[ASKED_MAX];
	json_t *exercises = json_array();
	size_t started = 0;
	for (size_t i = 0; i < r->n_asked; i++) {
		for (; started < r->n_asked && started < i + jobs(r); started++)
			running[started] = start(b, r->asked[started]);
		json_array_append_new(exercises,
				      hear(b, r->asked[i], &running[i]));
	}
	return exercises;
}

json_t *batch_grade(const struct request *r)
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

int batch_debug(const struct request *r)
{
	struct judging_call call;
	struct ended ended;
	struct sandbox none = { .sort = SANDBOX_LIMITS };
	order_judge(&call, r, &none, r->asked[0], true);
	if (spawn_run(&call.program, &ended) < 0)
		return STATUS_FAULT;
	int status = ended_well(&ended) ? STATUS_FULL : STATUS_FAULT;
	ended_release(&ended);
	return status;
}
