/* test_check_verdicts.c - what the selfcheck says of a verdict that is not the one
 * that is expected. */
#include "suite.h"
#include "selfcheck/parts.h"
#include "grading/score_tests.h"
#include "verdict/verdict.h"

/* Checks the broken versions of 00_start, whose solution got VERDICT: what was
 * printed. */
static const char *said_of_broken(json_t *verdict)
{
	static char said[8192];
	struct catalog catalog;
	char *why = NULL;
	ck_assert_int_eq(catalog_read(workbook(), &catalog, &why), 0);
	struct submission solution = { .sort = SORT_SOLUTION,
				       .verdict = verdict, .place = "here:1" };
	struct gate gate = { .root = workbook(), .submissions = &solution,
			     .n = 1, .exercise = catalog_find(&catalog, "00") };
	ck_assert_ptr_nonnull(gate.exercise);
	ck_assert_ptr_nonnull(freopen(own("said"), "w+", stdout));
	selfcheck_check_broken(&gate);
	rewind(stdout);
	said[fread(said, 1, sizeof(said) - 1, stdout)] = '\0';
	catalog_release(&catalog);
	return said;
}

START_TEST(a_broken_version_that_our_tests_miss_is_named)
{
	json_t *verdict = verdict_exercise("00_start");
	verdict_check(verdict, "proves", "caught", "fail", 0, 0, NULL,
		      MISSED_BROKEN "it forgets the lamp");
	json_object_set_new(verdict, "proves", json_pack(
		"{s:i, s:i}", "broken", 2, "caught", 1));
	const char *said = said_of_broken(verdict);
	ck_assert_ptr_nonnull(strstr(said, "here:1: 2 broken versions caught "
				     "expected, 1 came: "));
	ck_assert_ptr_nonnull(strstr(said, "it forgets the lamp"));
	json_decref(verdict);
}
END_TEST

TEST_PROGRAM("check_verdicts",
	     a_broken_version_that_our_tests_miss_is_named)
