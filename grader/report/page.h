/* page.h - text for a person: wrapped at words, coloured where that shows, and
 * safe to print, also when it comes from a submission. */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include <stdbool.h>
#include <stdio.h>

enum style { STYLE_PLAIN, STYLE_GOOD, STYLE_BAD, STYLE_STRONG, STYLE_FAINT,
	     STYLE_COUNT };

/* Signs, each with a substitute of plain ASCII. */
enum sign { SIGN_PASS, SIGN_FAIL, SIGN_DOT, SIGN_HERE, SIGN_BEGIN, SIGN_LINE,
	    SIGN_FAULT, SIGN_END, SIGN_FOREVER, SIGN_AGAIN, SIGN_QUOTE,
	    SIGN_COUNT };

/* What the place where it will be read can show. */
struct look {
	bool colour, unicode;
	int width;		/* columns */
};

/* A page being written. Borrows its stream. */
struct page {
	FILE *out;
	struct look look;
	int column;		/* of what comes next, from 0 */
	bool spaced;		/* what comes before it is a space */
};

/* The look of DESCRIPTOR: -1, and all that is no terminal, is plain, and 80
 * columns wide unless COLUMNS says otherwise. */
struct look look_of(int descriptor);

/* A page on standard output. */
struct page page_on_stdout(void);

void page_style(struct page *page, enum style style);

/* Prints a sign. */
void page_sign(struct page *page, enum sign sign);

/* Prints TEXT with its words wrapped; further lines begin at column HANG.
 * What a terminal would act on is printed as an escape: \x1b. */
void page_flow(struct page *page, int hang, const char *text);

/* The same for a format of printf. */
void page_flowf(struct page *page, int hang, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Prints TEXT without wrapping it, on one line and made safe as above. */
void page_put(struct page *page, const char *text);

/* Spaces up to COLUMN, and one at least unless the line is new. */
void page_to(struct page *page, int column);

void page_end_line(struct page *page);

/* Prints TEXT as it is, line by line, each with MARGIN before it and escaped
 * as above; after MOST lines (0: all) it says how many follow. */
void page_block(struct page *page, const char *margin, const char *text,
		int most);

/* The columns that TEXT takes on PAGE. */
int page_columns(const struct page *page, const char *text);

#endif
