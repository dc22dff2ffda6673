/* asked.h - the exercises that are named on the command line. */
#ifndef CLI_ASKED_H
#define CLI_ASKED_H

#include "commands.h"

/* Adds EXERCISE to what R asks for, unless it is there. */
void ask_for(struct request *r, const struct exercise *exercise);

/* Finds the exercises that the words of R name for COMMAND: 0; or STATUS_USAGE after
 * saying which word names none, what was meant, or how many are wanted. */
int asked_find(struct request *r, const struct command *command);

#endif
