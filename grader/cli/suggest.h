/* suggest.h - the word that was probably meant. */
#ifndef CLI_SUGGEST_H
#define CLI_SUGGEST_H

#include <stddef.h>

/* The one of the N WORDS that begins with TYPED, else the nearest to it; NULL
 * when none is near: more than a third of its letters would have to change. */
const char *suggest_word(const char *typed, const char *const words[], size_t n);

#endif
