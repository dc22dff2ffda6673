/* screen_source.c - see screen.h: the half that reads C. It looks for words, line by
 * line, in code, comments and strings alike: where the compiler would take one of
 * these words in earnest is left to the person who looks.
 */
#include "screen.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Words to report, without the underscores that an attribute may be written with;
 * those that begin with a dot are the assembler's. */
static const struct {
	const char *word;
	enum screen_kind kind;
} words[] = {
	{ "no_profile_instrument_function", SCREEN_ATTRIBUTE },
	{ "no_instrument_function", SCREEN_ATTRIBUTE },
	{ "no_sanitize", SCREEN_ATTRIBUTE },
	{ "no_sanitize_coverage", SCREEN_ATTRIBUTE },
	{ "no_sanitize_address", SCREEN_ATTRIBUTE },
	{ "no_sanitize_undefined", SCREEN_ATTRIBUTE },
	{ "no_sanitize_thread", SCREEN_ATTRIBUTE },
	{ "no_address_safety_analysis", SCREEN_ATTRIBUTE },
	{ ".incbin", SCREEN_INCLUSION },
	{ ".include", SCREEN_INCLUSION },
	{ ".section", SCREEN_SECTION },
	{ ".pushsection", SCREEN_SECTION },
	{ ".subsection", SCREEN_SECTION },
};

/* One line of the source. */
struct line {
	const char *text;
	size_t size;
	int number;
};

/* --- lines -------------------------------------------------------------- */

/* The bytes at AT that join a line with the next one; 0 when none do. */
static size_t joint(const char *at, size_t left)
{
	if (left >= 2 && memcmp(at, "\\\n", 2) == 0)
		return 2;
	return left >= 3 && memcmp(at, "\\\r\n", 3) == 0 ? 3 : 0;
}

/* Copies TEXT with the lines joined that end in a backslash, as the compiler does,
 * and their newlines put after the whole, so that every line keeps its number.
 * Returns how many bytes of JOINED, which has SIZE, that takes. */
static size_t join_lines(const char *text, size_t size, char *joined)
{
	size_t n = 0, owed = 0, length;
	for (size_t at = 0; at < size; at += length) {
		length = joint(text + at, size - at);
		if (length > 0) {
			owed++;
			continue;
		}
		length = 1;
		joined[n++] = text[at];
		for (; text[at] == '\n' && owed > 0; owed--)
			joined[n++] = '\n';
	}
	return n;
}

/* --- words -------------------------------------------------------------- */

static bool in_word(char c)
{
	return c == '_' || c == '$' || isalnum((unsigned char)c);
}

/* Whether a dot at AT of LINE may begin a directive: no word comes before it. The n
 * of a \n is no word. */
static bool may_begin(const struct line *line, size_t at)
{
	return at == 0 || !in_word(line->text[at - 1]) ||
	       (at > 1 && line->text[at - 2] == '\\');
}

/* Whether the N bytes at WORD are those of NAME. */
static bool is(const char *word, size_t n, const char *name)
{
	return strlen(name) == n && memcmp(word, name, n) == 0;
}

/* Reports the N bytes at WORD when they are one of the words. */
static void consider_word(struct screen *screen, const char *word, size_t n,
			  int number)
{
	if (n > 4 && memcmp(word, "__", 2) == 0 &&
	    memcmp(word + n - 2, "__", 2) == 0) {
		word += 2;
		n -= 4;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (is(word, n, words[i].word))
			screen_report(screen, words[i].kind, words[i].word,
				    screen->file, number);
}

/* Considers each word of LINE, with the dot before it where one may begin there. */
static void search_words(struct screen *screen, const struct line *line)
{
	size_t from = 0, to;
	for (; from < line->size; from = to) {
		bool dot = line->text[from] == '.' && may_begin(line, from);
		to = from + dot;
		while (to < line->size && in_word(line->text[to]))
			to++;
		if (to > from + dot)
			consider_word(screen, line->text + from, to - from,
				      line->number);
		else
			to = from + 1;
	}
}

/* Goes past blanks, and comments that end in this line, from AT on. */
static size_t past_blanks(const struct line *line, size_t at)
{
	for (;;) {
		while (at < line->size && isspace((unsigned char)line->text[at]))
			at++;
		if (line->size - at < 4 || memcmp(line->text + at, "/*", 2) != 0)
			return at;
		const char *end = memmem(line->text + at + 2, line->size - at - 2,
					 "*/", 2);
		if (!end)
			return at;
		at = (size_t)(end - line->text) + 2;
	}
}

/* Where LINE has the # of a directive, or its other spelling %:. Only blanks or the
 * end of a comment may come before it. LINE's size when there is none. */
static size_t find_hash(const struct line *line)
{
	size_t at = 0, before;
	while (at < line->size && line->text[at] != '#' &&
	       (line->text[at] != '%' || at + 1 == line->size ||
		line->text[at + 1] != ':'))
		at++;
	for (before = at; before > 0; before--)
		if (!isspace((unsigned char)line->text[before - 1]))
			break;
	bool comment = before > 1 &&
		       memcmp(line->text + before - 2, "*/", 2) == 0;
	return before == 0 || comment ? at : line->size;
}

/* Reports LINE when it is a directive that gives lines another number. */
static void search_directive(struct screen *screen, const struct line *line)
{
	char name[NAME_MAX_LENGTH];
	size_t at = find_hash(line), n = 0;
	if (at == line->size)
		return;
	at = past_blanks(line, at + (line->text[at] == '%' ? 2 : 1));
	const char *word = line->text + at;
	while (at + n < line->size && in_word(word[n]))
		n++;
	bool number = n > 0 && isdigit((unsigned char)*word);
	if (!number && !is(word, n, "line"))
		return;
	snprintf(name, sizeof(name), "#%s%.*s", number ? " " : "", (int)n, word);
	screen_report(screen, SCREEN_LINE, name, screen->file, line->number);
}

/* --- bytes anywhere ----------------------------------------------------- */

/* Copies the marker that begins at AT into WORD; false when none does. */
static bool marker_at(const char *at, size_t left, char word[NAME_MAX_LENGTH])
{
	static const char *const tools[] = { "GCOVR", "GCOV", "LCOV" };
	static const char excludes[] = "_EXCL_";
	size_t n = 0;
	for (size_t i = 0; n == 0 && i < sizeof(tools) / sizeof(*tools); i++)
		if (left > strlen(tools[i]) + strlen(excludes) &&
		    memcmp(at, tools[i], strlen(tools[i])) == 0 &&
		    memcmp(at + strlen(tools[i]), excludes,
			   strlen(excludes)) == 0)
			n = strlen(tools[i]) + strlen(excludes);
	if (n == 0 || !isupper((unsigned char)at[n]))
		return false;
	while (n < left && n < NAME_MAX_LENGTH - 1 &&
	       (isupper((unsigned char)at[n]) || at[n] == '_'))
		n++;
	memcpy(word, at, n);
	word[n] = '\0';
	return true;
}

/* The number of the control character that turns the direction of text at AT,
 * 0 when it is another: U+202A to U+202E, U+2066 to U+2069. */
static unsigned turn_at(const char *at, size_t left)
{
	const unsigned char *c = (const unsigned char *)at;
	if (left < 3 || c[0] != 0xE2 || (c[1] != 0x80 && c[1] != 0x81))
		return 0;
	unsigned number = 0x2000 + (c[1] - 0x80U) * 0x40 + (c[2] - 0x80U);
	return (number >= 0x202A && number <= 0x202E) ||
	       (number >= 0x2066 && number <= 0x2069) ? number : 0;
}

/* Reports the first marker of LINE, and the first character that turns its text. */
static void search_bytes(struct screen *screen, const struct line *line)
{
	char word[NAME_MAX_LENGTH], turn[16] = "";
	bool marked = false;
	for (size_t i = 0; i < line->size; i++) {
		const char *at = line->text + i;
		unsigned turns = turn_at(at, line->size - i);
		if (turns && !*turn) {
			snprintf(turn, sizeof(turn), "U+%04X", turns);
			screen_report(screen, SCREEN_BIDI, turn, screen->file,
				    line->number);
		}
		if (!marked && marker_at(at, line->size - i, word)) {
			marked = true;
			screen_report(screen, SCREEN_MARKER, word, screen->file,
				    line->number);
		}
	}
}

int screen_source(const char *file_name, const char *text, size_t size,
		  screen_seen *seen, void *data)
{
	struct screen screen = { .file = file_name, .seen = seen,
				 .data = data };
	char *joined = calloc(1, size + 1);
	if (!joined)
		return -ENOMEM;
	struct line line = { .number = 1 };
	size = join_lines(text, size, joined);
	for (size_t at = 0; at < size; at += line.size + 1, line.number++) {
		const char *end = memchr(joined + at, '\n', size - at);
		line.text = joined + at;
		line.size = end ? (size_t)(end - line.text) : size - at;
		search_directive(&screen, &line);
		search_words(&screen, &line);
		search_bytes(&screen, &line);
	}
	free(joined);
	return 0;
}
