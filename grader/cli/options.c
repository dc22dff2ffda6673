/* options.c - see options.h. */
#include "options.h"

#include <argp.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "say.h"
#include "suggest.h"

/* Keys of options without a letter; smaller ones are letters to argp. */
enum { FIRST_KEY = 256, JOBS_MAX = 1000, LEVEL_MAX = HINTS_MAX };

/* The last group of argp's, which its own --help would be in. */
enum { OWN_GROUP = 1, COMMON_GROUP = -1, TAKEN_BY_ALL = 0 };

static const struct option_row {
	const char *name;
	char letter;		/* 0 for none */
	const char *value;	/* what follows it; NULL for nothing: a flag */
	long max;		/* of a number, from 1 on; 0: it is a text */
	unsigned who;		/* of enum takes; TAKEN_BY_ALL */
	size_t place;		/* of its member in struct request */
	const char *help;
} options[] = {
#define AT(member) offsetof(struct request, member)
	{ "all", 0, NULL, 0, TAKES_ALL, AT(all), "every exercise" },
	{ "from", 0, "DIR|FILE", 0, TAKES_FROM, AT(from),
	  "a folder shaped like exercises/, or a zip or tar of it" },
	{ "format", 0, "F", 0, TAKES_FORMAT, AT(format),
	  "terminal (what you get without it) or json" },
	{ "out", 0, "FILE", 0, TAKES_OUT, AT(out),
	  "where to write it, whole or not at all" },
	{ "fail", 0, "SCENARIO:K[:MODE]", 0, TAKES_FAIL, AT(fail),
	  "let call K fail, once or from there on, and tell that story" },
	{ "debug", 0, NULL, 0, TAKES_DEBUG, AT(debug),
	  "with --fail: in gdb, at the call that fails" },
	{ "test", 0, "NAME", 0, TAKES_TEST, AT(test),
	  "run that test of yours alone, and show all that it says" },
	{ "sandbox", 0, "S", 0, TAKES_SANDBOX, AT(sandbox),
	  "bubblewrap, landlock or limits; without it the first that works" },
	{ "i-trust-this-code", 0, NULL, 0, TAKES_TRUST, AT(trust),
	  "grade others' code with limits alone, where no sandbox works" },
	{ "seed", 0, "N", INT32_MAX, TAKES_SEED, AT(seed),
	  "draw other inputs; a verdict names its seed" },
	{ "jobs", 0, "N", JOBS_MAX, TAKES_JOBS, AT(jobs),
	  "how many exercises at a time" },
	{ "level", 0, "N", LEVEL_MAX, TAKES_LEVEL, AT(level),
	  "that hint again" },
	{ "help", 'h', NULL, 0, TAKEN_BY_ALL, AT(help), "this text" },
	{ "version", 'V', NULL, 0, TAKEN_BY_ALL, AT(version),
	  "which version of brakes this is" },
#undef AT
};

enum { N_OPTIONS = sizeof(options) / sizeof(*options) };

/* What argp's parser works on. */
struct parsing {
	const struct command *command;
	struct request *r;
	int status;		/* set once something was said of an error */
};

static bool takes(const struct command *command, const struct option_row *o)
{
	return o->who == TAKEN_BY_ALL || (command->takes & o->who);
}

static int key_of(const struct option_row *o)
{
	return o->letter ? o->letter : FIRST_KEY + (int)(o - options);
}

static const struct option_row *option_of(int key)
{
	for (size_t i = 0; i < N_OPTIONS; i++)
		if (key_of(&options[i]) == key)
			return &options[i];
	return NULL;
}

/* --- what is wrong --------------------------------------------------------------- */

/* How a command is called in a message. */
static const char *name_of(const struct command *command)
{
	return *command->name ? command->name : "brakes";
}

/* The option of COMMAND that WORD, "--name" or "--name=value", is; or NULL. */
static const struct option_row *option_named(const struct command *command,
					 const char *word)
{
	const char *name = word + strspn(word, "-");
	size_t length = strcspn(name, "=");
	for (size_t i = 0; i < N_OPTIONS; i++)
		if (takes(command, &options[i]) &&
		    strlen(options[i].name) == length &&
		    strncmp(options[i].name, name, length) == 0)
			return &options[i];
	return NULL;
}

/* Says that WORD is no option of COMMAND, and which one was probably meant. */
static int no_such_option(const struct command *command, const char *word)
{
	const char *names[N_OPTIONS], *near;
	char name[32];
	size_t n = 0;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(word, "="), word);
	for (size_t i = 0; i < N_OPTIONS; i++)
		if (takes(command, &options[i]))
			names[n++] = options[i].name;
	near = suggest_word(name + strspn(name, "-"), names, n);
	if (near)
		return say(STATUS_USAGE, "%s has no option %s: did you mean "
			   "--%s?", name_of(command), name, near);
	return say(STATUS_USAGE, "%s has no option %s; build/brakes%s%s --help "
		   "lists what it has", name_of(command), name,
		   *command->name ? " " : "", command->name);
}

/* Says that O came without what it wants. */
static int no_value(const struct option_row *o)
{
	return say(STATUS_USAGE, "--%s wants a value: --%s %s", o->name,
		   o->name, o->value);
}

/* Says what argp does not understand of WORD. */
static int explain(const struct command *command, const char *word)
{
	const struct option_row *o = option_named(command, word);
	if (!o)
		return no_such_option(command, word);
	return o->value ? no_value(o) :
	       say(STATUS_USAGE, "--%s takes no value", o->name);
}

/* --- what was typed -------------------------------------------------------------- */

/* Stores VALUE as the number of option O. */
static int take_number(struct request *r, const struct option_row *o,
		       const char *value)
{
	char *end;
	errno = 0;
	long number = strtol(value, &end, 10);
	if (errno || end == value || *end || number < 1 || number > o->max)
		return say(STATUS_USAGE, "--%s wants a number from 1 to %ld, "
			   "and got \"%s\"", o->name, o->max, value);
	memcpy((char *)r + o->place, &number, sizeof(number));
	return 0;
}

/* Stores option O; VALUE is NULL for a flag. */
static int take_option(struct request *r, const struct option_row *o,
		       const char *value)
{
	static const bool given = true;
	if (!o->value)
		memcpy((char *)r + o->place, &given, sizeof(given));
	else if (!*value)
		return no_value(o);
	else if (o->max)
		return take_number(r, o, value);
	else
		memcpy((char *)r + o->place, &value, sizeof(value));
	return 0;
}

/* Stores one word that is no option. */
static int take_word(struct request *r, const char *word)
{
	if (r->n_words == ASKED_MAX)
		return say(STATUS_USAGE, "more than %d words: name fewer, or "
			   "type --all", ASKED_MAX);
	r->words[r->n_words++] = word;
	return 0;
}

/* Hears from argp of each option and word, and of an error. */
static error_t hear(int key, char *value, struct argp_state *state)
{
	struct parsing *p = state->input;
	const struct option_row *o = option_of(key);
	if (o)
		p->status = take_option(p->r, o, value);
	else if (key == ARGP_KEY_ARG)
		p->status = take_word(p->r, value);
	else if (key == ARGP_KEY_ERROR && !p->status)
		p->status = explain(p->command, state->argv[state->next - 1]);
	else
		return ARGP_ERR_UNKNOWN;
	return p->status ? EINVAL : 0;
}

/* Makes of the table what argp wants for COMMAND; a nameless one ends it. */
static void select_options(const struct command *command,
			   struct argp_option ret_options[N_OPTIONS + 1])
{
	size_t n = 0;
	for (size_t i = 0; i < N_OPTIONS; i++) {
		const struct option_row *o = &options[i];
		if (takes(command, o))
			ret_options[n++] = (struct argp_option){
				.name = o->name, .key = key_of(o),
				.arg = o->value, .doc = o->help,
				.group = o->who == TAKEN_BY_ALL ? COMMON_GROUP
								: OWN_GROUP,
			};
	}
	ret_options[n] = (struct argp_option){ 0 };
}

/* Says that no memory is left. */
static int out_of_memory(void)
{
	return say(STATUS_FAULT, "the options could not be read: no memory is "
		   "left");
}

/* argp is to print nothing and to end nothing: it would know neither what was
 * meant nor the exit statuses. With one dash, too, a name is one of an option, so
 * that a word which is none is always a whole argument. In their order options may
 * follow words even where POSIXLY_CORRECT is set. */
int options_parse(const struct command *command, int argc, char **argv,
		  struct request *r)
{
	struct argp_option taken[N_OPTIONS + 1];
	const struct argp argp = { .options = taken, .parser = hear };
	struct parsing parsing = { .command = command, .r = r };
	select_options(command, taken);
	error_t error = argp_parse(&argp, argc, argv, ARGP_NO_ERRS |
				   ARGP_NO_HELP | ARGP_LONG_ONLY |
				   ARGP_IN_ORDER, NULL, &parsing);
	return error && !parsing.status ? out_of_memory() : parsing.status;
}

/* --- help ------------------------------------------------------------------------ */

/* Writes what stands around the options; argp wants the rest after a \v. */
static void write_around(FILE *out, const struct command *command)
{
	fputs("brakes judges cleanup by letting every call fail.\n", out);
	if (*command->name)
		fprintf(out, "%s: %s.\v", command->name, command->help);
	else
		fputs("\vCommands; --help after one of them tells more:\n",
		      out);
	for (size_t i = 0; !*command->name && i < n_commands; i++) {
		const struct command *c = &commands[i];
		int width = 26 - (int)strlen(c->name);
		if (c->help && *c->name)
			fprintf(out, "  %s %-*s%s\n", c->name, width,
				c->arguments, c->help);
	}
	fputs(*command->name ? "" : "\n", out);
	fputs("NN is an exercise: its number (12) or its name (global).\n"
	      "Exit status: 0 full marks; 1 something to fix; 2 wrong usage;\n"
	      "3 it could not judge, which is never a grade.", out);
}

int options_help(const struct command *command)
{
	struct argp_option taken[N_OPTIONS + 1];
	char name[64], *around = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&around, &size);
	if (!out)
		return -ENOMEM;
	write_around(out, command);
	if (fclose(out) == EOF) {
		free(around);
		return -ENOMEM;
	}
	select_options(command, taken);
	const struct argp argp = { .options = taken, .doc = around,
				   .args_doc = command->arguments };
	snprintf(name, sizeof(name), "build/brakes%s%s",
		 *command->name ? " " : "", command->name);
	argp_help(&argp, stdout, ARGP_HELP_STD_HELP & ~(ARGP_HELP_EXIT_OK |
		  ARGP_HELP_EXIT_ERR), name);
	free(around);
	return 0;
}
