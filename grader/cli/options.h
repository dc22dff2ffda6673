/* options.h - the options of every command, by argp: one table says what there is,
 * and commands.h says which command takes which.
 * Source: the GNU C Library manual, "Parsing Program Options with Argp". */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "commands.h"

/* Takes the options and words of COMMAND, ARGV[1] to ARGV[ARGC - 1], into R, which
 * borrows them: 0; or an exit status after saying what is wrong, and what to type. */
int options_parse(const struct command *command, int argc, char **argv,
		  struct request *r);

/* Prints what COMMAND takes; for the command without a name, all that there is. 0
 * or -ENOMEM. The caller checks standard output. */
int options_help(const struct command *command);

#endif
