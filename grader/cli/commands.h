/* commands.h - what the command line offers: one table, and one function for each
 * row. Each prints for a learner and returns an exit status of the contract. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "request.h"

/* Which options a command takes, beside --help and --version. */
enum takes {
	TAKES_ALL = 1, TAKES_FROM = 2, TAKES_FORMAT = 4, TAKES_OUT = 8,
	TAKES_FAIL = 16, TAKES_DEBUG = 32, TAKES_SEED = 64, TAKES_JOBS = 128,
	TAKES_SANDBOX = 256, TAKES_TRUST = 512, TAKES_LEVEL = 1024,
	TAKES_TEST = 2048, TAKES_TO_GRADE = 1023 | TAKES_TEST,
};

/* What the words of a command are: exercises, and how many, or a command. */
enum wants { WANTS_NONE, WANTS_ONE, WANTS_SOME, WANTS_ANY, WANTS_COMMAND };

struct command {
	const char *name;
	const char *arguments;	/* as its help shows them */
	enum wants wants;
	unsigned takes;		/* of enum takes */
	bool supervised;	/* it starts others' code: see supervisor.h */
	int (*run)(const struct request *r);
	const char *help;	/* NULL hides it: a process of our own */
};

/* The commands there are; the first, whose name is empty, is done when none is
 * typed. */
extern const struct command commands[];
extern const size_t n_commands;

/* The command of that name, or NULL. */
const struct command *command_find(const char *name);

/* Says that NAME is no command, and which one was probably meant: STATUS_USAGE. */
int no_such_command(const char *name);

/* Judges what is asked, remembers the scores, shows the verdict. */
int command_grade(const struct request *r);

/* The map, then the verdict on the first exercise that is not done. */
int command_next(const struct request *r);

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

/* The maintainer's check of the workbook, which is a program of its own. */
int command_check(const struct request *r);

/* What may be typed: in all, or for the command that is named. */
int command_help(const struct request *r);

/* Judges one exercise in this process and prints its verdict: what the process of
 * grader_child.h does. */
int command_judge(const struct request *r);

/* Lets Ctrl-C stop what is debugged, and neither this process nor the judge. */
void outlive_interrupt(void);

#endif
