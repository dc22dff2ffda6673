/* screen_source.c - see screen.h: the half that reads C.
 *
 * Markers and turns of direction stand in comments by nature and are looked for
 * everywhere; the rest is looked for where the compiler would see it.
 */
#include "screen.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Text being read character by character, as the compiler does: lines that end
 * in a backslash are one with the next. */
struct reader {
	const unsigned char *text;
	size_t size, at;
	int line;		/* of what stands at AT */
};

/* What is known halfway through. Owns ASSEMBLY. */
struct scan {
	struct screen *screen;
	struct reader in;
	bool line_start;	/* only blanks stand before it on its line */
	bool asm_word;		/* an asm, whose parenthesis is still to come */
	int asm_depth;		/* parentheses open since then */
	char *assembly;		/* the strings in them, one after the other */
	size_t length, searched;
};

/* --- characters --------------------------------------------------------- */

/* The bytes that join the line at AT with the next one; 0 when none do. */
static size_t splice(const struct reader *in, size_t at)
{
	if (at >= in->size || in->text[at] != '\\')
		return 0;
	size_t end = at + 1;
	if (end < in->size && in->text[end] == '\r')
		end++;
	return end < in->size && in->text[end] == '\n' ? end + 1 - at : 0;
}

/* Goes past joints, and returns what comes next; EOF at the end. */
static int peek(struct reader *in)
{
	size_t n;
	while ((n = splice(in, in->at)) > 0) {
		in->at += n;
		in->line++;
	}
	return in->at < in->size ? in->text[in->at] : EOF;
}

/* Takes one character. */
static int take(struct reader *in)
{
	int c = peek(in);
	if (c == EOF)
		return c;
	in->at++;
	if (c == '\n')
		in->line++;
	return c;
}

/* Takes WANTED when that is what comes next. */
static bool accept(struct reader *in, int wanted)
{
	if (peek(in) != wanted)
		return false;
	take(in);
	return true;
}

static bool starts_word(int c)
{
	return c == '_' || c == '$' || c >= 0x80 || (c != EOF && isalpha(c));
}

/* Takes the word or number that comes next; cut when it is longer. */
static void take_word(struct reader *in, char word[NAME_MAX_LENGTH])
{
	size_t n = 0;
	int c;
	while (c = peek(in), starts_word(c) || isdigit(c)) {
		take(in);
		if (n + 1 < NAME_MAX_LENGTH)
			word[n++] = (char)c;
	}
	word[n] = '\0';
}

/* Takes the rest of a comment, if the slash just taken begins one. */
static void take_comment(struct reader *in)
{
	int c, before = 0;
	if (accept(in, '/')) {
		while (peek(in) != '\n' && peek(in) != EOF)
			take(in);
	} else if (accept(in, '*')) {
		while ((c = take(in)) != EOF && !(c == '/' && before == '*'))
			before = c;
	}
}

/* Takes blanks and comments up to something else, or to the end of the line. */
static void take_blanks(struct reader *in)
{
	for (;;) {
		int c = peek(in);
		if (c == ' ' || c == '\t' || c == '\f' || c == '\v')
			take(in);
		else if (c == '/' && in->at + 1 < in->size &&
			 in->text[in->at + 1] == '*')
			take(in), take_comment(in);
		else
			return;
	}
}

/* --- assembly text ------------------------------------------------------ */

static const struct {
	const char *word;
	enum screen_kind kind;
} directives[] = {
	{ ".incbin", SCREEN_INCLUSION }, { ".include", SCREEN_INCLUSION },
	{ ".section", SCREEN_SECTION }, { ".pushsection", SCREEN_SECTION },
	{ ".subsection", SCREEN_SECTION },
};

/* Whether WORD stands in TEXT as a word of its own. */
static bool has_word(const char *text, const char *word)
{
	size_t n = strlen(word);
	for (const char *at = text; (at = strstr(at, word)); at++)
		if ((at == text || !isalnum((unsigned char)at[-1])) &&
		    !isalnum((unsigned char)at[n]))
			return true;
	return false;
}

/* Tells the directives in what has been added to the assembly text since the
 * last time; one may begin in a string before it. */
static void search_assembly(struct scan *s, int line)
{
	enum { OVERLAP = 12 };	/* a directive is no longer */
	size_t from = s->searched > OVERLAP ? s->searched - OVERLAP : 0;
	size_t found = 0;
	s->assembly[s->length] = '\0';
	for (size_t i = 0; i < sizeof(directives) / sizeof(*directives); i++) {
		if (!has_word(s->assembly + from, directives[i].word))
			continue;
		screen_tell(s->screen, directives[i].kind, directives[i].word,
			    s->screen->file, line);
		found++;
	}
	s->searched = s->length;
	if (found)
		s->searched = s->length = 0;
}

/* Takes the rest of a string or character after its QUOTE. What an escape
 * stands for is no part of a directive. */
static void take_quoted(struct scan *s, int quote)
{
	bool kept = quote == '"' && s->asm_depth > 0;
	int line = s->in.line;
	while (peek(&s->in) != '\n' && peek(&s->in) != EOF) {
		int c = take(&s->in);
		if (c == quote)
			break;
		if (c == '\\' && peek(&s->in) != '\n' && peek(&s->in) != EOF) {
			take(&s->in);
			c = ' ';
		}
		if (kept)
			s->assembly[s->length++] = c ? (char)c : ' ';
	}
	if (kept)
		search_assembly(s, line);
}

/* --- words, directives, lines ------------------------------------------- */

static bool one_of(const char *word, const char *const list[])
{
	while (*list && strcmp(*list, word) != 0)
		list++;
	return *list != NULL;
}

/* WORD without the underscores that an attribute may wear, in place. */
static const char *bare(char *word)
{
	size_t n = strlen(word);
	if (n < 5 || strncmp(word, "__", 2) != 0 ||
	    strcmp(word + n - 2, "__") != 0)
		return word;
	word[n - 2] = '\0';
	return word + 2;
}

static void consider_word(struct scan *s, char *word, int line)
{
	static const char *const unmeasured[] = {
		"no_profile_instrument_function", "no_instrument_function",
		"no_sanitize", "no_sanitize_coverage", "no_sanitize_address",
		"no_sanitize_undefined", "no_sanitize_thread",
		"no_address_safety_analysis", NULL
	};
	static const char *const assembly[] = { "asm", "__asm", NULL };
	static const char *const qualifiers[] = {
		"volatile", "__volatile", "goto", "inline", "__inline", NULL
	};
	const char *said = bare(word);
	if (one_of(said, unmeasured))
		screen_tell(s->screen, SCREEN_ATTRIBUTE, said, s->screen->file,
			    line);
	s->asm_word = one_of(said, assembly) ||
		      (s->asm_word && one_of(said, qualifiers));
}

/* Looks at a preprocessing directive after its #. */
static void consider_directive(struct scan *s, int line)
{
	char word[NAME_MAX_LENGTH], name[NAME_MAX_LENGTH + 4];
	take_blanks(&s->in);
	bool number = isdigit(peek(&s->in));
	take_word(&s->in, word);
	snprintf(name, sizeof(name), number ? "# %s" : "#%s", word);
	if (number || strcmp(word, "line") == 0)
		screen_tell(s->screen, SCREEN_LINE, name, s->screen->file,
			    line);
}

/* Keeps count of the parentheses of an asm. */
static void consider_parenthesis(struct scan *s, int c)
{
	if (c == '(' && s->asm_depth == 0 && s->asm_word)
		s->asm_depth = 1, s->length = s->searched = 0;
	else if (s->asm_depth > 0)
		s->asm_depth += c == '(' ? 1 : -1;
	s->asm_word = false;
}

/* Goes on by one token, blank or comment. */
static void step(struct scan *s)
{
	char word[NAME_MAX_LENGTH];
	int c = peek(&s->in), line = s->in.line;
	bool first = s->line_start;
	if (starts_word(c) || isdigit(c)) {
		take_word(&s->in, word);
		consider_word(s, word, line);
	} else {
		take(&s->in);
	}
	s->line_start = c == '\n' || (first && (isspace(c) || c == '/'));
	if (c == '/')
		take_comment(&s->in);
	else if (c == '"' || c == '\'')
		take_quoted(s, c);
	else if (c == '(' || c == ')')
		consider_parenthesis(s, c);
	else if (first && (c == '#' || (c == '%' && accept(&s->in, ':'))))
		consider_directive(s, line);
}

/* --- bytes anywhere ----------------------------------------------------- */

/* The marker that stands at AT, into WORD; false when none does. */
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

/* Tells the markers and the turns of one line, the first of each. */
static void search_line(struct screen *screen, const char *line, size_t size,
			int number)
{
	char word[NAME_MAX_LENGTH], turn[16] = "";
	bool marked = false;
	for (size_t i = 0; i < size; i++) {
		unsigned turns = turn_at(line + i, size - i);
		if (turns && !*turn) {
			snprintf(turn, sizeof(turn), "U+%04X", turns);
			screen_tell(screen, SCREEN_BIDI, turn, screen->file,
				    number);
		}
		if (!marked && marker_at(line + i, size - i, word)) {
			marked = true;
			screen_tell(screen, SCREEN_MARKER, word, screen->file,
				    number);
		}
	}
}

static void search_lines(struct screen *screen, const char *text, size_t size)
{
	int number = 1;
	for (size_t at = 0; at < size; number++) {
		const char *end = memchr(text + at, '\n', size - at);
		size_t length = end ? (size_t)(end - text) - at : size - at;
		search_line(screen, text + at, length, number);
		at += length + 1;
	}
}

int screen_source(const char *file_name, const char *text, size_t size,
		  screen_seen *seen, void *data)
{
	struct screen screen = { .file = file_name, .seen = seen,
				 .data = data };
	struct scan scan = {
		.screen = &screen, .line_start = true,
		.in = { (const unsigned char *)text, size, 0, 1 },
		.assembly = malloc(size + 1),
	};
	if (!scan.assembly)
		return -ENOMEM;
	while (peek(&scan.in) != EOF)
		step(&scan);
	free(scan.assembly);
	search_lines(&screen, text, size);
	return 0;
}
