/* commands.h - what the command line offers beside grading. Each prints for a
 * learner and returns an exit status of the contract. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "request.h"

/* The lessons, what is done, and what to type next. */
int command_map(const struct request *r);

/* The next hint of one exercise, or the one of --level. */
int command_hint(const struct request *r);

/* A lesson: its text, and what it prints when it runs. */
int command_lesson(const struct request *r);

/* An experiment: what the learner guessed beside what happened. */
int command_try(const struct request *r);

/* The starter again; what it replaces is kept. */
int command_reset(const struct request *r);

/* Our solution beside the learner's files, with why it is so. */
int command_solution(const struct request *r);

#endif
