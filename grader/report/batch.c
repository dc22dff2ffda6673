/* batch.c - see batch.h. */
#include "batch.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../folder.h"
#include "../judging_process.h"
#include "../verdict.h"

/* Each judge is a process with limits and a deadline; no more than that. */
static const char sandbox[] = "limits";

/* Fills in how to start the judge of EXERCISE. */
static void order_judge(struct judging_call *call, const struct request *r,
			const struct exercise *exercise, bool debug)
{
	struct judging_order order = {
		.id = exercise->id, .from = r->from, .fail = r->fail,
		.seed = r->seed, .debug = debug,
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
static struct process start(const struct request *r,
			    const struct exercise *exercise)
{
	struct judging_call call;
	struct process process = { .out = -1, .err = -1 };
	order_judge(&call, r, exercise, false);
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
	return verdict_whole(exercises, sandbox, r->seed);
}

/* Hears the judge of EXERCISE, and once more when it failed: what fails by
 * chance, a full disk or a killed process, need not be the learner's worry. */
static json_t *hear(const struct request *r, const struct exercise *exercise,
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
	struct process again = start(r, exercise);
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
 * is left of a judge that had to be killed. "" when there is none. */
static void give_folder(char *folder, size_t size)
{
	if (make_own_folder(folder, size) == 0)
		setenv("TMPDIR", folder, 1);
	else
		*folder = '\0';
}

json_t *batch_grade(const struct request *r)
{
	char folder[PATH_MAX];
	struct process running[ASKED_MAX];
	json_t *exercises = json_array();
	size_t started = 0;
	give_folder(folder, sizeof(folder));
	for (size_t i = 0; i < r->n_asked; i++) {
		for (; started < r->n_asked && started < i + jobs(r); started++)
			running[started] = start(r, r->asked[started]);
		json_array_append_new(exercises,
				      hear(r, r->asked[i], &running[i]));
	}
	if (*folder)
		remove_tree(folder);
	return verdict_whole(exercises, sandbox, r->seed);
}

int batch_debug(const struct request *r)
{
	struct judging_call call;
	struct ended ended;
	order_judge(&call, r, r->asked[0], true);
	if (spawn_run(&call.program, &ended) < 0)
		return STATUS_FAULT;
	int status = ended_well(&ended) ? STATUS_FULL : STATUS_FAULT;
	ended_release(&ended);
	return status;
}
