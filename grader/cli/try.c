/* try.c - an experiment run by hand: each way of leaving, the learner's guess
 * beside what happened. Shown, never scored. */
#include "base/files.h"
#include "base/path.h"
#include "base/supervisor.h"
#include "build/run_program.h"
#include "commands.h"
#include "report/page.h"
#include "verdict/verdict.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GUESS_MAX = 16, WAY = 2, GUESS = 12, HAPPENED = 24, JUDGED = 56,
       MOST_WARNINGS = 4 };

static const char *const answers[] = { "silent", "warns" };

/* What a learner thinks of one way, and where it is written. */
struct guess {
	const char *way;
	char word[GUESS_MAX];	/* "" when there is none */
	int line;		/* 0 when there is none */
};

/* One experiment. Borrows the request and the exercise's description. */
struct experiment {
	const struct request *r;
	const struct exercise *exercise;
	const char *program, *guesses;	/* file names */
	struct guess guess[LIST_MAX];
	size_t n;
	char folder[PATH_MAX];		/* of the exercise */
};

/* Reads "try" of exercise.json: whether there is one. */
static bool describe(struct experiment *x, const struct request *r)
{
	const json_t *description =
		json_object_get(r->asked[0]->description, "try");
	size_t i;
	json_t *way;
	*x = (struct experiment){
		.r = r, .exercise = r->asked[0],
		.program = verdict_text(description, "program"),
		.guesses = verdict_text(description, "guesses"),
	};
	json_array_foreach(json_object_get(description, "ways"), i, way)
		if (json_is_string(way) && x->n < LIST_MAX)
			x->guess[x->n++].way = json_string_value(way);
	return x->n > 0 && *x->program && *x->guesses &&
	       path_join(x->folder, sizeof(x->folder), "%s/exercises/%s",
			 r->root, x->exercise->id) == 0;
}

/* Takes the guess that LINE, "way: word", holds, if it is one of ours. */
static void take_line(struct experiment *x, const char *line, int number)
{
	size_t length = strcspn(line, ":\n");
	for (size_t i = 0; line[length] == ':' && i < x->n; i++) {
		struct guess *g = &x->guess[i];
		if (strlen(g->way) != length ||
		    strncmp(g->way, line, length) != 0)
			continue;
		const char *word = line + length + 1;
		word += strspn(word, " \t");
		snprintf(g->word, sizeof(g->word), "%.*s",
			 (int)strcspn(word, " \t\r\n#"), word);
		g->line = number;
	}
}

/* Reads the learner's guesses: 0 or a negative errno. */
static int read_guesses(struct experiment *x)
{
	char path[PATH_MAX], *text = NULL;
	int rc = path_join(path, sizeof(path), "%s/%s", x->folder, x->guesses);
	if (rc == 0)
		rc = read_text(path, &text);
	if (rc != 0)
		return rc;
	int number = 1;
	for (const char *line = text; *line; number++) {
		take_line(x, line, number);
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	free(text);
	return 0;
}

/* Whether WORD is an answer. */
static bool is_answer(const char *word)
{
	for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++)
		if (strcmp(word, answers[i]) == 0)
			return true;
	return false;
}

/* Names every guess that is still to be made: how many there are. */
static int name_missing(struct page *page, const struct experiment *x)
{
	int missing = 0;
	for (size_t i = 0; i < x->n; i++) {
		const struct guess *g = &x->guess[i];
		if (is_answer(g->word))
			continue;
		if (missing++ == 0) {
			page_flow(page, 0, "Guess first; what you did not "
				  "expect is what you will remember. Write "
				  "warns or silent here:");
			page_end_line(page);
		}
		page_flowf(page, 4, "exercises/%s/%s:", x->exercise->id,
			   x->guesses);
		if (g->line > 0)
			page_flowf(page, 4, "%d:", g->line);
		page_flowf(page, 4, " %s: %s", g->way, *g->word ? g->word :
			   "(no line begins so)");
		page_end_line(page);
	}
	return missing;
}

/* Says on the side why the experiment was not made. */
static int give_up(int rc, char *why)
{
	fprintf(stderr, "brakes: the experiment could not be built and run: "
		"%s\n", why ? why : strerror(-rc));
	free(why);
	return STATUS_FAULT;
}

/* Compiles the experiment with the learner's code, not their tests. */
static int build(struct page *page, const struct experiment *x,
		 const char *scratch)
{
	char *why = NULL;
	struct names sources = { .name = { x->program }, .n = 1 };
	const struct names *in = &x->exercise->hand_in;
	struct ended ended;
	for (size_t i = 0; i < in->n && sources.n < LIST_MAX; i++)
		if (strncmp(in->name[i], "test_", 5) != 0)
			sources.name[sources.n++] = in->name[i];
	int rc = run_program_build(scratch, x->folder, &sources,
				   &x->exercise->libraries, &ended, &why);
	if (rc < 0)
		return give_up(rc, why);
	int status = ended_well(&ended) ? STATUS_FULL : STATUS_MEND;
	if (status != STATUS_FULL) {
		puts("It does not compile with your code yet. The compiler "
		     "said:");
		page_block(page, "  | ", ended.err, 12);
	}
	ended_release(&ended);
	return status;
}

/* One row of the table: the guess, what happened, and whether they agree. */
static void tell_row(struct page *page, const struct guess *g,
		     const struct ended *ended)
{
	char ending[64];
	bool warned = ended->err_size > 0;
	bool right = strcmp(g->word, answers[warned]) == 0;
	run_program_ending(ended, ending, sizeof(ending));
	page_to(page, WAY);
	page_put(page, g->way);
	page_to(page, GUESS);
	page_put(page, g->word);
	page_to(page, HAPPENED);
	page_flowf(page, HAPPENED, "%s, %s", warned ? "warned" : "silent",
		   ending);
	page_to(page, JUDGED);
	page_style(page, right ? STYLE_GOOD : STYLE_BAD);
	page_put(page, right ? "as you thought" : "surprise");
	page_style(page, STYLE_PLAIN);
	page_end_line(page);
	page_block(page, "      ", ended->err, MOST_WARNINGS);
}

/* Runs every way and shows the table. */
static int run_ways(struct page *page, const struct experiment *x,
		    const char *scratch)
{
	char *why = NULL;
	page_to(page, WAY);
	page_put(page, "way");
	page_to(page, GUESS);
	page_put(page, "you said");
	page_to(page, HAPPENED);
	page_put(page, "what happened");
	page_end_line(page);
	for (size_t i = 0; i < x->n; i++) {
		struct ended ended;
		int rc = run_program_run(scratch, x->guess[i].way, &ended, &why);
		if (rc < 0)
			return give_up(rc, why);
		tell_row(page, &x->guess[i], &ended);
		ended_release(&ended);
	}
	page_end_line(page);
	page_flow(page, 0, "This is not scored. For each surprise: who would "
		  "have had to run, at that moment, for the warning to "
		  "appear?");
	page_end_line(page);
	return STATUS_FULL;
}

/* Builds and runs, under a keeper, in its temporary folder. */
static int perform(void *data)
{
	const struct experiment *x = data;
	struct page page = page_on_stdout();
	const char *scratch = getenv("TMPDIR");
	int status = build(&page, x, scratch);
	return status == STATUS_FULL ? run_ways(&page, x, scratch) : status;
}

int command_try(const struct request *r)
{
	struct page page = page_on_stdout();
	struct experiment x;
	if (!describe(&x, r)) {
		fprintf(stderr, "brakes: %.2s has no experiment to try\n",
			r->asked[0]->id);
		return STATUS_USAGE;
	}
	int rc = read_guesses(&x);
	if (rc < 0) {
		fprintf(stderr, "brakes: exercises/%s/%s, where your guesses "
			"stand: %s\n", x.exercise->id, x.guesses,
			strerror(-rc));
		return STATUS_FAULT;
	}
	if (name_missing(&page, &x) > 0)
		return STATUS_MEND;
	const struct supervised supervised = {
		.work = perform, .data = &x, .fault = STATUS_FAULT,
		.folder = FOLDER_FOR_PROGRAMS,
	};
	char *why = NULL;
	int status = supervise(&supervised, &why);
	return status < 0 ? give_up(status, why) : status;
}
