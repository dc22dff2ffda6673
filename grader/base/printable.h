/* printable.h - text from outside, made harmless.
 *
 * What a learner's code printed, what the compiler quoted of it, a file's name:
 * a terminal would act on some of it, JSON could not hold some of it, and some
 * would be read in another order than it is written. All of that becomes an
 * escape as C writes it: \x1b for a byte, \u202e for a character.
 */
#ifndef BASE_PRINTABLE_H
#define BASE_PRINTABLE_H

#include <stdbool.h>
#include <stddef.h>

enum { PRINTABLE_SHOWN_MAX = 16, PRINTABLE_WHOLE = 0 };

/* The character at TEXT, not empty, as it may be shown, into SHOWN: returns how
 * many bytes of TEXT that was. A newline and a tab are escaped too. */
size_t printable_show(const char *text, char shown[PRINTABLE_SHOWN_MAX]);

/* The same, and all that is not ASCII is escaped. */
size_t printable_show_ascii(const char *text, char shown[PRINTABLE_SHOWN_MAX]);

/* Whether all of TEXT may be shown unchanged, on one line. */
bool printable_is_harmless(const char *text);

/* The columns that a shown text takes on a terminal: two for wide characters, none
 * for combining ones. Only so in a UTF-8 locale (LC_CTYPE); elsewhere each character
 * that is not ASCII counts as one. Source: wcwidth(3). */
int printable_columns(const char *shown);

/* The characters of a shown text. */
int printable_characters(const char *shown);

/* Copies TEXT, harmless, to TO, which has SIZE bytes, 1 at least: what does not
 * fit is cut off between two characters. Newlines and tabs stay. */
void printable_copy(char *to, size_t size, const char *text);

/* The same in new memory, which the caller frees: at most MOST bytes, 3 or more, or
 * PRINTABLE_WHOLE. A text that is cut ends with "...". NULL when memory is out. */
char *printable_harmless(const char *text, size_t most);

/* Copies TEXT as C writes it between quotes, newlines as \n, to TO, which has SIZE bytes,
 * 4 at least. A text that does not fit ends with "...". */
void printable_quote(char *to, size_t size, const char *text);

/* Makes one line of TEXT, in place: newlines and tabs become spaces. */
void printable_join_lines(char *text);

#endif
