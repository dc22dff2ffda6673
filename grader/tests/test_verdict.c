/* test_verdict.c - how checks become points, points a verdict, and a verdict an
 * exit status. */
#include "suite.h"
#include "verdict/verdict.h"
#include "ledger/ledger.h"
#include "screen/screen.h"

/* A new exercise with one check of SCORE out of MAX. */
static json_t *with_check(const char *status, long score, long max)
{
	json_t *exercise = verdict_exercise("12_global");
	ck_assert_ptr_nonnull(exercise);
	verdict_check(exercise, "behaves", "one", status, score, max, NULL,
		      "a sentence");
	return exercise;
}

/* The whole verdict over N closed exercises, which it takes over. */
static json_t *whole_of(json_t *const exercises[], size_t n)
{
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++) {
		verdict_close_exercise(exercises[i]);
		json_array_append_new(list, exercises[i]);
	}
	json_t *whole = verdict_whole(list, "none", 1);
	ck_assert_ptr_nonnull(whole);
	return whole;
}

START_TEST(a_new_exercise_is_judged_and_has_earned_nothing)
{
	json_t *exercise = verdict_exercise("12_global");
	ck_assert_str_eq(verdict_text(exercise, "id"), "12_global");
	ck_assert_str_eq(verdict_text(exercise, "outcome"), "judged");
	ck_assert_str_eq(verdict_text(exercise, "status"), "fail");
	ck_assert_int_eq(verdict_number(exercise, "score"), 0);
	ck_assert_int_eq(verdict_number(exercise, "max_score"), 100);
	ck_assert(json_is_array(json_object_get(exercise, "unwatched")));
	ck_assert(json_is_array(json_object_get(exercise, "checks")));
	json_decref(exercise);
}
END_TEST

START_TEST(a_check_says_all_that_it_was_given)
{
	json_t *exercise = verdict_exercise("12_global");
	json_t *check = verdict_check(exercise, "survives", "one_day", "fail",
				      3, 4, "CONTRACT 5", "it leaks");
	ck_assert_str_eq(verdict_text(check, "group"), "survives");
	ck_assert_str_eq(verdict_text(check, "name"), "one_day");
	ck_assert_str_eq(verdict_text(check, "status"), "fail");
	ck_assert_str_eq(verdict_text(check, "clause"), "CONTRACT 5");
	ck_assert_str_eq(verdict_text(check, "message"), "it leaks");
	ck_assert_int_eq(verdict_number(check, "score"), 3);
	ck_assert_int_eq(verdict_number(check, "max_score"), 4);
	check = verdict_check(exercise, "proves", "two", "pass", 1, 1, NULL,
			      "");
	ck_assert_ptr_null(json_object_get(check, "clause"));
	ck_assert_uint_eq(json_array_size(json_object_get(exercise, "checks")),
			  2);
	json_decref(exercise);
}
END_TEST

START_TEST(an_exercise_sums_its_checks)
{
	json_t *exercise = with_check("pass", 25, 25);
	verdict_check(exercise, "survives", "two", "fail", 20, 35, NULL, "");
	verdict_check(exercise, "proves", "three", "fail", 0, 40, NULL, "");
	verdict_close_exercise(exercise);
	ck_assert_int_eq(verdict_number(exercise, "score"), 45);
	ck_assert_int_eq(verdict_number(exercise, "max_score"), 100);
	ck_assert_str_eq(verdict_text(exercise, "status"), "fail");
	json_decref(exercise);
}
END_TEST

START_TEST(an_exercise_passes_with_all_its_points_only)
{
	json_t *exercise = with_check("pass", 100, 100);
	verdict_close_exercise(exercise);
	ck_assert_str_eq(verdict_text(exercise, "status"), "pass");
	json_decref(exercise);
	exercise = with_check("pass", 99, 100);
	verdict_close_exercise(exercise);
	ck_assert_str_eq(verdict_text(exercise, "status"), "fail");
	json_decref(exercise);
	exercise = with_check("pass", 60, 60);
	verdict_close_exercise(exercise);
	ck_assert_str_eq(verdict_text(exercise, "status"), "fail");
	json_decref(exercise);
}
END_TEST

START_TEST(a_failed_check_that_costs_nothing_fails_all_the_same)
{
	json_t *exercise = with_check("pass", 100, 100);
	verdict_check(exercise, "behaves", "more", "fail", 0, 0, NULL, "");
	verdict_close_exercise(exercise);
	ck_assert_int_eq(verdict_number(exercise, "score"), 100);
	ck_assert_str_eq(verdict_text(exercise, "status"), "fail");
	json_decref(exercise);
}
END_TEST

START_TEST(a_skipped_check_does_not_fail)
{
	json_t *exercise = with_check("pass", 100, 100);
	verdict_check(exercise, "proves", "more", "skip", 0, 0, NULL, "");
	verdict_close_exercise(exercise);
	ck_assert_str_eq(verdict_text(exercise, "status"), "pass");
	json_decref(exercise);
}
END_TEST

START_TEST(an_exercise_without_checks_has_not_passed)
{
	json_t *exercise = verdict_exercise("12_global");
	verdict_close_exercise(exercise);
	ck_assert_str_eq(verdict_text(exercise, "status"), "fail");
	ck_assert_int_eq(verdict_number(exercise, "score"), 0);
	json_decref(exercise);
}
END_TEST

START_TEST(the_first_outcome_stays)
{
	json_t *exercise = verdict_exercise("12_global");
	verdict_outcome(exercise, OUTCOME_JUDGED);
	ck_assert_str_eq(verdict_text(exercise, "outcome"), "judged");
	verdict_outcome(exercise, OUTCOME_CRASH);
	verdict_outcome(exercise, OUTCOME_TIMEOUT);
	ck_assert_str_eq(verdict_text(exercise, "outcome"), "crash");
	verdict_outcome(exercise, OUTCOME_JUDGED);
	ck_assert_str_eq(verdict_text(exercise, "outcome"), "crash");
	json_decref(exercise);
}
END_TEST

START_TEST(a_grader_fault_is_an_error_and_never_points)
{
	json_t *exercise = with_check("pass", 100, 100);
	verdict_outcome(exercise, OUTCOME_CRASH);
	verdict_outcome(exercise, OUTCOME_GRADER_FAULT);
	verdict_close_exercise(exercise);
	ck_assert_str_eq(verdict_text(exercise, "outcome"), "grader_fault");
	ck_assert_str_eq(verdict_text(exercise, "status"), "error");
	ck_assert_int_eq(verdict_number(exercise, "score"), 0);
	verdict_outcome(exercise, OUTCOME_TIMEOUT);
	ck_assert_str_eq(verdict_text(exercise, "outcome"), "grader_fault");
	json_decref(exercise);
}
END_TEST

START_TEST(every_outcome_has_the_word_of_the_contract)
{
	static const char *const words[OUTCOME_COUNT] = {
		"judged", "compile_error", "missing", "rejected", "timeout",
		"crash", "output_limit", "memory_limit", "grader_fault",
	};
	for (int i = 0; i < OUTCOME_COUNT; i++)
		ck_assert_str_eq(outcome_name((enum outcome)i), words[i]);
}
END_TEST

START_TEST(the_whole_is_rounded_down)
{
	json_t *three[] = { with_check("pass", 100, 100),
			    with_check("fail", 100, 100),
			    with_check("fail", 99, 100) };
	json_t *whole = whole_of(three, 3);
	ck_assert_int_eq(verdict_number(whole, "score"), 99);
	ck_assert_int_eq(verdict_number(whole, "max_score"), 100);
	json_decref(whole);
	json_t *two[] = { with_check("fail", 33, 100),
			  with_check("fail", 0, 100) };
	whole = whole_of(two, 2);
	ck_assert_int_eq(verdict_number(whole, "score"), 16);
	json_decref(whole);
}
END_TEST

START_TEST(the_whole_says_what_it_is)
{
	json_t *one[] = { with_check("pass", 100, 100) };
	json_t *whole = whole_of(one, 1);
	ck_assert_str_eq(verdict_text(whole, "schema"), "brakes/verdict/v1");
	ck_assert_str_ne(verdict_text(whole, "brakes"), "");
	ck_assert_str_eq(verdict_text(whole, "sandbox"), "none");
	ck_assert_int_eq(verdict_number(whole, "seed"), 1);
	ck_assert_uint_eq(json_array_size(json_object_get(whole, "exercises")),
			  1);
	json_decref(whole);
}
END_TEST

/* The exit status of a verdict over two exercises with these outcomes. */
static int status_of(enum outcome first, long points, enum outcome second)
{
	json_t *two[] = { with_check(points == 100 ? "pass" : "fail", points,
				     100),
			  with_check("pass", 100, 100) };
	verdict_outcome(two[0], first);
	verdict_outcome(two[1], second);
	json_t *whole = whole_of(two, 2);
	int status = verdict_exit_status(whole);
	json_decref(whole);
	return status;
}

START_TEST(full_marks_exit_with_0_and_anything_to_fix_with_1)
{
	ck_assert_int_eq(status_of(OUTCOME_JUDGED, 100, OUTCOME_JUDGED), 0);
	ck_assert_int_eq(status_of(OUTCOME_JUDGED, 99, OUTCOME_JUDGED), 1);
	ck_assert_int_eq(status_of(OUTCOME_CRASH, 0, OUTCOME_JUDGED), 1);
}
END_TEST

START_TEST(an_error_anywhere_exits_with_3)
{
	ck_assert_int_eq(status_of(OUTCOME_JUDGED, 100, OUTCOME_GRADER_FAULT),
			 3);
	ck_assert_int_eq(status_of(OUTCOME_GRADER_FAULT, 100, OUTCOME_JUDGED),
			 3);
	ck_assert_int_eq(status_of(OUTCOME_JUDGED, 0, OUTCOME_GRADER_FAULT), 3);
	json_t *strange = json_object();
	ck_assert_int_eq(verdict_exit_status(strange), 3);
	json_decref(strange);
}
END_TEST

START_TEST(a_verdict_over_nothing_is_no_pass)
{
	json_t *whole = whole_of(NULL, 0);
	ck_assert_int_eq(verdict_number(whole, "score"), 0);
	ck_assert_int_ne(verdict_exit_status(whole), 0);
	json_decref(whole);
}
END_TEST

START_TEST(a_member_that_is_not_there_is_empty_or_0)
{
	json_t *object = json_pack("{s:i, s:s}", "number", 5, "text", "t");
	ck_assert_str_eq(verdict_text(object, "none"), "");
	ck_assert_str_eq(verdict_text(object, "number"), "");
	ck_assert_int_eq(verdict_number(object, "text"), 0);
	ck_assert_int_eq(verdict_number(object, "none"), 0);
	ck_assert_int_eq(verdict_number(NULL, "none"), 0);
	json_decref(object);
}
END_TEST

START_TEST(bytes_that_are_no_utf_8_are_shown_as_numbers)
{
	json_t *exercise = with_check("pass", 100, 100);
	json_t *check = verdict_check(exercise, "behaves", "b\xffk", "fail", 0,
				      0, NULL, "a \xc3 is \xc3\xa4 cut");
	ck_assert_str_eq(verdict_text(check, "name"), "b\\xffk");
	ck_assert_str_eq(verdict_text(check, "message"),
			 "a \\xc3 is \xc3\xa4 cut");
	json_decref(exercise);
	json_t *text = verdict_string("\xc3\xa4 and \\xFF");
	ck_assert_str_eq(json_string_value(text), "\xc3\xa4 and \\xFF");
	json_decref(text);
}
END_TEST

START_TEST(a_sentence_is_one_harmless_line_and_not_endless)
{
	char endless[5000];
	json_t *exercise = with_check("pass", 100, 100);
	json_t *check = verdict_check(exercise, "behaves", "a\nb", "fail", 0,
				      0, NULL, "\033[2J\nscore\t100");
	ck_assert_str_eq(verdict_text(check, "name"), "a b");
	ck_assert_str_eq(verdict_text(check, "message"),
			 "\\x1b[2J score 100");
	memset(endless, 'x', sizeof(endless) - 1);
	endless[sizeof(endless) - 1] = '\0';
	check = verdict_check(exercise, "behaves", "c", "fail", 0, 0, NULL,
			      endless);
	ck_assert_uint_eq(strlen(verdict_text(check, "message")), 2000);
	json_decref(exercise);
	json_t *block = verdict_excerpt("one\n\ttwo three", 12);
	ck_assert_str_eq(json_string_value(block), "one\n\ttwo ...");
	json_decref(block);
}
END_TEST

START_TEST(every_outcome_but_judged_says_something_to_both)
{
	for (int i = 0; i < OUTCOME_COUNT; i++) {
		json_t *exercise = verdict_exercise("12_global");
		verdict_outcome(exercise, (enum outcome)i);
		const json_t *says = json_object_get(exercise, "says");
		const char *learner = verdict_text(says, "learner");
		const char *teacher = verdict_text(says, "teacher");
		ck_assert((says != NULL) == (i != OUTCOME_JUDGED));
		ck_assert((strlen(learner) > 20) == (says != NULL));
		ck_assert((strlen(teacher) > 20) == (says != NULL));
		ck_assert(!says || strcmp(learner, teacher) != 0);
		json_decref(exercise);
	}
}
END_TEST

START_TEST(what_is_said_belongs_to_the_outcome_that_stays)
{
	json_t *crash = verdict_exercise("12_global");
	json_t *both = verdict_exercise("12_global");
	verdict_outcome(crash, OUTCOME_CRASH);
	verdict_outcome(both, OUTCOME_CRASH);
	verdict_outcome(both, OUTCOME_TIMEOUT);
	ck_assert(json_equal(crash, both));
	verdict_outcome(both, OUTCOME_GRADER_FAULT);
	ck_assert(!json_equal(json_object_get(crash, "says"),
			      json_object_get(both, "says")));
	json_decref(crash);
	json_decref(both);
}
END_TEST

START_TEST(what_is_said_of_a_crash_covers_recursion_and_abort)
{
	json_t *exercise = verdict_exercise("12_global");
	verdict_outcome(exercise, OUTCOME_CRASH);
	const char *says = verdict_text(json_object_get(exercise, "says"),
					"learner");
	ck_assert_ptr_nonnull(strstr(says, "NULL"));
	ck_assert_ptr_nonnull(strstr(says, "calls itself"));
	ck_assert_ptr_nonnull(strstr(says, "abort"));
	json_decref(exercise);
}
END_TEST

/* --- the schema ------------------------------------------------------------- */

/* The list KEY of the property NAME of OBJECT, of "$defs" in the schema. */
static const json_t *listed(const json_t *schema, const char *object,
			    const char *name, const char *key)
{
	const json_t *defs = json_object_get(schema, "$defs");
	const json_t *properties = json_object_get(
		json_object_get(defs, object), "properties");
	const json_t *list = json_object_get(
		json_object_get(properties, name), key);
	ck_assert_msg(json_is_array(list), "%s.%s has no %s", object, name, key);
	return list;
}

static void expect_listed(const json_t *list, const char *word)
{
	size_t i;
	json_t *one;
	json_array_foreach(list, i, one)
		if (strcmp(json_string_value(one), word) == 0)
			return;
	ck_abort_msg("the schema does not list %s", word);
}

START_TEST(the_schema_lists_each_outcome_and_each_kind)
{
	json_t *schema = json_load_file("grader/verdict/verdict.schema.json",
					JSON_REJECT_DUPLICATES, NULL);
	ck_assert_ptr_nonnull(schema);
	const json_t *list = listed(schema, "exercise", "outcome", "enum");
	for (int i = 0; i < OUTCOME_COUNT; i++)
		expect_listed(list, outcome_name((enum outcome)i));
	ck_assert_uint_eq(json_array_size(list), OUTCOME_COUNT);
	list = listed(schema, "entry", "kind", "examples");
	for (int i = KIND_NONE + 1; i < KIND_COUNT; i++)
		expect_listed(list, kinds[i].name);
	ck_assert_uint_eq(json_array_size(list), KIND_COUNT - 1);
	list = listed(schema, "evidence", "kind", "examples");
	for (int i = 0; i < SCREEN_KINDS; i++)
		expect_listed(list, screen_word((enum screen_kind)i));
	ck_assert_uint_eq(json_array_size(list), SCREEN_KINDS);
	json_decref(schema);
}
END_TEST

TEST_PROGRAM("verdict",
	     a_new_exercise_is_judged_and_has_earned_nothing,
	     a_check_says_all_that_it_was_given,
	     an_exercise_sums_its_checks,
	     an_exercise_passes_with_all_its_points_only,
	     a_failed_check_that_costs_nothing_fails_all_the_same,
	     a_skipped_check_does_not_fail,
	     an_exercise_without_checks_has_not_passed,
	     the_first_outcome_stays,
	     a_grader_fault_is_an_error_and_never_points,
	     every_outcome_has_the_word_of_the_contract,
	     the_whole_is_rounded_down,
	     the_whole_says_what_it_is,
	     full_marks_exit_with_0_and_anything_to_fix_with_1,
	     an_error_anywhere_exits_with_3,
	     a_verdict_over_nothing_is_no_pass,
	     bytes_that_are_no_utf_8_are_shown_as_numbers,
	     a_sentence_is_one_harmless_line_and_not_endless,
	     every_outcome_but_judged_says_something_to_both,
	     what_is_said_belongs_to_the_outcome_that_stays,
	     what_is_said_of_a_crash_covers_recursion_and_abort,
	     the_schema_lists_each_outcome_and_each_kind,
	     a_member_that_is_not_there_is_empty_or_0)
