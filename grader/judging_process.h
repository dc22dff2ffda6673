/* judging_process.h - `brakes judge` as a process of its own, so that a judge
 * that falls takes nothing with it. */
#ifndef JUDGING_PROCESS_H
#define JUDGING_PROCESS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include "spawn.h"

enum { JUDGING_WORDS = 14, JUDGING_WHY = 400 };

/* What a judge is asked. Borrows its texts. */
struct judging_order {
	const char *id;		/* the exercise */
	const char *from;	/* a folder shaped like exercises/ */
	const char *sandbox;	/* by its name; NULL: told by and by, through TOLD */
	int told;		/* read by the judge then: the end of a pipe */
	const char *fail;	/* SCENARIO:K[:on], or NULL */
	long seed;
	bool debug;		/* on our terminal, in the debugger */
};

/* How to start one judge. Points into itself: do not copy it. */
struct judging_call {
	char seed[24];
	const char *argv[JUDGING_WORDS];
	struct program program;
};

/* Fills in how to start the judge that ORDER asks for. One that is told its sandbox
 * by and by gets as far as it can without, and then waits for judging_tell. */
void judging_call(struct judging_call *ret_call,
		  const struct judging_order *order);

/* Tells the judge at the other end of the pipe FD the name of its sandbox. */
void judging_tell(int fd, const char *sandbox);

/* What the judge, this process, is told; "" when whoever started it gave up. */
void judging_be_told(char *ret_sandbox, size_t size);

/* The verdict that a judge printed, which the caller owns; or NULL with the
 * reason why there is none, in one sentence, in RET_WHY of SIZE bytes. */
json_t *judging_heard(const struct ended *ended, char *ret_why, size_t size);

/* Whether the judge itself says, in its verdict, that it could not judge. */
bool judging_failed(const json_t *verdict);

#endif
