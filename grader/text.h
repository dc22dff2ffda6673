/* text.h - text from outside, made harmless.
 *
 * What a learner's code printed, what the compiler quoted of it, a file's name:
 * a terminal would act on some of it, JSON could not hold some of it, and some
 * would be read in another order than it is written. All of that becomes an
 * escape as C writes it: \x1b for a byte, \u202e for a character.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>

enum { TEXT_SHOWN_MAX = 16, TEXT_WHOLE = 0 };

/* The character at TEXT, not empty, as it may be shown, into SHOWN: returns how
 * many bytes of TEXT that was. A newline and a tab are escaped too. */
size_t text_show(const char *text, char shown[TEXT_SHOWN_MAX]);

/* The same, and all that is not ASCII is escaped. */
size_t text_show_ascii(const char *text, char shown[TEXT_SHOWN_MAX]);

/* Whether all of TEXT may be shown as it stands, on one line. */
bool text_is_harmless(const char *text);

/* The columns that a shown text takes: one a character. */
int text_columns(const char *shown);

/* Copies TEXT, harmless, to TO, which has SIZE bytes, 1 at least: what does not
 * fit is cut off between two characters. Newlines and tabs stay. */
void text_copy(char *to, size_t size, const char *text);

/* The same in memory of its own, which the caller frees: at most MOST bytes, 3
 * or more, or TEXT_WHOLE; a text that is cut ends with "...". NULL when memory is out. */
char *text_harmless(const char *text, size_t most);

/* Makes one line of TEXT, in place: newlines and tabs become spaces. */
void text_join_lines(char *text);

#endif
