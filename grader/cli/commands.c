/* commands.c - see commands.h. */
#include "commands.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "base/path.h"
#include "options.h"
#include "say.h"
#include "suggest.h"

const struct command commands[] = {
	{ "", "[COMMAND]", WANTS_NONE, TAKES_SANDBOX, true, command_next,
	  "the map, and the verdict on your next exercise" },
	{ "grade", "[NN|NAME]...", WANTS_SOME, TAKES_TO_GRADE, true,
	  command_grade, "judge these exercises, or all with --all" },
	{ "hint", "NN", WANTS_ONE, TAKES_LEVEL, false, command_hint,
	  "a hint, then a stronger one" },
	{ "lesson", "NN", WANTS_ONE, 0, false, command_lesson,
	  "read and run a lesson" },
	{ "try", "NN", WANTS_ONE, 0, false, command_try,
	  "an experiment: your guesses beside what happens" },
	{ "reset", "NN", WANTS_ONE, 0, false, command_reset,
	  "the starter again; what you have is kept" },
	{ "solution", "NN", WANTS_ONE, 0, false, command_solution,
	  "our solution beside yours, once yours is done" },
	{ "map", "", WANTS_NONE, 0, false, command_map, "where you are" },
	{ "check", "[NN|NAME]...", WANTS_ANY, TAKES_SANDBOX, true,
	  command_check, "for maintainers: is the workbook itself in order?" },
	{ "help", "[COMMAND]", WANTS_COMMAND, 0, false, command_help,
	  "this text, or what one command takes" },
	{ "judge", "ID", WANTS_ONE, TAKES_FROM | TAKES_SEED | TAKES_FAIL |
	  TAKES_DEBUG | TAKES_SANDBOX | TAKES_TEST, false, command_judge, NULL },
};

enum { N_COMMANDS = sizeof(commands) / sizeof(*commands) };

const size_t n_commands = N_COMMANDS;

const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < N_COMMANDS; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

int no_such_command(const char *name)
{
	const char *names[N_COMMANDS], *near;
	size_t n = 0;
	for (size_t i = 1; i < N_COMMANDS; i++)
		if (commands[i].help)
			names[n++] = commands[i].name;
	near = suggest_word(name, names, n);
	if (isdigit((unsigned char)*name))
		return say(STATUS_USAGE, "to have exercise %s judged, type: "
			   "build/brakes grade %s", name, name);
	if (near)
		return say(STATUS_USAGE, "no command %s: did you mean %s?",
			   name, near);
	return say(STATUS_USAGE, "no command %s; build/brakes --help lists "
		   "them", name);
}

int command_help(const struct request *r)
{
	const char *name = r->n_words > 0 ? r->words[0] : "";
	const struct command *command = command_find(name);
	if (!command || !command->help)
		return no_such_command(name);
	return options_help(command) < 0 ? STATUS_FAULT : STATUS_FULL;
}

/* Becomes the program that the check is. */
int command_check(const struct request *r)
{
	char path[PATH_MAX];
	const char *argv[ASKED_MAX + 4] = { "selfcheck" };
	size_t n = 1;
	if (r->sandbox) {
		argv[n++] = "--sandbox";
		argv[n++] = r->sandbox;
	}
	for (size_t i = 0; i < r->n_asked; i++)
		argv[n++] = r->asked[i]->id;
	int rc = path_join(path, sizeof(path), "%s/build/selfcheck", r->root);
	if (rc == 0) {
		execv(path, (char *const *)argv);
		rc = -errno;
	}
	return say(STATUS_FAULT, "build/selfcheck cannot be run: %s. "
		   "make check builds and runs it", strerror(-rc));
}
