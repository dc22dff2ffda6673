/* contract_clause.h - the words of a contract, from the header that holds them. */
#ifndef CATALOG_CONTRACT_CLAUSE_H
#define CATALOG_CONTRACT_CLAUSE_H

#include "catalog.h"

enum { CLAUSE_MAX = 600 };

/* Where a clause stands and what it says. */
struct clause {
	const char *file;	/* lives as long as the exercise */
	int line;
	char text[CLAUSE_MAX];	/* its words, single-spaced */
};

/* Finds the clause that NAME ("CONTRACT 3", or several after commas: the first
 * counts) names in the given headers of EXERCISE: 0, or -ENOENT. */
int contract_clause_find(const char *root, const struct exercise *exercise,
		const char *name, struct clause *ret_clause);

#endif
