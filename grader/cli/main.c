/* main.c - the program brakes: what was typed is understood, and done in the workbook
 * that the program belongs to. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "asked.h"
#include "base/path.h"
#include "base/process.h"
#include "base/supervisor.h"
#include "commands.h"
#include "options.h"
#include "output.h"
#include "say.h"
#include "verdict/verdict.h"

/* What was typed, for the function that does it. */
struct errand {
	const struct command *command;
	struct request r;
};

/* Finds the workbook, and reads its catalog and what the learner has reached:
 * 0, or a negative errno with the reason in *ret_why where there is more to
 * say. A judge reads no progress: it has no learner before it. */
static int find_workbook(struct request *r, struct catalog *catalog,
			 char root[PATH_MAX], char **ret_why)
{
	int rc = workbook_root(root, PATH_MAX);
	if (rc == 0)
		rc = catalog_read(root, catalog, ret_why);
	r->root = root;
	r->catalog = catalog;
	return rc == 0 && r->progress ? progress_read(root, r->progress) : rc;
}

/* Runs the command in the workbook. */
static int run_here(struct errand *errand)
{
	char root[PATH_MAX];
	struct catalog catalog = { .n = 0 };
	struct progress progress = { .text = NULL };
	struct request *r = &errand->r;
	char *why = NULL;
	r->progress = errand->command->help ? &progress : NULL;
	int rc = find_workbook(r, &catalog, root, &why);
	int status = rc == 0 ? asked_find(r, errand->command) :
		     say(STATUS_FAULT, "%s", why ? why : strerror(-rc));
	if (status == 0)
		status = errand->command->run(r);
	free(why);
	progress_release(&progress);
	catalog_release(&catalog);
	r->root = NULL;
	r->catalog = NULL;
	r->progress = NULL;
	return status;
}

/* Runs the command, ends what it left behind, and looks after its output, all in
 * the process that prints. */
static int run_errand(void *data)
{
	adopt_orphans();
	int status = run_here(data);
	reap_descendants();
	return output_finish(status);
}

/* Runs it under a supervisor if it starts others' code: but for a debugger, which
 * needs the terminal for itself. */
static int run_supervised(struct errand *errand)
{
	if (!errand->command->supervised || errand->r.debug)
		return run_errand(errand);
	const struct supervised supervised = {
		.work = run_errand, .data = errand, .fault = STATUS_FAULT,
		.folder = FOLDER_FOR_FILES,
	};
	char *why = NULL;
	int status = supervise(&supervised, &why);
	if (status < 0)
		status = say(STATUS_FAULT, "%s", why ? why : strerror(-status));
	free(why);
	return status;
}

/* Prints the version. */
static int print_version(void)
{
	puts("brakes " BRAKES_VERSION);
	return STATUS_FULL;
}

/* Does what the options ask. */
static int run(struct errand *errand)
{
	const struct command *command = errand->command;
	if (errand->r.version)
		return print_version();
	if (errand->r.help)
		return options_help(command) < 0 ? STATUS_FAULT : STATUS_FULL;
	if (command->wants == WANTS_COMMAND)
		return command->run(&errand->r);
	return run_supervised(errand);
}

/* Variables that speak to Check would speak to the judge's suites too. */
static void forget_variables_of_check(void)
{
	static const char prefix[] = "CK_";
	char **to = environ;
	for (char **from = environ; from && *from; from++)
		if (strncmp(*from, prefix, strlen(prefix)) != 0)
			*to++ = *from;
	if (to)
		*to = NULL;
}

int main(int argc, char **argv)
{
	int named = argc > 1 && argv[1][0] != '-';
	const char *name = named ? argv[1] : "";
	struct errand errand = { .command = command_find(name) };
	if (process_prepare() < 0)
		return STATUS_FAULT;
	forget_variables_of_check();
	/* Names in an archive, and what is shown, may be of any alphabet. */
	setlocale(LC_CTYPE, "C.UTF-8");
	if (!errand.command)
		return output_finish(no_such_command(name));
	int status = options_parse(errand.command, argc - named, argv + named,
				   &errand.r);
	if (status == 0)
		status = run(&errand);
	return output_finish(status);
}
