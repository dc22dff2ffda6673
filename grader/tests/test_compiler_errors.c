/* test_compiler_errors.c - from what the compiler says to the learner's own line. */
#include <locale.h>
#include "suite.h"
#include "base/printable.h"
#include "build/compiler_errors.h"

/* The diagnosis of a library in the folder of this test, whose compiler SAID. A
 * "@" in it stands for that folder. */
static struct compiler_error read_said(const char *said)
{
	static char text[8192];
	struct library library = { .failed = true, .diagnostics = text,
				   .why = OUTCOME_COMPILE_ERROR };
	struct compiler_error d;
	size_t n = 0;
	text[0] = '\0';
	for (; *said; said++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%.*s",
				      *said == '@' ? PATH_MAX : 1,
				      *said == '@' ? own_folder : said);
	strcpy(library.source, own_folder);
	snprintf(library.objects, PATH_MAX, "%s/objects", own_folder);
	compiler_error_read(&library, &d);
	return d;
}

/* Demands this place and these words. */
static void expect(const struct compiler_error *d, const char *file, int line,
		   int column, const char *words)
{
	ck_assert_str_eq(d->words, words);
	ck_assert_str_eq(d->file, file);
	ck_assert_int_eq(d->line, line);
	ck_assert_int_eq(d->column, column);
}

/* Demands that this is the source, with a caret under the first "^" of it. */
static void expect_source(const struct compiler_error *d, const char *source)
{
	const char *caret = strchr(source, '^');
	ck_assert_str_eq(d->source, source);
	ck_assert_ptr_nonnull(caret);
	int before = 0;
	for (const char *at = source; at < caret; at++)
		before += ((unsigned char)*at & 0xc0) != 0x80;
	ck_assert_int_eq(d->caret, before);
}

START_TEST(the_first_error_is_told_and_no_warning_before_it)
{
	struct compiler_error d = read_said(
		"@/day.c: In function 'f':\n"
		"@/day.c:3:4: warning: error: none of it\n"
		"@/day.c:5:2: error: expected ';' before 'x'\n"
		"@/day.c:6:1: error: another\n");
	expect(&d, "day.c", 5, 2, "expected ';' before 'x'");
	d = read_said("@/day.c:1:10: fatal error: x.h: No such file\n");
	expect(&d, "day.c", 1, 10, "x.h: No such file");
}
END_TEST

START_TEST(an_error_in_a_header_is_told_where_they_include_it)
{
	struct compiler_error d = read_said(
		"In file included from /book/a.h:1,\n"
		"                 from @/day.c:4:10:\n"
		"/book/b.h:3:7: warning: old\n"
		"/book/b.h:9:7: error: no type\n"
		"@/day.c:9:9: error: later\n");
	expect(&d, "day.c", 4, 0, "no type (at b.h:9)");
}
END_TEST

START_TEST(an_error_in_a_macro_of_a_header_is_told_where_they_use_it)
{
	struct compiler_error d = read_said(
		"In file included from @/day.c:1:\n"
		"/book/b.h:1:20: error: expected expression before ')'\n"
		"/book/b.h:2:20: note: in expansion of macro 'INNER'\n"
		"@/day.c:12:10: note: in expansion of macro 'M'\n"
		"@/day.c:20:10: error: later\n");
	expect(&d, "day.c", 12, 10, "expected expression before ')' (at b.h:1)");
}
END_TEST

START_TEST(what_bears_a_name_of_their_own_choice_has_no_place)
{
	struct compiler_error d = read_said("/etc/passwd:1:2: error: oops\n");
	expect(&d, "", 0, 0, "oops");
	ck_assert_str_eq(d.source, "");
}
END_TEST

START_TEST(the_linker_is_understood_too)
{
	struct compiler_error d = read_said(
		"/usr/bin/ld: @/objects/b.o: in function `twice':\n"
		"@/b.c:3: multiple definition of `twice'; "
		"@/objects/a.o:@/a.c:1: first defined here\n"
		"collect2: error: ld returned 1 exit status\n");
	expect(&d, "b.c", 3, 0, "multiple definition of `twice'; a.o:a.c:1: "
	       "first defined here");
	d = read_said("gcc: something else\nmore\n");
	expect(&d, "", 0, 0, "gcc: something else");
	d = read_said("");
	expect(&d, "", 0, 0, "the compiler gives no reason");
}
END_TEST

START_TEST(so_many_warnings_that_no_error_is_left_are_told)
{
	struct compiler_error d = read_said("@/day.c:3:4: warning: one\n"
				       "@/day.c:4:4: warning: tw");
	ck_assert_ptr_nonnull(strstr(d.words, "first warning first"));
	ck_assert_int_eq(d.line, 3);
}
END_TEST

START_TEST(the_line_is_shown_with_its_tabs_expanded)
{
	own_file("day.c", "one\n\tint a\t^x;\r\nthree");
	struct compiler_error d = read_said("@/day.c:2:8: error: oops\n");
	expect_source(&d, "        int a   ^x;");
	d = read_said("@/day.c:3:6: error: oops\n");
	ck_assert_str_eq(d.source, "three");
	ck_assert_int_eq(d.caret, 5);
}
END_TEST

START_TEST(a_caret_counts_characters_and_escapes)
{
	own_file("day.c", "\xc3\xa9\033\xe2\x80\xae\xff^");
	struct compiler_error d = read_said("@/day.c:1:8: error: oops\n");
	expect_source(&d, "\xc3\xa9\\x1b\\u202e\\xff^");
}
END_TEST

START_TEST(a_long_line_is_cut_around_its_caret)
{
	char text[400];
	memset(text, 'a', 300);
	text[150] = '^';
	text[300] = '\0';
	own_file("day.c", text);
	struct compiler_error d = read_said("@/day.c:1:151: error: oops\n");
	ck_assert_uint_le(strlen(d.source), SOURCE_COLUMNS);
	ck_assert_int_eq(strncmp(d.source, "...a", 4), 0);
	ck_assert_str_eq(d.source + strlen(d.source) - 4, "a...");
	expect_source(&d, d.source);
	d = read_said("@/day.c:1:1: error: oops\n");
	ck_assert_int_eq(d.caret, 0);
	ck_assert_uint_le(strlen(d.source), SOURCE_COLUMNS);
}
END_TEST

START_TEST(a_line_is_cut_by_columns_and_its_caret_counts_characters)
{
	char text[1 << 12] = "", *at = text;
	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
	for (int i = 0; i < 100; i++)
		at = stpcpy(at, "\xe4\xb8\xad");
	stpcpy(at, "^");
	own_file("day.c", text);
	struct compiler_error d = read_said("@/day.c:1:301: error: oops\n");
	ck_assert_int_le(printable_columns(d.source), SOURCE_COLUMNS);
	ck_assert_int_ge(printable_columns(d.source), SOURCE_COLUMNS / 2);
	expect_source(&d, d.source);
	own_file("day.c", "\xe4\xb8\xad\t^");
	d = read_said("@/day.c:1:5: error: oops\n");
	expect_source(&d, "\xe4\xb8\xad      ^");
}
END_TEST

START_TEST(characters_without_a_width_do_not_make_a_line_endless)
{
	char text[3 << 12] = "^", *at = text + 1;
	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
	for (int i = 0; i < 4000; i++)
		at = stpcpy(at, "\xcc\x81");
	own_file("day.c", text);
	struct compiler_error d = read_said("@/day.c:1:1: error: oops\n");
	ck_assert_uint_lt(strlen(d.source), sizeof(d.source));
	ck_assert_str_eq(d.source + strlen(d.source) - 3, "...");
	expect_source(&d, d.source);
}
END_TEST

START_TEST(a_line_or_file_that_is_not_there_has_no_source)
{
	own_file("day.c", "one\n\nthree\n");
	struct compiler_error d = read_said("@/day.c:9:1: error: oops\n");
	ck_assert_str_eq(d.source, "");
	d = read_said("@/day.c:2:1: error: oops\n");
	ck_assert_str_eq(d.source, "");
	d = read_said("@/none.c:1:1: error: oops\n");
	ck_assert_str_eq(d.source, "");
	expect(&d, "none.c", 1, 1, "oops");
}
END_TEST

START_TEST(a_limit_is_told_in_words_and_not_in_the_tools)
{
	char said[] = "gcc: fatal error: Killed signal terminated program cc1\n";
	static const struct { enum outcome why; const char *words; } rows[] = {
		{ OUTCOME_TIMEOUT, "not done with your tests after 10 seconds" },
		{ OUTCOME_MEMORY_LIMIT, "ran out of memory with your tests" },
		{ OUTCOME_OUTPUT_LIMIT, "your tests would come to more than 64" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct library library = { .part = PART_TESTS, .failed = true,
			.why = rows[i].why, .diagnostics = said };
		struct compiler_error d;
		compiler_error_read(&library, &d);
		ck_assert_msg(strstr(d.words, rows[i].words) != NULL, "%s",
			      d.words);
		ck_assert_ptr_null(strstr(d.words, "cc1"));
	}
}
END_TEST

TEST_PROGRAM("diagnosis",
	     the_first_error_is_told_and_no_warning_before_it,
	     an_error_in_a_header_is_told_where_they_include_it,
	     an_error_in_a_macro_of_a_header_is_told_where_they_use_it,
	     what_bears_a_name_of_their_own_choice_has_no_place,
	     the_linker_is_understood_too,
	     so_many_warnings_that_no_error_is_left_are_told,
	     the_line_is_shown_with_its_tabs_expanded,
	     a_caret_counts_characters_and_escapes,
	     a_long_line_is_cut_around_its_caret,
	     a_line_is_cut_by_columns_and_its_caret_counts_characters,
	     characters_without_a_width_do_not_make_a_line_endless,
	     a_line_or_file_that_is_not_there_has_no_source,
	     a_limit_is_told_in_words_and_not_in_the_tools)
