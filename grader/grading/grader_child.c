/* grader_child.c - see grader_child.h. */
#include "grader_child.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "verdict/verdict.h"
#include "protocol/wire.h"

enum { DEADLINE_MS = 240 * 1000, OUTPUT_MAX = 8 << 20 };

void grader_child_call(struct grader_child_call *ret_call,
		  const struct grader_child_order *order)
{
	struct grader_child_call *c = ret_call;
	size_t n = 0;
	snprintf(c->seed, sizeof(c->seed), "%ld", order->seed);
	c->argv[n++] = order->program ? order->program : "/proc/self/exe";
	c->argv[n++] = "judge";
	c->argv[n++] = order->id;
	c->argv[n++] = "--from";
	c->argv[n++] = order->from;
	c->argv[n++] = "--seed";
	c->argv[n++] = c->seed;
	if (order->sandbox) {
		c->argv[n++] = "--sandbox";
		c->argv[n++] = order->sandbox;
	}
	if (order->fail) {
		c->argv[n++] = "--fail";
		c->argv[n++] = order->fail;
	}
	if (order->test) {
		c->argv[n++] = "--test";
		c->argv[n++] = order->test;
	}
	if (order->debug)
		c->argv[n++] = "--debug";
	c->argv[n] = NULL;
	c->program = (struct program){
		.argv = c->argv,
		.deadline_ms = order->debug ? 0 : DEADLINE_MS,
		.output_max = OUTPUT_MAX,
		.on_terminal = order->debug,
		.passed = { order->told },
		.n_passed = order->sandbox ? 0 : 1,
	};
}

void grader_child_tell(int fd, const char *sandbox)
{
	/* One that is gone already is not to be told: collecting it says why. */
	wire_send(fd, sandbox, strlen(sandbox));
}

void grader_child_be_told(char *ret_sandbox, size_t size)
{
	ssize_t n = read(PROCESS_FIRST_FD, ret_sandbox, size - 1);
	ret_sandbox[n > 0 ? n : 0] = '\0';
	close(PROCESS_FIRST_FD);
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

json_t *grader_child_heard(const struct ended *ended, char *ret_why, size_t size)
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

bool grader_child_failed(const json_t *verdict)
{
	return strcmp(verdict_text(verdict, "outcome"),
		      outcome_name(OUTCOME_GRADER_FAULT)) == 0;
}
