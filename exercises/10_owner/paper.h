/* paper.h - a paper, which is a stdio stream. A caller owns it until it gives
 * it to a menu.
 *
 * These two functions are given. Use them in your tests instead of fopen and
 * fclose: what is opened here counts in still_open(), no matter which code
 * closes it.
 */
#ifndef PAPER_H
#define PAPER_H

#include <stdio.h>

/* Opens an empty paper at PATH. Returns 0 or a negative errno. */
int paper_open(const char *lend_path, FILE **ret_paper);

/* Closes a paper that was not given away. Returns 0 or a negative errno. */
int paper_close(FILE *give_paper);

#endif
