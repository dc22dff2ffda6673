/* children.c - the commands that no user types: brakes starts itself by them, as a
 * process of its own for what could fall. */
#include "commands.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "grading/grade.h"
#include "grading/grader_child.h"
#include "say.h"
#include "sandbox/sandbox.h"

/* Prints what the process that started this one reads, and frees it. */
static int hand_over(json_t *object)
{
	int rc = json_dumpf(object, stdout, 0);
	json_decref(object);
	return rc < 0 ? say(STATUS_FAULT, "the result could not be written") :
	       STATUS_FULL;
}

/* Finds the sandbox of a judge: as typed, else as it is told: 0 or a negative
 * errno. */
static int find_sandbox(const struct request *r, struct sandbox *ret_sandbox)
{
	char told[32] = "";
	if (!r->sandbox)
		grader_child_be_told(told, sizeof(told));
	return sandbox_named(r->root, r->sandbox ? r->sandbox : told,
			     ret_sandbox);
}

int command_judge(const struct request *r)
{
	struct sandbox sandbox;
	struct grading grading = { .root = r->root, .from = r->from,
				   .seed = r->seed, .sandbox = &sandbox };
	json_t *verdict = NULL;
	char *why = NULL;
	if (!r->from || !r->seed || find_sandbox(r, &sandbox) < 0)
		return say(STATUS_USAGE, "a judge is told a folder, a seed "
			   "and a sandbox");
	grading.test = r->test;
	if (r->fail && replay_parse(r->fail, &grading.replay) < 0)
		return say(STATUS_USAGE, "no fault point: %s", r->fail);
	grading.replay.debug = r->debug;
	umask(022);	/* the user of the sandbox reads what we write */
	if (r->debug)
		outlive_interrupt();
	int rc = grade_exercise(&grading, r->asked[0], &verdict, &why);
	if (rc < 0)
		say(STATUS_FAULT, "%s", why ? why : strerror(-rc));
	free(why);
	if (rc < 0)
		return STATUS_FAULT;
	if (!r->debug)
		return hand_over(verdict);
	json_decref(verdict);
	return STATUS_FULL;
}
