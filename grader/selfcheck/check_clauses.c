/* check_clauses.c - the gate over the clauses of the source page: each is taught
 * somewhere, is shown by what would fail otherwise, and stands in the README. */
#include "parts.h"

#include <stdlib.h>
#include <string.h>
#include "clauses.h"
#include "verdict/verdict.h"

/* Whether CLAUSES hold KEY. */
static bool is_clause(const json_t *clauses, const char *key)
{
	size_t i;
	json_t *clause;
	json_array_foreach(clauses, i, clause)
		if (strcmp(verdict_text(clause, "key"), key) == 0)
			return true;
	return false;
}

/* What the lesson says that it teaches is a clause, and is shown. */
static void check_taught(struct gate *gate, const json_t *clauses)
{
	const struct exercise *e = gate->exercise;
	const json_t *taught = clauses_taught(e);
	size_t i;
	json_t *entry;
	tally_hold(&gate->tally, SORT_CLAUSE, json_array_size(taught) > 0,
		   "grader/exercises/%s/exercise.json:1: \"lesson\": { "
		   "\"teaches\": [...] } expected, none came", e->id);
	json_array_foreach(taught, i, entry) {
		const char *key = verdict_text(entry, "clause");
		char *words = NULL, *why = NULL;
		tally_hold(&gate->tally, SORT_CLAUSE, is_clause(clauses, key),
			   "grader/exercises/%s/exercise.json:1: a clause of "
			   "grader/selfcheck/clauses.json expected, \"%s\" came", e->id,
			   key);
		tally_hold(&gate->tally, SORT_CLAUSE,
			   clauses_shown(gate->root, e, entry, &words,
					 &why) == 0,
			   "grader/exercises/%s/exercise.json:1: %s: %s", e->id,
			   key, why ? why : "");
		free(words);
		free(why);
	}
}

void selfcheck_check_taught(struct gate *gate)
{
	json_t *clauses;
	char *why = NULL;
	if (clauses_read(gate->root, &clauses, &why) < 0) {
		tally_fault(&gate->tally, "%s", why ? why : "out of memory");
		free(why);
		return;
	}
	check_taught(gate, clauses);
	json_decref(clauses);
}

/* Whether any exercise of CATALOG teaches KEY. */
static bool is_taught(const struct catalog *catalog, const char *key)
{
	for (size_t i = 0; i < catalog->n; i++) {
		size_t j;
		json_t *entry;
		json_array_foreach(clauses_taught(&catalog->exercises[i]), j,
				   entry)
			if (strcmp(verdict_text(entry, "clause"), key) == 0)
				return true;
	}
	return false;
}

/* The README's table is the one that the data gives. */
static void check_readme(struct gate *gate, const char *table)
{
	char *text = selfcheck_read(gate, "README.md");
	char *begin = text ? strstr(text, CLAUSES_BEGIN) : NULL;
	char *end = begin ? strstr(begin, CLAUSES_END) : NULL;
	if (begin)
		begin += strlen(CLAUSES_BEGIN);
	if (end)
		*end = '\0';
	tally_hold(&gate->tally, SORT_CLAUSE,
		   end && strcmp(begin, table) == 0, "README.md:%d: the table "
		   "of clauses is not what the exercises say: put what "
		   "build/selfcheck --clauses prints between its two marks",
		   end ? selfcheck_line(text, begin) : 1);
	free(text);
}

void selfcheck_check_clauses(struct gate *gate, const struct catalog *catalog)
{
	json_t *clauses, *clause;
	char *why = NULL, *table = NULL;
	size_t i;
	if (clauses_read(gate->root, &clauses, &why) == 0) {
		json_array_foreach(clauses, i, clause)
			tally_hold(&gate->tally, SORT_CLAUSE, is_taught(catalog,
				   verdict_text(clause, "key")),
				   "grader/selfcheck/clauses.json:1: a lesson that "
				   "teaches \"%s\" expected, none came",
				   verdict_text(clause, "key"));
		json_decref(clauses);
	}
	if (clauses_table(gate->root, catalog, &table, &why) == 0)
		check_readme(gate, table);
	else
		tally_fault(&gate->tally, "%s", why ? why : "out of memory");
	free(table);
	free(why);
}
