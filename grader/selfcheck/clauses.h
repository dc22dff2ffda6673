/* clauses.h - the clauses of the source page, the lessons that teach them, and
 * for each the check that fails where it is not taught.
 *
 * clauses.json lists the clauses. "lesson": { "teaches": [...] } of an
 * exercise.json names clauses, each with what it is shown by: a misconception or
 * a broken version of the exercise, which the gate has judged, or a line that
 * the lesson prints, which the gate has compared.
 */
#ifndef SELFCHECK_CLAUSES_H
#define SELFCHECK_CLAUSES_H

#include <stdio.h>
#include "catalog/catalog.h"

/* Where the table stands in README.md. */
#define CLAUSES_BEGIN "<!-- clauses: written by `build/selfcheck --clauses` -->\n"
#define CLAUSES_END "<!-- end of clauses -->\n"

/* Reads clauses.json of the workbook at ROOT: 0 and *ret_clauses, which the
 * caller releases; or -EINVAL with the reason in *ret_why, which the caller
 * frees. */
int clauses_read(const char *root, json_t **ret_clauses, char **ret_why);

/* What shows the clause of ENTRY, one of "teaches", in the lesson of EXERCISE,
 * in words: 0 and *ret_words, which the caller frees; or -EINVAL with the
 * reason in *ret_why, which the caller frees. */
int clauses_shown(const char *root, const struct exercise *exercise,
		  const json_t *entry, char **ret_words, char **ret_why);

/* The entries of EXERCISE for the clause KEY are those of "teaches" whose
 * "clause" it is; the list, borrowed. */
const json_t *clauses_taught(const struct exercise *exercise);

/* The whole table in Markdown, for the caller to free: the same returns. */
int clauses_table(const char *root, const struct catalog *catalog,
		  char **ret_table, char **ret_why);

#endif
