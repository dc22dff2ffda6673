/* check_rows.c - the gate over the checklist: something shows each row, and no broken
 * promise and no unchecked demand is cheap. */
#include "parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/path.h"
#include "catalog/rows.h"
#include "verdict/verdict.h"

enum { PROMISE = 10, DEMAND = 5 };

/* The row ID in the verdict of S; NULL when there is none. */
static const json_t *row_in(const struct submission *s, const char *id)
{
	const json_t *rows = json_object_get(s->verdict, "rows");
	size_t i;
	json_t *row;
	json_array_foreach(rows, i, row)
		if (strcmp(verdict_text(row, "id"), id) == 0)
			return row;
	return NULL;
}

/* Whether the verdict of S says that row ID is broken. */
static bool breaks(const struct submission *s, const char *id)
{
	return strcmp(verdict_text(row_in(s, id), "status"), "fail") == 0;
}

/* Whether the verdict of S says that a row of KIND is broken. */
static bool breaks_any(const struct gate *gate, const struct submission *s,
		       enum row_kind kind)
{
	const struct exercise *e = gate->exercise;
	for (size_t i = 0; i < e->n_rows; i++)
		if (e->rows[i].kind == kind && breaks(s, e->rows[i].id))
			return true;
	return false;
}

/* Whether S is wrong in one thing, and has been judged. */
static bool is_single(const struct submission *s)
{
	return s->verdict && (s->sort == SORT_MISCONCEPTION || s->sort == SORT_PRICE);
}

/* Keeps what S costs when that is the least so far, in *LEAST. */
static void keep_least(struct price *least, long lost, const char *place)
{
	if (least->n++ > 0 && lost >= least->lost)
		return;
	least->lost = lost;
	snprintf(least->place, sizeof(least->place), "%s", place);
}

/* What is wrong in S costs enough, unless it says why it is a detail. */
static void check_price(struct gate *gate, const struct submission *s)
{
	bool code = breaks_any(gate, s, ROW_CODE);
	long least = code ? PROMISE : DEMAND;
	long lost = FULL_SCORE - verdict_number(s->verdict, "score");
	if (!code && !breaks_any(gate, s, ROW_TESTS) && !breaks_any(gate, s, ROW_ACCEPT))
		return;
	if (!*s->minor)
		keep_least(code ? &gate->promise : &gate->demand, lost, s->place);
	tally_hold(&gate->tally, SORT_PRICE, *s->minor || lost >= least,
		   "%s: to lose %ld points or more expected, %ld came: give the "
		   "row its price, or say by Minor: why it is a detail", s->place,
		   least, lost);
}

/* Some submission breaks the row of the code. */
static void check_code_row(struct gate *gate, const struct row *row)
{
	bool shown = false;
	for (size_t i = 0; i < gate->n && !shown; i++)
		shown = is_single(&gate->submissions[i]) &&
			breaks(&gate->submissions[i], row->id);
	tally_hold(&gate->tally, SORT_ROW, shown, "grader/exercises/%s/exercise.json:1: "
		   "a misconception or a broken version that breaks the row %s "
		   "expected, none came", gate->exercise->id, row->id);
}

/* A misconception leaves out exactly what the row of the tests demands. */
static void check_tests_row(struct gate *gate, const struct row *row)
{
	bool shown = false;
	for (size_t i = 0; i < gate->n && !shown; i++)
		shown = is_single(&gate->submissions[i]) &&
			strcmp(gate->submissions[i].row, row->id) == 0 &&
			breaks(&gate->submissions[i], row->id);
	tally_hold(&gate->tally, SORT_ROW, shown, "grader/exercises/%s/misconceptions: "
		   "one with \"Row: %s\" expected that leaves this check out of our "
		   "tests and breaks the row, none came", gate->exercise->id, row->id);
}

/* Every clause that a verdict names is in some row. */
static void check_clauses(struct gate *gate, const struct submission *s)
{
	const json_t *checks = json_object_get(s->verdict, "checks");
	size_t i;
	json_t *check;
	json_array_foreach(checks, i, check) {
		const char *clause = verdict_text(check, "clause");
		if (*clause && strcmp(verdict_text(check, "group"), "proves") != 0 &&
		    !rows_of_clause(gate->exercise, clause))
			tally_hold(&gate->tally, SORT_ROW, false, "%s: a row of "
				   "exercise.json for %s expected, none came",
				   s->place, clause);
	}
}

void selfcheck_check_rows(struct gate *gate)
{
	const struct exercise *e = gate->exercise;
	for (size_t i = 0; i < gate->n; i++) {
		if (!is_single(&gate->submissions[i]))
			continue;
		check_price(gate, &gate->submissions[i]);
		check_clauses(gate, &gate->submissions[i]);
	}
	for (size_t i = 0; i < e->n_rows && !gate->sample; i++) {
		if (e->rows[i].kind == ROW_CODE)
			check_code_row(gate, &e->rows[i]);
		if (e->rows[i].kind == ROW_TESTS)
			check_tests_row(gate, &e->rows[i]);
	}
}

/* --- the table ------------------------------------------------------------- */

/* A table under way: the row whose line is written, and how many names it has. */
struct table {
	const struct row *row;
	int n;
};

/* Adds a name to the line of the row. */
static void put_name(struct table *table, const char *name, int length)
{
	printf("%s%.*s", table->n++ ? ", " : "", length, name);
}

/* Adds the broken version NAME when it belongs to the row: by its clause, or as one
 * that the tests must catch. */
static void put_mutant(struct gate *gate, const char *name)
{
	struct table *table = gate->table;
	char path[PATH_MAX], *why = NULL;
	struct patch patch;
	int rc = path_join(path, sizeof(path), "%s/grader/exercises/%s/mutants/%s",
			   gate->root, gate->exercise->id, name);
	if (rc == 0)
		rc = patch_read(path, &patch, &why);
	free(why);
	if (rc < 0)
		return;
	bool belongs = table->row->kind == ROW_TESTS ?
		       strcmp(patch.row, table->row->id) == 0 :
		       rows_of_clause(gate->exercise, patch.clause) == table->row;
	if (belongs)
		put_name(table, name, (int)strcspn(name, "."));
}

/* Prints the line of one row: what shows it, and its points. */
static void put_row(struct gate *gate, const struct row *row)
{
	struct table *table = gate->table;
	*table = (struct table){ .row = row };
	printf("| %s | %ld | %ld | %s | ", row->id, row->points, row->price, row->text);
	for (size_t i = 0; i < row->scenarios.n; i++)
		put_name(table, row->scenarios.name[i],
			 (int)strlen(row->scenarios.name[i]));
	if (row->kind == ROW_CODE || row->kind == ROW_TESTS)
		selfcheck_each(gate, "mutants", put_mutant);
	if (row->left_out)
		put_name(table, "releases left out", 17);
	if (row->doubled)
		put_name(table, "releases done twice", 19);
	if (row->kind == ROW_ACCEPT)
		put_name(table, "correct versions", 16);
	if (row->kind == ROW_REACH)
		put_name(table, "branches of our solution", 24);
	puts(" |");
}

void selfcheck_print_rows(const char *root, const struct exercise *const exercises[],
			  size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct table table;
		struct gate gate = { .root = root, .exercise = exercises[i],
				     .table = &table };
		printf("%s## %s\n\n| row | points | costs at least | what it asks for "
		       "| what shows it |\n|---|---|---|---|---|\n", i ? "\n" : "",
		       exercises[i]->id);
		for (size_t j = 0; j < exercises[i]->n_rows; j++)
			put_row(&gate, &exercises[i]->rows[j]);
	}
}
