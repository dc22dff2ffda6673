/* test_intake.c - which files are taken in, and what is said of the others. */
#include "base/limits.h"
#include "graded.h"
#include "grading/intake.h"

#include <errno.h>
#include <fcntl.h>

static const char *const both[] = { "day.c", "test_day.c" };

/* Lays our solution of 12 into in/12_global, and makes the folder out. */
static void lay_out(void)
{
	char from[64], to[64];
	ck_assert_int_eq(make_folders(own("in/12_global")), 0);
	ck_assert_int_eq(make_folders(own("out")), 0);
	for (size_t i = 0; i < 2; i++) {
		snprintf(from, sizeof(from), "solutions/12_global/%s", both[i]);
		snprintf(to, sizeof(to), "in/12_global/%s", both[i]);
		ck_assert_int_eq(copy_file(from, own(to), SUBMISSION_FILE_MAX),
				 0);
	}
}

/* The place of day.c in what is handed in, with nothing there. */
static const char *no_day(void)
{
	lay_out();
	ck_assert_int_eq(unlink(own("in/12_global/day.c")), 0);
	return own("in/12_global/day.c");
}

/* Makes N bytes the file at PATH. */
static void lay_bytes(const char *path, const void *bytes, size_t n)
{
	FILE *out = fopen(path, "w");
	ck_assert_ptr_nonnull(out);
	ck_assert_uint_eq(fwrite(bytes, 1, n, out), n);
	ck_assert_int_eq(fclose(out), 0);
}

/* Takes in what was laid out for exercise WORD. */
static struct refusals take(const char *word)
{
	struct catalog catalog;
	struct refusals refusals = { .n = 0 };
	char *why;
	ck_assert_int_eq(catalog_read(workbook(), &catalog, &why), 0);
	ck_assert_int_eq(intake_take(catalog_find(&catalog, word), workbook(),
					 own("in"), own("out"), &refusals), 0);
	for (size_t i = 0; i < refusals.n; i++)	/* the catalog goes */
		refusals.of[i].name = strdup(refusals.of[i].name);
	catalog_release(&catalog);
	return refusals;
}

static void forget(struct refusals *refusals)
{
	for (size_t i = 0; i < refusals->n; i++)
		free((char *)refusals->of[i].name);
}

/* Demands that NAME alone is refused with WORDS, and was not copied. */
static void expect_one(const char *name, const char *words)
{
	char copy[64];
	struct refusals refusals = take("12");
	ck_assert_uint_eq(refusals.n, 1);
	ck_assert_str_eq(refusals.of[0].name, name);
	ck_assert_msg(strstr(refusals.of[0].why, words) != NULL, "%s",
		      refusals.of[0].why);
	ck_assert_int_eq(refusals.of[0].missing,
			 strncmp(words, "is not there", 12) == 0);
	snprintf(copy, sizeof(copy), "out/%s", name);
	ck_assert_int_ne(access(own(copy), F_OK), 0);
	forget(&refusals);
}

START_TEST(the_hand_in_files_are_copied_and_nothing_else)
{
	char *text;
	size_t size;
	lay_out();
	own_file("in/12_global/day.h", "#error stranger");
	own_file("in/12_global/check.h", "#error stranger");
	own_file("in/12_global/@o.c", "-o");
	struct refusals refusals = take("12");
	ck_assert_uint_eq(refusals.n, 0);
	ck_assert_int_eq(read_file(own("out/day.c"), 1 << 20, &text, &size), 0);
	free(text);
	ck_assert_int_eq(unlink(own("out/day.c")), 0);
	ck_assert_int_eq(unlink(own("out/test_day.c")), 0);
	ck_assert_int_eq(rmdir(own("out")), 0);
}
END_TEST

START_TEST(a_missing_file_is_said_to_be)
{
	no_day();
	expect_one("day.c", "is not there");
}
END_TEST

START_TEST(a_missing_folder_is_told_once)
{
	lay_out();
	remove_tree(own("in/12_global"));
	expect_one("12_global", "is not there");
}
END_TEST

START_TEST(a_name_with_other_capital_letters_is_mentioned)
{
	lay_out();
	ck_assert_int_eq(rename(own("in/12_global/day.c"),
				own("in/12_global/Day.C")), 0);
	expect_one("day.c", "is not there, but Day.C is: rename it to day.c");
	ck_assert_int_eq(rename(own("in/12_global"), own("in/12_Global")), 0);
	expect_one("12_global", "is not there, but 12_Global is");
}
END_TEST

START_TEST(code_is_graded_when_its_tests_alone_are_missing)
{
	lay_out();
	ck_assert_int_eq(unlink(own("in/12_global/test_day.c")), 0);
	struct graded graded = grade("12", own("in"), "json");
	const json_t *exercise = graded_exercise(&graded);
	ck_assert_str_eq(verdict_text(exercise, "outcome"), "missing");
	ck_assert_int_eq(verdict_number(exercise, "score"), 60);
	ck_assert_ptr_nonnull(json_object_get(exercise, "sweep"));
	const json_t *check = json_array_get(json_object_get(exercise, "checks"),
					     0);
	ck_assert_str_eq(verdict_text(check, "group"), "proves");
	ck_assert_int_eq(verdict_number(check, "max_score"), 40);
	graded_release(&graded);
}
END_TEST

START_TEST(a_link_is_refused_wherever_it_points)
{
	ck_assert_int_eq(symlink("/etc/passwd", no_day()), 0);
	expect_one("day.c", "is a symbolic link");
	ck_assert_int_eq(unlink(own("in/12_global/day.c")), 0);
	ck_assert_int_eq(symlink("test_day.c", own("in/12_global/day.c")), 0);
	expect_one("day.c", "is a symbolic link");
	ck_assert_int_eq(unlink(own("in/12_global/day.c")), 0);
	ck_assert_int_eq(symlink("day.c", own("in/12_global/day.c")), 0);
	expect_one("day.c", "is a symbolic link");
}
END_TEST

START_TEST(the_folder_of_an_exercise_may_be_no_link_to_our_solution)
{
	char solution[2 * PATH_MAX];
	lay_out();
	remove_tree(own("in/12_global"));
	snprintf(solution, sizeof(solution), "%s/solutions/12_global",
		 workbook());
	ck_assert_int_eq(symlink(solution, own("in/12_global")), 0);
	expect_one("12_global", "is a symbolic link");
}
END_TEST

START_TEST(the_folder_that_was_typed_may_be_a_link)
{
	lay_out();
	ck_assert_int_eq(rename(own("in"), own("elsewhere")), 0);
	ck_assert_int_eq(symlink("elsewhere", own("in")), 0);
	struct refusals refusals = take("12");
	ck_assert_uint_eq(refusals.n, 0);
}
END_TEST

START_TEST(a_file_in_the_place_of_the_folder_is_refused)
{
	lay_out();
	remove_tree(own("in/12_global"));
	own_file("in/12_global", "x");
	expect_one("12_global", "is no folder");
}
END_TEST

START_TEST(a_folder_in_the_place_of_a_file_is_refused)
{
	ck_assert_int_eq(mkdir(no_day(), 0700), 0);
	expect_one("day.c", "is a folder");
}
END_TEST

START_TEST(a_fifo_is_refused_and_nobody_waits_for_it)
{
	ck_assert_int_eq(mkfifo(no_day(), 0600), 0);
	alarm(20);
	expect_one("day.c", "is not a regular file");
}
END_TEST

START_TEST(one_mebibyte_is_taken_and_a_byte_more_is_not)
{
	static char bytes[SUBMISSION_FILE_MAX + 1];
	memset(bytes, '\n', sizeof(bytes));
	lay_bytes(no_day(), bytes, SUBMISSION_FILE_MAX);
	struct refusals refusals = take("12");
	ck_assert_uint_eq(refusals.n, 0);
	ck_assert_int_eq(unlink(own("out/day.c")), 0);
	lay_bytes(own("in/12_global/day.c"), bytes, SUBMISSION_FILE_MAX + 1);
	expect_one("day.c", "is larger than one mebibyte");
}
END_TEST

START_TEST(a_nul_byte_is_told_with_its_line)
{
	lay_bytes(no_day(), "int a;\nint b;\nint\0 c;\n", 22);
	expect_one("day.c", "holds a NUL byte");
	struct refusals refusals = take("12");
	ck_assert_int_eq(refusals.of[0].line, 3);
	forget(&refusals);
	lay_bytes(own("in/12_global/day.c"), "\0\0\0\0int b", 9);
	expect_one("day.c", "holds a NUL byte");
}
END_TEST

START_TEST(utf16_is_told_by_its_mark_or_by_its_every_second_byte)
{
	static const struct { const char *bytes; size_t n; } texts[] = {
		{ "\xff\xfei\0n\0t\0", 8 }, { "\xfe\xff\0i\0n\0t", 8 },
		{ "i\0n\0t\0 \0a\0;\0", 12 }, { "\0i\0n\0t\0 \0a\0;", 12 },
		{ "i\0n\0t\0 \0\x63\x04;\0", 12 },
		{ "\xff\xfe\x63\x04", 4 }, { "\xfe\xff\x04\x63", 4 },
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		remove_tree(own("in"));
		lay_bytes(no_day(), texts[i].bytes, texts[i].n);
		remove_tree(own("out"));
		ck_assert_int_eq(make_folders(own("out")), 0);
		expect_one("day.c", "is saved as UTF-16: save it as UTF-8");
	}
}
END_TEST

START_TEST(every_file_that_is_refused_is_told)
{
	ck_assert_int_eq(symlink("a", no_day()), 0);
	own_file("in/12_global/test_day.c", "\xff\xfe");
	struct refusals refusals = take("12");
	ck_assert_uint_eq(refusals.n, 2);
	ck_assert_str_eq(refusals.of[0].name, "day.c");
	ck_assert_str_eq(refusals.of[1].name, "test_day.c");
	forget(&refusals);
	struct graded graded = grade("12", own("in"), "json");
	expect_refused(&graded, "rejected", 0, "day.c is a symbolic link");
	expect_refused(&graded, "rejected", 0, "test_day.c is saved as UTF-16");
	const json_t *checks = json_object_get(graded_exercise(&graded), "checks");
	ck_assert_uint_eq(json_array_size(checks), 2);
	ck_assert_int_eq(verdict_number(json_array_get(checks, 0), "max_score"),
			 100);
	ck_assert_int_eq(verdict_number(json_array_get(checks, 1), "max_score"),
			 0);
	graded_release(&graded);
}
END_TEST

START_TEST(code_that_nobody_hands_in_is_ours)
{
	char *text;
	size_t size;
	ck_assert_int_eq(make_folders(own("in/13_prove")), 0);
	ck_assert_int_eq(make_folders(own("out")), 0);
	own_file("in/13_prove/volume.c", "#error stranger");
	own_file("in/13_prove/test_volume.c", "");
	struct refusals refusals = take("13");
	ck_assert_uint_eq(refusals.n, 0);
	ck_assert_int_eq(read_file(own("out/volume.c"), 1 << 20, &text, &size), 0);
	ck_assert_ptr_null(strstr(text, "stranger"));
	free(text);
}
END_TEST

START_TEST(an_empty_file_is_taken_and_lacks_its_functions)
{
	lay_bytes(no_day(), "", 0);
	struct graded graded = grade("12", own("in"), "json");
	expect_refused(&graded, "compile_error", 40, "no function day_run is "
		       "defined, as the header declares it");
	graded_release(&graded);
	own_file("in/12_global/day.c", "/* day_run() comes later. */\n");
	graded = grade("12", own("in"), "json");
	expect_refused(&graded, "compile_error", 40, "no function day_run is "
		       "defined, as the header declares it");
	graded_release(&graded);
}
END_TEST

/* Rewrites FILE of exercise ID as a Windows editor may leave it: a byte order
 * mark, carriage returns, no end of the last line and, in code, a letter of
 * Latin-1. */
static void rewrite(const char *id, const char *file, bool code)
{
	char path[64], *text, *odd;
	size_t size, n = 3;
	snprintf(path, sizeof(path), "solutions/%s/%s", id, file);
	ck_assert_int_eq(read_file(path, 1 << 20, &text, &size), 0);
	odd = malloc(2 * size + 32);
	memcpy(odd, "\xef\xbb\xbf", n);
	for (size_t i = 0; i + 1 < size; i++) {
		if (text[i] == '\n')
			odd[n++] = '\r';
		odd[n++] = text[i];
	}
	n += (size_t)sprintf(odd + n, "%s", code ? " /* M\xfcller */" : "");
	snprintf(path, sizeof(path), "in/%s/%s", id, file);
	lay_bytes(own(path), odd, n);
	free(odd);
	free(text);
}

/* Demands full marks for exercise ID. */
static void expect_full(const char *id)
{
	struct graded graded = grade(id, own("in"), "json");
	char *all = json_dumps(graded_exercise(&graded), JSON_INDENT(1));
	ck_assert_msg(verdict_number(graded_exercise(&graded), "score") == 100,
		      "%.2000s", all);
	ck_assert_int_eq(graded.status, 0);
	free(all);
	graded_release(&graded);
}

START_TEST(bom_carriage_returns_latin1_and_no_last_newline_cost_nothing)
{
	ck_assert_int_eq(make_folders(own("in/12_global")), 0);
	ck_assert_int_eq(make_folders(own("in/06_never")), 0);
	rewrite("12_global", "day.c", true);
	rewrite("12_global", "test_day.c", true);
	rewrite("06_never", "table.txt", false);
	expect_full("12_global");
	expect_full("06_never");
}
END_TEST

TEST_PROGRAM("submission",
	     the_hand_in_files_are_copied_and_nothing_else,
	     a_missing_file_is_said_to_be,
	     a_missing_folder_is_told_once,
	     a_name_with_other_capital_letters_is_mentioned,
	     code_is_graded_when_its_tests_alone_are_missing,
	     a_link_is_refused_wherever_it_points,
	     the_folder_of_an_exercise_may_be_no_link_to_our_solution,
	     the_folder_that_was_typed_may_be_a_link,
	     a_file_in_the_place_of_the_folder_is_refused,
	     a_folder_in_the_place_of_a_file_is_refused,
	     a_fifo_is_refused_and_nobody_waits_for_it,
	     one_mebibyte_is_taken_and_a_byte_more_is_not,
	     a_nul_byte_is_told_with_its_line,
	     utf16_is_told_by_its_mark_or_by_its_every_second_byte,
	     every_file_that_is_refused_is_told,
	     code_that_nobody_hands_in_is_ours,
	     an_empty_file_is_taken_and_lacks_its_functions,
	     bom_carriage_returns_latin1_and_no_last_newline_cost_nothing)
