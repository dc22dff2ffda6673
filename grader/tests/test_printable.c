/* test_printable.c - whatever bytes come, what is shown is harmless, and JSON. */
#include <locale.h>
#include "suite.h"
#include "base/printable.h"

#include <jansson.h>

/* Demands that TEXT, at most MOST bytes of it, is shown as WANTED. */
static void expect_cut(const char *text, size_t most, const char *wanted)
{
	char *shown = printable_harmless(text, most);
	ck_assert_str_eq(shown, wanted);
	free(shown);
}

static void expect(const char *text, const char *wanted)
{
	expect_cut(text, PRINTABLE_WHOLE, wanted);
}

START_TEST(plain_text_stays_as_it_is)
{
	expect("", "");
	expect("a line\n\tand another ~", "a line\n\tand another ~");
	expect("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
	       "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80");
}
END_TEST

START_TEST(control_characters_are_escaped)
{
	expect("\033[2J\a\b\r\177\001", "\\x1b[2J\\x07\\x08\\x0d\\x7f\\x01");
	expect("\xc2\x80 \xc2\x9b" "31m \xc2\x9f \xc2\xa0",
	       "\\u0080 \\u009b31m \\u009f \xc2\xa0");
}
END_TEST

START_TEST(every_control_character_but_two_is_escaped)
{
	for (int c = 1; c < 0x20; c++) {
		char text[] = { (char)c, '\0' }, wanted[8];
		snprintf(wanted, sizeof(wanted), "\\x%02x", c);
		expect(text, c == '\n' || c == '\t' ? text : wanted);
	}
}
END_TEST

START_TEST(characters_that_turn_text_around_or_hide_are_escaped)
{
	expect("\xe2\x80\xaa\xe2\x80\xab\xe2\x80\xac\xe2\x80\xad\xe2\x80\xae",
	       "\\u202a\\u202b\\u202c\\u202d\\u202e");
	expect("\xe2\x81\xa6\xe2\x81\xa7\xe2\x81\xa8\xe2\x81\xa9",
	       "\\u2066\\u2067\\u2068\\u2069");
	expect("\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c\xef\xbb\xbf",
	       "\\u200e\\u200f\\u061c\\ufeff");
	expect("\xf3\xa0\x81\x81", "\\U000e0041");
}
END_TEST

START_TEST(bytes_that_are_no_utf_8_are_escaped)
{
	expect("\xff\xfe \x80", "\\xff\\xfe \\x80");
	expect("\xc0\x9b \xe0\x80\x9b", "\\xc0\\x9b \\xe0\\x80\\x9b");
	expect("\xed\xa0\x80", "\\xed\\xa0\\x80");
	expect("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80");
	expect("\xe2\x82", "\\xe2\\x82");
	expect("\xe2\x82\n", "\\xe2\\x82\n");
}
END_TEST

START_TEST(a_cut_falls_between_two_characters_and_is_told)
{
	expect_cut("abcdef", 6, "abcdef");
	expect_cut("abcdefg", 6, "abc...");
	expect_cut("ab\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac", 9,
		   "ab\xe2\x82\xac...");
	expect_cut("a\033bcdefgh", 8, "a\\x1b...");
	expect_cut("a\033bcdefgh", 7, "a...");
}
END_TEST

START_TEST(a_copy_fits_and_is_not_cut_within_a_character)
{
	char to[6];
	printable_copy(to, sizeof(to), "abcd\xc3\xa9");
	ck_assert_str_eq(to, "abcd");
	printable_copy(to, sizeof(to), "abc\xc3\xa9z");
	ck_assert_str_eq(to, "abc\xc3\xa9");
	printable_copy(to, sizeof(to), "ab\033");
	ck_assert_str_eq(to, "ab");
	printable_copy(to, 1, "ab");
	ck_assert_str_eq(to, "");
}
END_TEST

START_TEST(what_is_harmless_stays_so)
{
	char *once = printable_harmless("\033 \xff \xe2\x80\xae \xc3\xa9",
				   PRINTABLE_WHOLE);
	expect(once, once);
	ck_assert(printable_is_harmless(once));
	ck_assert(!printable_is_harmless("a\033"));
	ck_assert(!printable_is_harmless("a\n"));
	ck_assert(!printable_is_harmless("\xe2\x80\xae"));
	ck_assert(!printable_is_harmless("\xff"));
	free(once);
}
END_TEST

START_TEST(joined_lines_are_one)
{
	char text[] = "a\nb\tc\n";
	printable_join_lines(text);
	ck_assert_str_eq(text, "a b c ");
}
END_TEST

/* Random bytes, of which many begin a sequence or an escape. */
static void fill(char *bytes, size_t n, unsigned long *random)
{
	static const unsigned char likely[] = { 0x1b, 0xc2, 0x9b, 0xe2, 0x80,
						0xae, 0xf0, 0xed, 0xff, '\n' };
	for (size_t i = 0; i < n; i++) {
		*random = *random * 6364136223846793005UL + 1442695040888963407UL;
		unsigned byte = (unsigned)(*random >> 40);
		bytes[i] = (char)(byte & 1 ? likely[(byte >> 1) % 10] :
				  1 + (byte >> 1) % 255);
	}
	bytes[n] = '\0';
}

START_TEST(of_any_bytes_comes_json_without_control_characters)
{
	unsigned long random = 1;
	for (int i = 0; i < 20000; i++) {
		char bytes[41];
		fill(bytes, sizeof(bytes) - 1, &random);
		char *shown = printable_harmless(bytes, i % 3 ? PRINTABLE_WHOLE : 30);
		json_t *string = json_string(shown);
		ck_assert_msg(string != NULL, "no JSON: %s", shown);
		printable_join_lines(shown);
		ck_assert(printable_is_harmless(shown));
		json_decref(string);
		free(shown);
	}
}
END_TEST

START_TEST(columns_are_those_of_a_terminal)
{
	static const struct { const char *shown; int columns, characters; } rows[] = {
		{ "", 0, 0 }, { "abc", 3, 3 },
		{ "\xc3\xa9", 1, 1 },			/* an accent */
		{ "e\xcc\x81", 1, 2 },			/* one that combines */
		{ "\xe4\xb8\xad\xe6\x96\x87", 4, 2 },	/* Chinese */
		{ "\xef\xbd\xb6", 1, 1 },		/* a narrow kana */
		{ "\xf0\x9f\x98\x80!", 3, 2 },		/* an emoji */
		{ "\\u202e", 6, 6 },			/* an escape */
	};
	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		ck_assert_int_eq(printable_columns(rows[i].shown),
				 rows[i].columns);
		ck_assert_int_eq(printable_characters(rows[i].shown),
				 rows[i].characters);
	}
	setlocale(LC_CTYPE, "C");
	ck_assert_int_eq(printable_columns("\xe4\xb8\xad."), 2);
}
END_TEST

TEST_PROGRAM("text",
	     plain_text_stays_as_it_is,
	     control_characters_are_escaped,
	     every_control_character_but_two_is_escaped,
	     characters_that_turn_text_around_or_hide_are_escaped,
	     bytes_that_are_no_utf_8_are_escaped,
	     a_cut_falls_between_two_characters_and_is_told,
	     a_copy_fits_and_is_not_cut_within_a_character,
	     what_is_harmless_stays_so,
	     joined_lines_are_one,
	     of_any_bytes_comes_json_without_control_characters,
	     columns_are_those_of_a_terminal)
