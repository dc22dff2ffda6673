/* compiler_errors.h - what the compiler said, read: its first error, and the line of
 * the learner's that it is about. */
#ifndef BUILD_COMPILER_ERRORS_H
#define BUILD_COMPILER_ERRORS_H

#include "build.h"

#include <stdbool.h>

/* The columns of a source line that are shown: with a margin they fit 80. */
enum { SOURCE_COLUMNS = 68 };

/* One error. All texts are harmless, as printable.h says. */
struct compiler_error {
	char file[64];		/* of the learner's; "" when it is not known */
	int line, column;	/* from 1, the column in bytes; 0: not known */
	char words[600];	/* what is wrong, in a sentence */
	char source[4 * SOURCE_COLUMNS + 8];	/* that line; "" for none */
	int caret;		/* the characters of it before the column */
	bool certain;		/* the compiler finds an error in a line of the
				 * learner's own; anything else may be a fault of the
				 * compiler, or of the machine */
};

/* Reads why LIBRARY failed. An error in a header is told with the learner's line
 * that includes it, or uses the macro that it lies in. */
void compiler_error_read(const struct library *library, struct compiler_error *ret);

/* Takes FOLDER, and the slash after it, out of TEXT, in place. */
void compiler_error_strip(char *text, const char *folder);

#endif
