/* suggest.c - see suggest.h. */
#include "suggest.h"

#include <string.h>

enum { WORD_MAX = 64 };

static size_t least(size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;
	return ab < c ? ab : c;
}

/* How many letters must be put in, taken out or changed to make B of A
 * (Levenshtein, one row at a time). */
static size_t distance(const char *a, const char *b)
{
	size_t row[WORD_MAX + 1], width = strlen(b);
	if (width > WORD_MAX)
		return WORD_MAX;
	for (size_t j = 0; j <= width; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		size_t corner = row[0];
		row[0] = i + 1;
		for (size_t j = 1; j <= width; j++) {
			size_t changed = corner + (a[i] != b[j - 1]);
			corner = row[j];
			row[j] = least(row[j] + 1, row[j - 1] + 1, changed);
		}
	}
	return row[width];
}

const char *suggest_word(const char *typed, const char *const words[], size_t n)
{
	size_t best = strlen(typed) / 3 + 1;
	const char *word = NULL;
	for (size_t i = 0; i < n; i++) {
		size_t d = distance(typed, words[i]);
		if (strncmp(words[i], typed, strlen(typed)) == 0)
			return words[i];
		if (d <= best && d < strlen(words[i])) {
			best = d - (d > 0);
			word = words[i];
		}
	}
	return word;
}
