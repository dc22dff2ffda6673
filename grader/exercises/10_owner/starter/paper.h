/* paper.h - the paper that a caller owns until it gives it to a menu.
 *
 * These two are given. Use them in your tests instead of fopen and fclose:
 * what is opened here counts in still_open(), whoever closes it.
 */
#ifndef PAPER_H
#define PAPER_H

#include <stdio.h>

/* Opens an empty paper at PATH: 0 or a negative errno. */
int paper_open(const char *lend_path, FILE **ret_paper);

/* Closes a paper that was given to nobody: 0 or a negative errno. */
int paper_close(FILE *give_paper);

#endif
