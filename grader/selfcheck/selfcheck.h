/* selfcheck.h - the maintainer's gate: does the workbook itself hold what it says? */
#ifndef SELFCHECK_SELFCHECK_H
#define SELFCHECK_SELFCHECK_H

#include <stdbool.h>
#include "catalog/catalog.h"

enum { SAMPLE_SHARE = 8 };

/* Checks N exercises of the CATALOG at ROOT, and what concerns all of them when
 * these are all (and then, for the time it takes, only some pairs of
 * misconceptions), and prints a line for each thing checked
 * that does not hold, and the counts at the end. Submissions are judged in
 * SANDBOX, by its name, NULL for the best there is. With a SAMPLE other than 0 one
 * misconception of SAMPLE_SHARE is judged, which one depends on SAMPLE; no pairs are, and
 * no verdict is repeated. When KEEP is not NULL, the verdict on each submission is written
 * into a file in that folder. With PRICES each submission is judged once, and no pairs
 * are. The least that one mistake costs is printed before the counts. 0 when all holds, 1 when something does not, 3 when the
 * grader could not judge. */
int selfcheck_check(const char *root, const struct catalog *catalog,
		    const struct exercise *const exercises[], size_t n,
		    const char *sandbox, long sample, const char *keep, bool prices);

/* Prints for each of N exercises of the workbook at ROOT a table of its checklist: each
 * row, its points, and what shows it. */
void selfcheck_print_rows(const char *root, const struct exercise *const exercises[],
			  size_t n);

/* Copies the files of exercises/ID that are handed in or given to the pristine folder
 * of EXERCISE, and prints which copies that changed: 0, or a negative errno with the
 * reason in *ret_why, which the caller frees. */
int selfcheck_renew_starter(const char *root, const struct exercise *exercise,
			    char **ret_why);

#endif
