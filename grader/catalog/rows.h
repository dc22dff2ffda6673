/* rows.h - the checklist of an exercise: each clause of its contract, and each line of
 * what its tests must show, is a row with its points and with what shows it. */
#ifndef CATALOG_ROWS_H
#define CATALOG_ROWS_H

#include "catalog.h"

/* What a broken clause of the contract, an unchecked line of the tests' demands, and a
 * detail cost at least, in points. */
enum { PRICE_OF_PROMISE = 10, PRICE_OF_DEMAND = 5, PRICE_OF_DETAIL = 1 };

/* Reads "rows" of exercise.json into EXERCISE, whose points and lists have been read.
 * Without "rows" there is one row for the code, one for what the tests catch, and those
 * that each exercise with tests has. 0; or -EINVAL, and *ret_why, which the caller frees,
 * says what is wrong. */
int rows_read(struct exercise *exercise, char **ret_why);

/* The row that the finding with this CLAUSE breaks; NULL when none keeps it. */
const struct row *rows_of_clause(const struct exercise *exercise, const char *clause);

/* The row called ID; NULL when there is none. */
const struct row *rows_find(const struct exercise *exercise, const char *id);

/* The first row of KIND; NULL when there is none. */
const struct row *rows_first(const struct exercise *exercise, enum row_kind kind);

/* The points of all rows of KIND. */
long rows_points(const struct exercise *exercise, enum row_kind kind);

/* Whether the SCENARIO of the suite shows ROW. */
bool row_is_shown_by(const struct row *row, const char *scenario);

/* The row of the tests that shows what a broken version does that is made at run time:
 * with one release left out, or DOUBLED. Never NULL when the exercise has tests. */
const struct row *rows_of_change(const struct exercise *exercise, bool doubled);

#endif
