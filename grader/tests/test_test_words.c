/* test_test_words.c - what a test has to say, in words for the learner. */
#include <errno.h>
#include "suite.h"
#include "grading/test_words.h"

static char words[1024];

static const char *translated(const char *text)
{
	test_words_translate(text, words, sizeof(words));
	return words;
}

START_TEST(a_comparison_is_told_as_what_was_expected_and_what_came)
{
	ck_assert_str_eq(translated("Assertion 'rc == -5' failed: rc == 0, -5 == -5"),
			 "rc: expected -5 (EIO), got 0");
	ck_assert_str_eq(translated("Assertion 'rc < 0' failed: rc == 0, 0 == 0"),
			 "rc: expected < 0, got 0");
	ck_assert_str_eq(translated("Assertion 'still_open() == 0' failed: "
				    "still_open() == 2, 0 == 0"),
			 "still_open(): expected 0, got 2");
}
END_TEST

START_TEST(a_number_that_was_written_down_is_what_was_expected)
{
	ck_assert_str_eq(translated("Assertion '-12 == rc' failed: -12 == -12, "
				    "rc == -5"),
			 "rc: expected -12 (ENOMEM), got -5 (EIO)");
	ck_assert_str_eq(translated("Assertion '0 < n' failed: 0 == 0, n == -1"),
			 "n: expected > 0, got -1");
}
END_TEST

START_TEST(an_operator_inside_of_an_operand_is_none)
{
	ck_assert_str_eq(translated("Assertion 'f(a == b) == g(1, 2)' failed: "
				    "f(a == b) == 3, g(1, 2) == 4"),
			 "f(a == b): expected 4, got 3");
}
END_TEST

START_TEST(errno_has_its_name_and_a_count_has_none)
{
	ck_assert_str_eq(translated("Assertion 'errno == 28' failed: errno == 5, "
				    "28 == 28"),
			 "errno: expected 28 (ENOSPC), got 5 (EIO)");
	ck_assert_str_eq(translated("Assertion 'lines == 28' failed: lines == -1, "
				    "28 == 28"),
			 "lines: expected 28, got -1");
}
END_TEST

START_TEST(newlines_are_shown)
{
	ck_assert_str_eq(translated("Assertion 'held == \"a\\n\"' failed: "
				    "held == \"b\n\", \"a\\n\" == \"a\n\""),
			 "held: expected \"a\\n\", got \"b\\n\"");
	ck_assert_str_eq(translated("the list holds\nnothing\n"),
			 "the list holds\\nnothing");
}
END_TEST

START_TEST(what_is_no_comparison_stays)
{
	ck_assert_str_eq(translated("Assertion 'rc' failed"), "Assertion 'rc' failed");
	ck_assert_str_eq(translated("Assertion 'a == b' failed: call 3"),
			 "Assertion 'a == b' failed: call 3");
	ck_assert_str_eq(translated(""), "");
}
END_TEST

static const char *account_of(struct account account)
{
	test_words_of(&account, words, sizeof(words));
	return words;
}

START_TEST(the_round_and_the_fault_are_told)
{
	ck_assert_str_eq(account_of((struct account){
		.text = "Assertion 'rc == -5' failed: rc == 0, -5 == -5",
		.plan = { .mode = FAULT_ONCE, .point = 10, .err = EIO },
		.state = PLAN_IDLE,
	}), "rc: expected -5 (EIO), got 0, after fail_call(10, EIO), which made no "
	    "call fail");
	ck_assert_str_eq(account_of((struct account){
		.text = "no", .round = "4",
		.plan = { .mode = FAULT_ON, .point = 2, .err = ENOSPC },
		.state = PLAN_STRUCK, .struck = "fclose", .within = "note_save",
	}), "no, in round _i = 4, after fail_calls_from(2, ENOSPC), which made fclose "
	    "in note_save fail");
}
END_TEST

START_TEST(a_fault_that_was_still_armed_is_told_with_the_cure)
{
	const char *told = account_of((struct account){
		.text = "no", .plan = { .mode = FAULT_ONCE, .point = 3, .err = ENOMEM },
		.state = PLAN_LATE, .struck = "fclose", .within = "journal_close",
	});
	ck_assert_ptr_nonnull(strstr(told, "still armed"));
	ck_assert_ptr_nonnull(strstr(told, "fclose in journal_close"));
	ck_assert_ptr_nonnull(strstr(told, "fail_call(0, 0)"));
}
END_TEST

TEST_PROGRAM("test words",
	     a_comparison_is_told_as_what_was_expected_and_what_came,
	     a_number_that_was_written_down_is_what_was_expected,
	     an_operator_inside_of_an_operand_is_none,
	     errno_has_its_name_and_a_count_has_none,
	     newlines_are_shown,
	     what_is_no_comparison_stays,
	     the_round_and_the_fault_are_told,
	     a_fault_that_was_still_armed_is_told_with_the_cure)
