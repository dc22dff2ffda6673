/* page.c - see page.h. */
#include "page.h"
#include "base/printable.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { PLAIN_WIDTH = 80, LEAST_WIDTH = 40, MOST_TEXT = 100, TAB = 8,
       LINE_MAX_SHOWN = 400 };

static const char *const styles[STYLE_COUNT] = {
	[STYLE_PLAIN] = "\033[0m",
	[STYLE_GOOD] = "\033[1;32m",
	[STYLE_BAD] = "\033[1;31m",
	[STYLE_STRONG] = "\033[1m",
	[STYLE_FAINT] = "\033[2m",
};

static const struct { const char *unicode, *plain; } signs[SIGN_COUNT] = {
	[SIGN_PASS] = { "✓", "+" },
	[SIGN_FAIL] = { "✗", "x" },
	[SIGN_DOT] = { "·", "-" },
	[SIGN_HERE] = { "▸", ">" },
	[SIGN_BEGIN] = { "├", "|" },
	[SIGN_LINE] = { "─", "-" },
	[SIGN_FAULT] = { "╳", "x" },
	[SIGN_END] = { "┤", "|" },
	[SIGN_FOREVER] = { "▶", ">" },
	[SIGN_AGAIN] = { "╂", "#" },
	[SIGN_QUOTE] = { "│", "|" },
};

/* --- where it will be read ------------------------------------------------ */

/* Whether the environment promises UTF-8; LC_ALL counts most (locale(7)). */
static bool speaks_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *value = getenv(names[i]);
		if (value && *value)
			return strcasestr(value, "utf-8") ||
			       strcasestr(value, "utf8");
	}
	return false;
}

/* Whether a variable is set to anything but nothing. */
static bool is_set(const char *name)
{
	const char *value = getenv(name);
	return value && *value;
}

/* COLUMNS when that is a number, else what the terminal says. */
static int width_of(int descriptor)
{
	const char *typed = getenv("COLUMNS");
	struct winsize size;
	long width = typed ? strtol(typed, NULL, 10) : 0;
	if (width <= 0 && descriptor >= 0 &&
	    ioctl(descriptor, TIOCGWINSZ, &size) == 0)
		width = size.ws_col;
	if (width <= 0)
		return PLAIN_WIDTH;
	return width < LEAST_WIDTH ? LEAST_WIDTH :
	       width > INT16_MAX ? INT16_MAX : (int)width;
}

struct look look_of(int descriptor)
{
	const char *term = getenv("TERM");
	bool able = descriptor >= 0 && isatty(descriptor) && term && *term &&
		    strcmp(term, "dumb") != 0;
	return (struct look){
		.colour = able && !is_set("NO_COLOR"),
		.unicode = able && speaks_utf8(),
		.width = width_of(descriptor),
	};
}

struct page page_on_stdout(void)
{
	return (struct page){ .out = stdout,
			      .look = look_of(STDOUT_FILENO) };
}

/* --- what is safe to print ------------------------------------------------ */

/* Writes the character at TEXT as it may be printed into SHOWN and returns how
 * many bytes of TEXT that was. */
static size_t show(const struct look *look, const char *text,
		   char shown[PRINTABLE_SHOWN_MAX])
{
	return look->unicode ? printable_show(text, shown)
			     : printable_show_ascii(text, shown);
}

/* The columns of the first LENGTH bytes of TEXT. */
static int columns_of(const struct page *page, const char *text, size_t length)
{
	char shown[PRINTABLE_SHOWN_MAX];
	int n = 0;
	for (size_t i = 0; i < length;) {
		i += show(&page->look, text + i, shown);
		n += printable_columns(shown);
	}
	return n;
}

int page_columns(const struct page *page, const char *text)
{
	return columns_of(page, text, strlen(text));
}

/* --- writing ------------------------------------------------------------- */

/* Prints LENGTH bytes of TEXT, made safe. */
static void put(struct page *page, const char *text, size_t length)
{
	char shown[PRINTABLE_SHOWN_MAX];
	for (size_t i = 0; i < length;) {
		i += show(&page->look, text + i, shown);
		fputs(shown, page->out);
		page->column += printable_columns(shown);
		page->spaced = text[i - 1] == ' ';
	}
}

void page_put(struct page *page, const char *text)
{
	put(page, text, strlen(text));
}

void page_style(struct page *page, enum style style)
{
	if (page->look.colour)
		fputs(styles[style], page->out);
}

void page_sign(struct page *page, enum sign sign)
{
	fputs(page->look.unicode ? signs[sign].unicode : signs[sign].plain,
	      page->out);
	page->column++;
	page->spaced = false;
}

void page_end_line(struct page *page)
{
	fputc('\n', page->out);
	page->column = 0;
}

void page_to(struct page *page, int column)
{
	if (page->column > 0 && page->column >= column)
		column = page->column + 1;
	fprintf(page->out, "%*s", column - page->column, "");
	page->column = column;
	page->spaced = true;
}

/* Begins a further line at column HANG. */
static void wrap(struct page *page, int hang)
{
	page_end_line(page);
	page_to(page, hang);
}

/* The columns that text may fill: a longer line is hard to read. */
static int text_width(const struct page *page)
{
	return page->look.width < MOST_TEXT ? page->look.width : MOST_TEXT;
}

void page_flow(struct page *page, int hang, const char *text)
{
	while (*text) {
		size_t blank = strspn(text, " \t\n");
		size_t length = strcspn(text + blank, " \t\n");
		int needs = 1 + columns_of(page, text + blank, length);
		bool space = blank > 0 && page->column > 0 && !page->spaced;
		if (space && page->column + needs > text_width(page))
			wrap(page, hang);
		else if (space)
			page_to(page, page->column + 1);
		put(page, text + blank, length);
		text += blank + length;
	}
}

void page_flowf(struct page *page, int hang, const char *format, ...)
{
	char *text = NULL;
	va_list args;
	va_start(args, format);
	int n = vasprintf(&text, format, args);
	va_end(args);
	if (n < 0)
		return;
	page_flow(page, hang, text);
	free(text);
}

/* Prints one line of a block; its tabs become spaces, its end is cut when it
 * is absurdly long. */
static void put_line(struct page *page, const char *line, size_t length)
{
	int margin = page->column;
	for (size_t i = 0; i < length && i < LINE_MAX_SHOWN;) {
		size_t plain = strcspn(line + i, "\t");
		if (plain > length - i)
			plain = length - i;
		put(page, line + i, plain);
		i += plain;
		if (i < length && line[i] == '\t') {
			int at = page->column - margin;
			page_to(page, margin + at + TAB - at % TAB);
			i++;
		}
	}
	if (length > LINE_MAX_SHOWN)
		put(page, "...", 3);
}

/* How many lines TEXT has; a last one needs no newline. */
static int count_lines(const char *text)
{
	int n = 0;
	for (; *text; n++) {
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	return n;
}

void page_block(struct page *page, const char *margin, const char *text,
		int most)
{
	int left = count_lines(text);
	for (int n = 0; *text && (most == 0 || n < most); n++, left--) {
		size_t length = strcspn(text, "\n");
		size_t shown = length > 0 && text[length - 1] == '\r' ?
			       length - 1 : length;
		fputs(margin, page->out);
		page->column = (int)strlen(margin);
		put_line(page, text, shown);
		page_end_line(page);
		text += length + (text[length] == '\n');
	}
	if (left > 0) {
		fprintf(page->out, "%s(%d more lines)", margin, left);
		page_end_line(page);
	}
}
