/* compiler_errors.c - see compiler_errors.h. gcc's messages are lines "FILE:LINE:COLUMN:
 * KIND: WORDS"; before those about a header stand the lines that include it.
 * Source: the gcc manual, "Diagnostic Message Formatting Options". */
#include "compiler_errors.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/files.h"
#include "base/printable.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TAB = 8, LEAD = SOURCE_COLUMNS / 2, SOURCE_MAX = 1 << 20 };

static const char included[] = "In file included from ";
static const char from[] = "                 from ";
static const char expanded[] = "note: in expansion of macro ";
static const char dots[] = "...";
static const char plain_error[] = "error: ";
static const char too_many[] = "there are so many warnings that the error after "
	"them was not reached: mend the first warning first";

/* A place that a line of the compiler begins with, and the words after it. */
struct spot {
	const char *file;
	size_t n;		/* the length of its name */
	int line, column;
	const char *words;
};

/* Whether TEXT begins with WORDS. */
static bool begins(const char *text, const char *words)
{
	return strncmp(text, words, strlen(words)) == 0;
}

/* The line after the one at TEXT. */
static const char *next_line(const char *text)
{
	text += strcspn(text, "\n");
	return text + (*text == '\n');
}

/* Reads ":NUMBER" at *AT, and goes beyond it. */
static bool take_number(const char **at, int *ret_number)
{
	char *end;
	if (**at != ':' || (*at)[1] < '0' || (*at)[1] > '9')
		return false;
	*ret_number = (int)strtol(*at + 1, &end, 10);
	*at = end;
	return true;
}

/* Reads the place at TEXT: false when there is none. */
static bool read_spot(const char *text, struct spot *ret)
{
	const char *end = text + strcspn(text, "\n");
	const char *at = text;
	struct spot spot = { .file = text };
	while (at < end && !take_number(&at, &spot.line))
		spot.n = (size_t)(++at - text);
	if (at >= end)
		return false;
	take_number(&at, &spot.column);
	spot.words = at + strspn(at, ": ");
	*ret = spot;
	return true;
}

/* Whether SPOT lies in a file of the learner's, which stand in FOLDER. */
static bool is_theirs(const struct spot *spot, const char *folder)
{
	size_t n = strlen(folder);
	return spot->n > n && begins(spot->file, folder) &&
	       spot->file[n] == '/';
}

/* The words of an error at TEXT, NULL when it is none. */
static const char *error_words(const char *text)
{
	static const char *const kinds[] = {
		plain_error, "fatal error: ", "internal compiler error: ",
	};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (begins(text, kinds[i]))
			return text + strlen(kinds[i]);
	return NULL;
}

/* The outermost use of a macro of which the lines at TEXT tell, if theirs. */
static bool find_use(const char *text, const char *folder, struct spot *ret)
{
	bool found = false;
	struct spot spot;
	for (; *text && read_spot(text, &spot) &&
	       begins(spot.words, "note: "); text = next_line(text))
		if (begins(spot.words, expanded) && is_theirs(&spot, folder)) {
			*ret = spot;
			found = true;
		}
	return found;
}

/* Where one looks for the error of SPOT: there or, when that is not theirs, where
 * they use or INCLUDE it. Line 0: not known. */
static struct spot place_of(const struct spot *spot, const struct spot *include,
			    const char *folder)
{
	struct spot use;
	if (is_theirs(spot, folder))
		return *spot;
	if (find_use(next_line(spot->file), folder, &use))
		return use;
	if (include->line && is_theirs(include, folder))
		return *include;
	return (struct spot){ .line = 0 };
}

/* Remembers in *INCLUDE the outermost line that includes, of those at TEXT. */
static void note_include(const char *text, struct spot *include)
{
	struct spot spot;
	for (size_t i = 0; i < 2; i++) {
		const char *words = i ? from : included;
		if (!begins(text, words) ||
		    !read_spot(text + strlen(words), &spot))
			continue;
		spot.column = 0;
		*include = spot;
	}
}

/* Copies the line at TEXT, with what folders it names taken out. */
static void copy_words(const struct library *library, const char *text,
		       char *ret, size_t size)
{
	char line[4096];
	snprintf(line, sizeof(line), "%.*s", (int)strcspn(text, "\n"), text);
	compiler_error_strip(line, library->objects);
	compiler_error_strip(line, library->source);
	printable_copy(ret, size, line);
}

/* The last part of the path of SPOT. */
static const char *base_of(const struct spot *spot, int *ret_length)
{
	const char *name = spot->file;
	for (const char *at = name; at < spot->file + spot->n; at++)
		if (*at == '/')
			name = at + 1;
	*ret_length = (int)(spot->file + spot->n - name);
	return name;
}

/* Takes over the error at SPOT whose WORDS those are, told at PLACE. */
static void take_error(const struct library *library, const struct spot *spot,
		       const struct spot *place, const char *words,
		       struct compiler_error *d)
{
	char text[400], file[100];
	int n;
	const char *base = base_of(spot, &n);
	copy_words(library, words, text, sizeof(text));
	snprintf(file, sizeof(file), " (at %.*s:%d)", n < 64 ? n : 64, base,
		 spot->line);
	bool elsewhere = place->line && place->file != spot->file;
	snprintf(d->words, sizeof(d->words), "%s%s", text, elsewhere ? file : "");
	if (!place->line)
		return;
	snprintf(text, sizeof(text), "%.*s", (int)place->n, place->file);
	compiler_error_strip(text, library->source);
	printable_copy(d->file, sizeof(d->file), text);
	d->line = place->line;
	d->column = place->column;
}

/* Finds the first error: false when the compiler names none. */
static bool find_error(const struct library *library, struct compiler_error *d)
{
	struct spot spot, include = { .line = 0 };
	const char *folder = library->source;
	for (const char *at = library->diagnostics; *at; at = next_line(at)) {
		note_include(at, &include);
		if (!read_spot(at, &spot))
			continue;
		const char *words = error_words(spot.words);
		if (!words)
			continue;
		struct spot place = place_of(&spot, &include, folder);
		d->certain = is_theirs(&spot, folder) &&
			     begins(spot.words, plain_error);
		take_error(library, &spot, &place, words, d);
		return true;
	}
	return false;
}

/* Finds what the linker names first, by its place or by its words. */
static void find_other(const struct library *library, struct compiler_error *d)
{
	struct spot spot;
	const char *said = library->diagnostics;
	for (const char *at = said; *at; at = next_line(at)) {
		if (!read_spot(at, &spot) ||
		    !is_theirs(&spot, library->source))
			continue;
		take_error(library, &spot, &spot, spot.words, d);
		if (begins(spot.words, "warning: "))
			snprintf(d->words, sizeof(d->words), "%s", too_many);
		return;
	}
	copy_words(library, *said ? said : "the compiler gives no reason",
		   d->words, sizeof(d->words));
}

/* --- the learner's line ---------------------------------------------------- */

/* Shows the character at LINE, which begins at COLUMN, a tab as spaces: returns
 * its bytes. */
static size_t show(const char *line, int column, char shown[PRINTABLE_SHOWN_MAX])
{
	if (*line != '\t')
		return printable_show(line, shown);
	snprintf(shown, PRINTABLE_SHOWN_MAX, "%*s", TAB - column % TAB, "");
	return 1;
}

/* The column in which byte N of LINE is shown. */
static int column_of(const char *line, size_t n)
{
	int column = 0;
	for (size_t i = 0; i < n;) {
		char shown[PRINTABLE_SHOWN_MAX];
		i += show(line + i, column, shown);
		column += printable_columns(shown);
	}
	return column;
}

/* Copies so much of LINE, N bytes long, as fits around the column. Columns are what
 * a terminal has room for, characters what the caret counts. */
static void cut_line(const char *line, size_t n, struct compiler_error *d)
{
	const int room = SOURCE_COLUMNS - 2 * (int)strlen(dots);
	const char *end = d->source + sizeof(d->source) - sizeof(dots);
	size_t target = d->column > 0 ? (size_t)d->column - 1 : 0;
	int caret = column_of(line, target < n ? target : n);
	int skip = caret > room ? caret - LEAD : 0, column = 0;
	char *at = stpcpy(d->source, skip ? dots : "");
	d->caret = skip ? (int)strlen(dots) : 0;
	for (size_t i = 0; i < n;) {
		char shown[PRINTABLE_SHOWN_MAX];
		int begin = column;
		bool before = i < target;
		i += show(line + i, column, shown);
		column += printable_columns(shown);
		if (begin < skip)
			continue;
		if (column - skip > room || at + strlen(shown) > end) {
			strcpy(at, dots);
			return;
		}
		at = stpcpy(at, shown);
		d->caret += before ? printable_characters(shown) : 0;
	}
}

/* Copies the line that the diagnosis is about from the learner's file. */
static void quote_line(const struct library *library, struct compiler_error *d)
{
	char path[PATH_MAX], *text;
	size_t size;
	if (path_join(path, sizeof(path), "%s/%s", library->source,
		      d->file) < 0 ||
	    read_file(path, SOURCE_MAX, &text, &size) < 0)
		return;
	const char *line = text, *end = text + size;
	for (int i = 1; line && i < d->line; i++) {
		line = memchr(line, '\n', (size_t)(end - line));
		line = line ? line + 1 : NULL;
	}
	const char *stop = line ? memchr(line, '\n', (size_t)(end - line)) : NULL;
	size_t n = line ? (size_t)((stop ? stop : end) - line) : 0;
	if (n > 0 && line[n - 1] == '\r')
		n--;
	cut_line(line, n, d);
	free(text);
}

/* --- the whole ------------------------------------------------------------- */

/* Says what it was that the tools had not enough of. */
static void say_limit(const struct library *library, struct compiler_error *d)
{
	const char *what = library->part == PART_TESTS ? "tests" : "code";
	if (library->why == OUTCOME_TIMEOUT)
		snprintf(d->words, sizeof(d->words), "the compiler was not done "
			 "with your %s after %d seconds: look for a macro or an "
			 "#include that repeats itself, and for what is nested "
			 "very deep", what, COMPILE_MS / 1000);
	else if (library->why == OUTCOME_MEMORY_LIMIT)
		snprintf(d->words, sizeof(d->words), "the compiler ran out of "
			 "memory with your %s: look for a macro that grows, and "
			 "for a table that is far too large", what);
	else
		snprintf(d->words, sizeof(d->words), "your %s would come to more "
			 "than %d MiB once compiled: look for a table that is "
			 "far too large", what, COMPILED_MAX >> 20);
}

void compiler_error_read(const struct library *library, struct compiler_error *ret)
{
	*ret = (struct compiler_error){ .line = 0 };
	if (library->why != OUTCOME_COMPILE_ERROR)
		say_limit(library, ret);
	else if (!find_error(library, ret))
		find_other(library, ret);
	if (ret->file[0])
		quote_line(library, ret);
}

void compiler_error_strip(char *text, const char *folder)
{
	size_t n = strlen(folder);
	for (char *at = text; n && (at = strstr(at, folder)) != NULL;)
		memmove(at, at + n + (at[n] == '/'),
			strlen(at + n + (at[n] == '/')) + 1);
}
