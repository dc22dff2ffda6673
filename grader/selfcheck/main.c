/* main.c - the maintainer's self-check: does the workbook itself hold what it says? No
 * learner needs it, so it is a program of its own. */
#include <argp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/path.h"
#include "base/process.h"
#include "base/supervisor.h"
#include "clauses.h"
#include "selfcheck.h"

enum { FAULT = 3, USAGE = 2, ASKED_MAX = 100 };

/* What was typed, and the workbook that it is about. */
struct call {
	char root[PATH_MAX];
	struct catalog catalog;
	const struct exercise *asked[ASKED_MAX];
	size_t n_asked;
	const char *sandbox;
	long sample;		/* 0: everything */
	const char *keep;
	bool clauses, starters, rows, prices;
};

static const struct argp_option options[] = {
	{ "sandbox", 's', "S", 0, "bubblewrap, landlock or limits", 0 },
	{ "sample", 'p', "SEED", OPTION_ARG_OPTIONAL,
	  "judge only a part of the misconceptions; without SEED the date chooses "
	  "which", 0 },
	{ "keep-verdicts", 'k', "DIR", 0,
	  "write the verdict on each submission into a file in DIR", 0 },
	{ "clauses", 'c', NULL, 0,
	  "print the table of the source page's clauses, for README.md", 0 },
	{ "starters", 'r', NULL, 0,
	  "renew the pristine copies from exercises/", 0 },
	{ "rows", 'w', NULL, 0,
	  "print the checklist of each exercise, with what shows each row", 0 },
	{ "prices", 'm', NULL, 0,
	  "judge each submission once, without pairs, and print the least that "
	  "one mistake costs", 0 },
	{ 0 }
};

/* Notes that the exercise called WORD is to be checked. */
static void ask_for(struct call *call, const char *word, struct argp_state *state)
{
	const struct exercise *e = catalog_find(&call->catalog, word);
	if (!e)
		argp_error(state, "no exercise %s", word);
	else if (call->n_asked < ASKED_MAX)
		call->asked[call->n_asked++] = e;
}

/* The seed that VALUE names, or today's date as a number when it is NULL. */
static long seed_of(const char *value, struct argp_state *state)
{
	struct tm day;
	time_t now = time(NULL);
	char *end, date[16];
	localtime_r(&now, &day);
	strftime(date, sizeof(date), "%Y%m%d", &day);
	long seed = strtol(value ? value : date, &end, 10);
	if (seed < 1 || *end)
		argp_error(state, "--sample wants a number from 1 on, and got "
			   "\"%s\"", value);
	return seed;
}

static error_t take(int key, char *value, struct argp_state *state)
{
	struct call *call = state->input;
	if (key == 's')
		call->sandbox = value;
	else if (key == 'p')
		call->sample = seed_of(value, state);
	else if (key == 'k')
		call->keep = value;
	else if (key == 'c')
		call->clauses = true;
	else if (key == 'r')
		call->starters = true;
	else if (key == 'w')
		call->rows = true;
	else if (key == 'm')
		call->prices = true;
	else if (key == ARGP_KEY_ARG)
		ask_for(call, value, state);
	else
		return ARGP_ERR_UNKNOWN;
	return 0;
}

static int say(const char *why)
{
	fprintf(stderr, "selfcheck: %s\n", why);
	return FAULT;
}

static int print_clauses(const struct call *call)
{
	char *table = NULL, *why = NULL;
	int rc = clauses_table(call->root, &call->catalog, &table, &why);
	int status = rc < 0 ? say(why ? why : strerror(-rc)) :
		     fputs(table, stdout) < 0 || fflush(stdout) != 0 ?
		     say("the table cannot be written") : EXIT_SUCCESS;
	free(table);
	free(why);
	return status;
}

/* Makes what stands in exercises/ the starters of the exercises asked for. */
static int renew_starters(const struct call *call)
{
	char *why = NULL;
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < call->n_asked; i++)
		rc = selfcheck_renew_starter(call->root, call->asked[i], &why);
	int status = rc < 0 ? say(why ? why : strerror(-rc)) : EXIT_SUCCESS;
	free(why);
	return status;
}

/* Prints the checklists of the exercises asked for. */
static int print_rows(const struct call *call)
{
	selfcheck_print_rows(call->root, call->asked, call->n_asked);
	return fflush(stdout) != 0 ? say("the tables cannot be written") :
	       EXIT_SUCCESS;
}

static int check(void *data)
{
	struct call *call = data;
	adopt_orphans();
	int status = selfcheck_check(call->root, &call->catalog, call->asked,
				     call->n_asked, call->sandbox, call->sample,
				     call->keep, call->prices);
	reap_descendants();
	return status;
}

/* Asks for every exercise when none was named. */
static void ask_for_all(struct call *call)
{
	for (size_t i = 0; i < call->catalog.n && i < ASKED_MAX; i++)
		call->asked[call->n_asked++] = &call->catalog.exercises[i];
}

static int run(struct call *call)
{
	if (call->clauses)
		return print_clauses(call);
	if (call->n_asked == 0)
		ask_for_all(call);
	if (call->starters)
		return renew_starters(call);
	if (call->rows)
		return print_rows(call);
	if (call->sample)
		printf("one misconception of %d is judged; --sample=%ld judges "
		       "the same again\n", SAMPLE_SHARE, call->sample);
	const struct supervised supervised = {
		.work = check, .data = call, .fault = FAULT,
		.folder = FOLDER_FOR_PROGRAMS,	/* the lessons */
	};
	char *why = NULL;
	int status = supervise(&supervised, &why);
	if (status < 0)
		status = say(why ? why : strerror(-status));
	free(why);
	return status;
}

int main(int argc, char **argv)
{
	static const struct argp argp = {
		options, take, "[NN|NAME]...",
		"Checks that every starter fails, every solution and correct "
		"version gets full marks, every broken version is caught and "
		"every misconception gets its diagnosis.", NULL, NULL, NULL
	};
	struct call call = { .n_asked = 0 };
	char *why = NULL;
	int rc = process_prepare();
	if (rc == 0)
		rc = workbook_root(call.root, sizeof(call.root));
	if (rc == 0)
		rc = catalog_read(call.root, &call.catalog, &why);
	int status = rc < 0 ? say(why ? why : strerror(-rc)) : 0;
	argp_err_exit_status = USAGE;
	if (rc == 0 && argp_parse(&argp, argc, argv, 0, NULL, &call) == 0)
		status = run(&call);
	free(why);
	catalog_release(&call.catalog);
	return status;
}
