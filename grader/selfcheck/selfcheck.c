/* selfcheck.c - see selfcheck.h: every exercise, checked by the parts of the gate. */
#include "selfcheck.h"
#include "sandbox/cell.h"
#include "base/path.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/temporary.h"
#include "base/tree.h"
#include "parts.h"
#include "sandbox/sandbox.h"

enum { MOST_PAIRS = 24 };

/* Whether there is what to judge with; says so when there is not. */
static bool is_built(struct gate *gate)
{
	char path[PATH_MAX];
	const char *id = gate->exercise->id;
	bool built = path_join(path, sizeof(path),
			       "%s/build/exercises/%s/reference.json",
			       gate->root, id) == 0 && access(path, R_OK) == 0;
	if (!built)
		tally_fault(&gate->tally, "build/exercises/%s/reference.json:1:"
			    " not built, and nothing of %s could be judged: "
			    "type make", id, id);
	return built;
}

/* Has every submission of the exercise judged, pairs when all single ones
 * are: a pair is compared with what its two got. */
static void check_submissions(struct gate *gate)
{
	if (!is_built(gate))
		return;
	selfcheck_make_submissions(gate);
	selfcheck_judge(gate, 0, gate->sample || gate->prices ? 1 : 2);
	selfcheck_compare(gate, 0);
	selfcheck_check_broken(gate);
	selfcheck_check_rows(gate);
	size_t singles = gate->n;
	if (!gate->sample && !gate->prices) {
		selfcheck_make_pairs(gate);
		selfcheck_judge(gate, singles, 1);
		selfcheck_compare(gate, singles);
	}
	selfcheck_forget_submissions(gate);
}

/* Checks each of N exercises. */
static void check_all(struct gate *gate,
		      const struct exercise *const exercises[], size_t n)
{
	static void (*const checks[])(struct gate *gate) = {
		selfcheck_check_starters, selfcheck_check_texts, selfcheck_check_hints,
		selfcheck_check_lesson, selfcheck_check_taught, check_submissions,
	};
	for (size_t i = 0; i < n; i++) {
		gate->exercise = exercises[i];
		for (size_t j = 0; j < sizeof(checks) / sizeof(*checks); j++)
			checks[j](gate);
	}
}

/* Prints the least that one mistake costs, over all that were judged. */
static void print_prices(const struct gate *gate)
{
	const struct { const char *what; const struct price *price; } lines[] = {
		{ "broken promise", &gate->promise },
		{ "unchecked demand", &gate->demand },
	};
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		if (lines[i].price->n > 0)
			printf("the lowest price of one %s, of %zu: %ld (%s)\n",
			       lines[i].what, lines[i].price->n,
			       lines[i].price->lost, lines[i].price->place);
}

/* Makes the folder of the gate and chooses what submissions are judged in. */
static int open_gate(struct gate *gate, const char *asked)
{
	struct sandbox sandbox;
	char *why = NULL;
	int rc = path_join(gate->brakes, PATH_MAX, "%s/build/brakes",
			   gate->root);
	if (rc == 0 && gate->keep)
		rc = make_folders(gate->keep);
	if (rc == 0)
		rc = make_own_folder(gate->work, sizeof(gate->work));
	if (rc == 0)
		rc = sandbox_choose(gate->root, asked, gate->work, &sandbox,
				    &why);
	if (rc == 0)
		gate->sandbox = sandbox_name(sandbox.sort);
	else
		tally_fault(&gate->tally, "%s", why ? why : strerror(-rc));
	free(why);
	return rc;
}

int selfcheck_check(const char *root, const struct catalog *catalog,
		    const struct exercise *const exercises[], size_t n,
		    const char *sandbox, long sample, const char *keep, bool prices)
{
	bool all = n == catalog->n;
	struct gate gate = { .root = root, .sample = sample, .keep = keep,
			     .prices = prices,
			     .most_pairs = all ? MOST_PAIRS : 0 };
	int rc = open_gate(&gate, sandbox);
	if (rc == 0)
		check_all(&gate, exercises, n);
	if (rc == 0 && all)
		selfcheck_check_clauses(&gate, catalog);
	if (gate.work[0])
		remove_own_folder(gate.work);
	print_prices(&gate);
	tally_print(&gate.tally);
	return tally_status(&gate.tally);
}
