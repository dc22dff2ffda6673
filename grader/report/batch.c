/* batch.c - see batch.h. */
#include "batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../spawn.h"
#include "../verdict.h"

enum {
	DEADLINE_MS = 120 * 1000,
	OUTPUT_MAX = 8 << 20,
	REASON_MAX = 400,
	ARGUMENTS_MAX = 12,
};

/* Each judge is a process with limits and a deadline; no more than that. */
static const char sandbox[] = "none";

/* How to start one judge. Its argv points into itself. */
struct order {
	char seed[24];
	const char *argv[ARGUMENTS_MAX];
	struct program program;
};

/* Fills in how to start the judge of EXERCISE. */
static void order_judge(struct order *o, const struct request *r,
			const struct exercise *exercise, bool debug)
{
	size_t n = 0;
	snprintf(o->seed, sizeof(o->seed), "%ld", r->seed);
	o->argv[n++] = "/proc/self/exe";
	o->argv[n++] = "judge";
	o->argv[n++] = exercise->id;
	o->argv[n++] = "--from";
	o->argv[n++] = r->from;
	o->argv[n++] = "--seed";
	o->argv[n++] = o->seed;
	if (r->fail) {
		o->argv[n++] = "--fail";
		o->argv[n++] = r->fail;
	}
	if (debug)
		o->argv[n++] = "--debug";
	o->argv[n] = NULL;
	o->program = (struct program){
		.argv = o->argv,
		.deadline_ms = debug ? 0 : DEADLINE_MS,
		.output_max = OUTPUT_MAX,
		.on_terminal = debug,
	};
}

/* The first line of what a judge said, without its name before it. */
static void first_line(char *ret_line, size_t size, const char *text)
{
	static const char name[] = "brakes: ";
	if (strncmp(text, name, strlen(name)) == 0)
		text += strlen(name);
	snprintf(ret_line, size, "%.*s", (int)strcspn(text, "\n"), text);
}

/* Why a judge gave no verdict, in one sentence. */
static void reason(char *ret_why, size_t size, const struct ended *ended)
{
	if (ended->timed_out)
		snprintf(ret_why, size, "the judge was not done after %d "
			 "seconds", DEADLINE_MS / 1000);
	else if (ended->flooded)
		snprintf(ret_why, size, "the judge printed without end");
	else if (WIFSIGNALED(ended->status))
		snprintf(ret_why, size, "the judge was ended by signal %d "
			 "(%s)", WTERMSIG(ended->status),
			 strsignal(WTERMSIG(ended->status)));
	else if (ended->err && *ended->err)
		first_line(ret_why, size, ended->err);
	else
		snprintf(ret_why, size, "the judge left with status %d and "
			 "no verdict", WEXITSTATUS(ended->status));
}

/* The verdict that a judge printed, or NULL with the reason. */
static json_t *heard(const struct ended *ended, char *ret_why, size_t size)
{
	json_t *verdict = NULL;
	if (ended_well(ended))
		verdict = json_loadb(ended->out, ended->out_size, 0, NULL);
	if (json_is_object(verdict))
		return verdict;
	json_decref(verdict);
	reason(ret_why, size, ended);
	return NULL;
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
	json_t *verdict = heard(&ended, ret_why, size);
	ended_release(&ended);
	return verdict;
}

/* Starts the judge of EXERCISE; process.pid stays 0 when that fails, which
 * collecting it then tells. */
static struct process start(const struct request *r,
			    const struct exercise *exercise)
{
	struct order order = { .program = { .argv = NULL } };
	struct process process = { .out = -1, .err = -1 };
	order_judge(&order, r, exercise, false);
	if (spawn_start(&order.program, &process) < 0)
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

/* Whether the judge itself says that it could not judge. */
static bool is_fault(const json_t *verdict)
{
	return strcmp(verdict_text(verdict, "outcome"),
		      outcome_name(OUTCOME_GRADER_FAULT)) == 0;
}

/* Hears the judge of EXERCISE, and once more when it failed: what fails by
 * chance, a full disk or a killed process, need not be the learner's worry. */
static json_t *hear(const struct request *r, const struct exercise *exercise,
		    struct process *process)
{
	char why[REASON_MAX];
	json_t *verdict = NULL;
	if (process->pid > 0)
		verdict = collect(process, why, sizeof(why));
	if (verdict && !is_fault(verdict))
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

json_t *batch_grade(const struct request *r)
{
	struct process running[ASKED_MAX];
	json_t *exercises = json_array();
	size_t started = 0;
	for (size_t i = 0; i < r->n_asked; i++) {
		for (; started < r->n_asked && started < i + jobs(r); started++)
			running[started] = start(r, r->asked[started]);
		json_array_append_new(exercises,
				      hear(r, r->asked[i], &running[i]));
	}
	return verdict_whole(exercises, sandbox, r->seed);
}

int batch_debug(const struct request *r)
{
	struct order order = { .program = { .argv = NULL } };
	struct ended ended;
	order_judge(&order, r, r->asked[0], true);
	if (spawn_run(&order.program, &ended) < 0)
		return STATUS_FAULT;
	int status = ended_well(&ended) ? STATUS_FULL : STATUS_FAULT;
	ended_release(&ended);
	return status;
}
