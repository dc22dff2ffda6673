/* grader_child.h - `brakes judge` as a process of its own, so that a judge
 * that falls takes nothing with it. */
#ifndef GRADING_GRADER_CHILD_H
#define GRADING_GRADER_CHILD_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include "base/process.h"

enum { GRADER_CHILD_WORDS = 16, GRADER_CHILD_WHY = 400 };

/* What a judge is asked. Borrows its texts. */
struct grader_child_order {
	const char *program;	/* brakes; NULL: the program that is running */
	const char *id;		/* the exercise */
	const char *from;	/* a folder shaped like exercises/ */
	const char *sandbox;	/* by its name; NULL: told by and by, through TOLD */
	int told;		/* read by the judge then: the end of a pipe */
	const char *fail;	/* SCENARIO:K[:MODE], or NULL */
	const char *test;	/* the one test to be run, or NULL */
	long seed;
	bool debug;		/* on our terminal, in the debugger */
};

/* How to start one judge. Points into itself: do not copy it. */
struct grader_child_call {
	char seed[24];
	const char *argv[GRADER_CHILD_WORDS];
	struct program program;
};

/* Fills in how to start the judge that ORDER asks for. One that is told its sandbox
 * by and by gets as far as it can without, and then waits for grader_child_tell. */
void grader_child_call(struct grader_child_call *ret_call,
		  const struct grader_child_order *order);

/* Tells the judge at the other end of the pipe FD the name of its sandbox. */
void grader_child_tell(int fd, const char *sandbox);

/* What the judge, this process, is told; "" when its parent gave up. */
void grader_child_be_told(char *ret_sandbox, size_t size);

/* The verdict that a judge printed, which the caller owns; or NULL with the
 * reason why there is none, in one sentence, in RET_WHY of SIZE bytes. */
json_t *grader_child_heard(const struct ended *ended, char *ret_why, size_t size);

/* Whether the judge itself says, in its verdict, that it could not judge. */
bool grader_child_failed(const json_t *verdict);

#endif
