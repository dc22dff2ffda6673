/* near.h - the word that was probably meant. */
#ifndef NEAR_H
#define NEAR_H

#include <stddef.h>

/* The one of the N WORDS that begins with TYPED, else the nearest to it; NULL
 * when none is near: more than a third of its letters would have to change. */
const char *near_word(const char *typed, const char *const words[], size_t n);

#endif
