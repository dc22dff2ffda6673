/* test_patch.c - the words above a patch are read, and a patch fits or is told
 * not to. */
#include <errno.h>
#include "suite.h"
#include "build/patch.h"

static const char diff[] =
	"--- a/day.c\n"
	"+++ b/day.c\n"
	"@@ -1,3 +1,2 @@\n"
	" one\n"
	"-two\n"
	" three\n";

/* Writes a patch of HEADER and the diff; returns its path. */
static const char *patch_with(const char *header)
{
	char text[4096];
	snprintf(text, sizeof(text), "%s%s", header, diff);
	return own_file("fault.patch", text);
}

/* Demands that the patch of HEADER is refused; REASON is among the words, and
 * the file with LINE when it is not 0. */
static void expect_refused(const char *path, int line, const char *reason)
{
	struct patch patch;
	char *why = NULL, place[PATH_MAX + 16];
	ck_assert_int_lt(patch_read(path, &patch, &why), 0);
	ck_assert_ptr_nonnull(why);
	ck_assert_msg(strstr(why, reason) != NULL, "%s", why);
	snprintf(place, sizeof(place), line ? "%s:%d: " : "%s", path, line);
	ck_assert_msg(strncmp(why, place, strlen(place)) == 0, "%s", why);
	free(why);
}

START_TEST(the_header_is_read_key_by_key)
{
	struct patch patch;
	char *why = NULL;
	const char *path = patch_with("Clause: CONTRACT 1\n"
				      "Says: the book stays open: always\n"
				      "Diagnosis: never closed\n"
				      "Score: 40\n");
	ck_assert_int_eq(patch_read(path, &patch, &why), 0);
	ck_assert_ptr_null(why);
	ck_assert_str_eq(patch.clause, "CONTRACT 1");
	ck_assert_str_eq(patch.says, "the book stays open: always");
	ck_assert_str_eq(patch.diagnosis, "never closed");
	ck_assert_str_eq(patch.score, "40");
}
END_TEST

START_TEST(what_the_header_does_not_say_is_empty)
{
	struct patch patch;
	char *why = NULL;
	const char *path = patch_with("\nSays: x\n\ndiff -u a/day.c b/day.c\n");
	memset(&patch, 'x', sizeof(patch));
	ck_assert_int_eq(patch_read(path, &patch, &why), 0);
	ck_assert_str_eq(patch.says, "x");
	ck_assert_str_eq(patch.clause, "");
	ck_assert_str_eq(patch.diagnosis, "");
	ck_assert_str_eq(patch.score, "");
}
END_TEST

START_TEST(a_script_has_its_header_in_its_first_comments)
{
	struct patch patch;
	char *why = NULL;
	const char *path = own_file("case.sh", "#!/bin/sh\n# Kind: 4, 12\n"
				    "# Outcome: missing, rejected\n"
				    "# Most: 0\nset -eu\n# Least: 1\n");
	ck_assert_int_eq(patch_read(path, &patch, &why), 0);
	ck_assert_ptr_null(why);
	ck_assert_str_eq(patch.kind, "4, 12");
	ck_assert_str_eq(patch.outcome, "missing, rejected");
	ck_assert_str_eq(patch.most, "0");
	ck_assert_str_eq(patch.least, "");
	expect_refused(own_file("case.sh", "#!/bin/sh\n# Kinds: 4\n:\n"), 2,
		       "a header line is");
	expect_refused(own_file("case.sh", "#!/bin/sh\n# Kind: 4\n"), 0,
		       "holds no command");
}
END_TEST

START_TEST(a_line_that_is_none_of_the_header_is_named)
{
	expect_refused(patch_with("Clause: CONTRACT 1\nSay: x\n"), 2,
		       "a header line is");
	expect_refused(patch_with("\n\nDiagnosis:never closed\n"), 3,
		       "a header line is");
	expect_refused(patch_with("clause: CONTRACT 1\n"), 1,
		       "a header line is");
}
END_TEST

START_TEST(a_header_line_that_is_too_long_is_named)
{
	char header[2 * PATCH_WORDS] = "Score: 1\nSays: ";
	memset(header + 15, 'x', PATCH_WORDS);
	strcpy(header + 15 + PATCH_WORDS, "\n");
	expect_refused(patch_with(header), 2, "");
}
END_TEST

START_TEST(a_patch_without_a_diff_is_refused)
{
	expect_refused(own_file("none.patch", "Clause: CONTRACT 1\n"), 0,
		       "holds no diff");
	expect_refused(own_file("none.patch", ""), 0, "holds no diff");
}
END_TEST

START_TEST(a_patch_that_is_not_there_is_named)
{
	expect_refused(own("none.patch"), 0, "No such file");
}
END_TEST

/* Demands that the file day.c of this test holds TEXT. */
static void expect_day(const char *text)
{
	char *got;
	size_t size;
	ck_assert_int_eq(read_file(own("day.c"), 100, &got, &size), 0);
	ck_assert_str_eq(got, text);
	free(got);
}

START_TEST(a_patch_that_fits_is_applied)
{
	char *why = NULL;
	const char *path = patch_with("Clause: CONTRACT 1\n");
	own_file("day.c", "one\ntwo\nthree\n");
	ck_assert_int_eq(patch_apply(path, own_folder, &why), 0);
	ck_assert_ptr_null(why);
	expect_day("one\nthree\n");
	ck_assert_int_ne(access(own("day.c.orig"), F_OK), 0);
}
END_TEST

START_TEST(a_patch_that_does_not_fit_is_named_with_what_patch_said)
{
	static const char *const misfits[] = {
		"one\n2\nthree\n", "one\nthree\n", "One\ntwo\nthree\n", "",
	};
	for (size_t i = 0; i < sizeof(misfits) / sizeof(*misfits); i++) {
		char *why = NULL;
		const char *path = patch_with("Clause: CONTRACT 1\n");
		own_file("day.c", misfits[i]);
		ck_assert_int_eq(patch_apply(path, own_folder, &why), -EINVAL);
		ck_assert_ptr_nonnull(why);
		ck_assert_msg(strstr(why, "fault.patch does not fit") != NULL,
			      "%s", why);
		ck_assert_msg(strstr(why, "FAILED") != NULL, "%s", why);
		free(why);
	}
}
END_TEST

START_TEST(a_patch_that_was_applied_before_is_not_reversed)
{
	char *why = NULL;
	const char *path = patch_with("");
	own_file("day.c", "one\nthree\n");
	ck_assert_int_eq(patch_apply(path, own_folder, &why), -EINVAL);
	expect_day("one\nthree\n");
	free(why);
}
END_TEST

START_TEST(a_patch_for_a_file_that_is_not_there_is_refused)
{
	char *why = NULL;
	ck_assert_int_eq(patch_apply(patch_with(""), own_folder, &why),
			 -EINVAL);
	ck_assert_ptr_nonnull(why);
	free(why);
}
END_TEST

START_TEST(a_missing_patch_program_is_not_blamed_on_the_patch)
{
	char *why = NULL;
	const char *path = patch_with("");
	own_file("day.c", "one\ntwo\nthree\n");
	ck_assert_int_eq(setenv("PATH", own_folder, 1), 0);
	ck_assert_int_eq(patch_apply(path, own_folder, &why), -ENOENT);
	ck_assert_msg(!why || !strstr(why, "does not fit"), "%s", why);
	free(why);
}
END_TEST

TEST_PROGRAM("patch",
	     the_header_is_read_key_by_key,
	     what_the_header_does_not_say_is_empty,
	     a_script_has_its_header_in_its_first_comments,
	     a_line_that_is_none_of_the_header_is_named,
	     a_header_line_that_is_too_long_is_named,
	     a_patch_without_a_diff_is_refused,
	     a_patch_that_is_not_there_is_named,
	     a_patch_that_fits_is_applied,
	     a_patch_that_does_not_fit_is_named_with_what_patch_said,
	     a_patch_that_was_applied_before_is_not_reversed,
	     a_patch_for_a_file_that_is_not_there_is_refused,
	     a_missing_patch_program_is_not_blamed_on_the_patch)
