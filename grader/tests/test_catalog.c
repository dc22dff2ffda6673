/* test_catalog.c - exercises are found by their folders, and a description that
 * is wrong is told with its file and the reason. */
#include <errno.h>
#include "base/path.h"
#include "suite.h"
#include "catalog/catalog.h"

static const char good[] =
	"{ \"title\": \"A title\", \"minutes\": 30,\n"
	"  \"points\": { \"behaves\": 25, \"survives\": 35, \"proves\": 40 },\n"
	"  \"first_step\": \"Do this first.\",\n"
	"  \"hand_in\": [\"day.c\", \"test_day.c\"],\n"
	"  \"subject\": [\"day.c\"], \"given\": [\"day.h\"],\n"
	"  \"exports\": [\"day_run\", \"day_end\"] }\n";

/* Adds the exercise ID with TEXT as its description. */
static void add_exercise(const char *id, const char *text)
{
	char name[256];
	snprintf(name, sizeof(name), "grader/exercises/%s", id);
	ck_assert_int_eq(make_folders(own(name)), 0);
	snprintf(name, sizeof(name), "grader/exercises/%s/exercise.json", id);
	own_file(name, text);
}

/* Reads the catalog of this test, which must be good. */
static struct catalog read_good(void)
{
	struct catalog catalog = { 0 };
	char *why = NULL;
	int rc = catalog_read(own_folder, &catalog, &why);
	ck_assert_msg(rc == 0, "%s", why);
	ck_assert_ptr_null(why);
	return catalog;
}

/* Demands that TEXT is refused, with REASON among the words. */
static void expect_refused(const char *text, const char *reason)
{
	struct catalog catalog = { .n = 4711 };
	char *why = NULL;
	add_exercise("12_global", text);
	ck_assert_msg(catalog_read(own_folder, &catalog, &why) < 0, "%s", text);
	ck_assert_uint_eq(catalog.n, 4711);
	ck_assert_msg(why != NULL, "no reason for %s", text);
	ck_assert_msg(strstr(why, "grader/exercises/12_global/exercise.json"),
		      "no file in: %s", why);
	ck_assert_msg(strstr(why, reason) != NULL, "\"%s\" for %s", why, text);
	free(why);
}

/* The good description with the one place FROM replaced by TO. */
static const char *with(const char *from, const char *to)
{
	static char text[sizeof(good) + 2048];
	const char *at = strstr(good, from);
	ck_assert_ptr_nonnull(at);
	snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - good), good, to,
		 at + strlen(from));
	return text;
}

START_TEST(a_good_description_is_read_whole)
{
	add_exercise("12_global", good);
	struct catalog catalog = read_good();
	ck_assert_uint_eq(catalog.n, 1);
	const struct exercise *e = &catalog.exercises[0];
	ck_assert_str_eq(e->id, "12_global");
	ck_assert_str_eq(e->title, "A title");
	ck_assert_str_eq(e->first_step, "Do this first.");
	ck_assert_int_eq(e->minutes, 30);
	ck_assert_int_eq(e->behaves, 25);
	ck_assert_int_eq(e->survives, 35);
	ck_assert_int_eq(e->proves, 40);
	ck_assert_uint_eq(e->hand_in.n, 2);
	ck_assert_str_eq(e->subject.name[0], "day.c");
	ck_assert_str_eq(e->given.name[0], "day.h");
	ck_assert_str_eq(e->exports.name[1], "day_end");
	ck_assert_uint_eq(e->support.n + e->wrap.n + e->libraries.n, 0);
	ck_assert_str_eq(e->tests, "test_day.c");
	catalog_release(&catalog);
	ck_assert_uint_eq(catalog.n, 0);
}
END_TEST

START_TEST(exercises_stand_in_the_order_of_their_ids)
{
	add_exercise("12_global", good);
	add_exercise("08_recorder", good);
	add_exercise("10_next", good);
	struct catalog catalog = read_good();
	ck_assert_uint_eq(catalog.n, 3);
	ck_assert_str_eq(catalog.exercises[0].id, "08_recorder");
	ck_assert_str_eq(catalog.exercises[1].id, "10_next");
	ck_assert_str_eq(catalog.exercises[2].id, "12_global");
	catalog_release(&catalog);
}
END_TEST

START_TEST(what_is_no_exercise_folder_is_passed_over)
{
	add_exercise("12_global", good);
	ck_assert_int_eq(make_folders(own("grader/exercises/notes")), 0);
	ck_assert_int_eq(make_folders(own("grader/exercises/1_short")), 0);
	ck_assert_int_eq(make_folders(own("grader/exercises/.12_old")), 0);
	struct catalog catalog = read_good();
	ck_assert_uint_eq(catalog.n, 1);
	catalog_release(&catalog);
}
END_TEST

START_TEST(no_exercises_are_an_empty_catalog)
{
	ck_assert_int_eq(make_folders(own("grader/exercises")), 0);
	struct catalog catalog = read_good();
	ck_assert_uint_eq(catalog.n, 0);
	ck_assert_ptr_null(catalog_find(&catalog, "12"));
	catalog_release(&catalog);
}
END_TEST

START_TEST(a_workbook_without_its_exercises_is_told_with_the_folder)
{
	struct catalog catalog;
	char *why = NULL;
	ck_assert_int_eq(catalog_read(own_folder, &catalog, &why), -ENOENT);
	ck_assert_ptr_nonnull(why);
	ck_assert_msg(strstr(why, "grader/exercises") != NULL, "%s", why);
	free(why);
}
END_TEST

START_TEST(an_exercise_is_found_by_number_name_and_id)
{
	static const char *const words[] = { "8", "08", "008", "recorder",
					     "08_recorder" };
	add_exercise("08_recorder", good);
	add_exercise("12_global", good);
	struct catalog catalog = read_good();
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		ck_assert_ptr_eq(catalog_find(&catalog, words[i]),
				 &catalog.exercises[0]);
	ck_assert_ptr_eq(catalog_find(&catalog, "12"), &catalog.exercises[1]);
	ck_assert_ptr_eq(catalog_find(&catalog, "global"),
			 &catalog.exercises[1]);
	catalog_release(&catalog);
}
END_TEST

START_TEST(a_word_that_names_no_exercise_finds_none)
{
	static const char *const words[] = { "", "9", "1", "8x", "-8",
					     "record", "Recorder", "8_recorder",
					     "99999999999999999999" };
	add_exercise("08_recorder", good);
	add_exercise("12_global", good);
	struct catalog catalog = read_good();
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		ck_assert_msg(!catalog_find(&catalog, words[i]), "%s",
			      words[i]);
	catalog_release(&catalog);
}
END_TEST

START_TEST(a_description_that_is_no_json_is_refused_with_its_line)
{
	expect_refused("{\n\n  \"title\": oops\n}\n", "line 3");
	expect_refused("", "line 1");
	expect_refused("[]", "object");
}
END_TEST

START_TEST(a_folder_without_a_description_is_told_in_plain_words)
{
	struct catalog catalog;
	char *why = NULL;
	ck_assert_int_eq(make_folders(own("grader/exercises/12_global")), 0);
	ck_assert_int_lt(catalog_read(own_folder, &catalog, &why), 0);
	ck_assert_ptr_nonnull(why);
	ck_assert_msg(strstr(why, "12_global/exercise.json") != NULL, "%s",
		      why);
	ck_assert_msg(!strstr(why, "line -1"), "%s", why);
	free(why);
}
END_TEST

START_TEST(a_fact_that_is_missing_or_of_another_kind_is_named)
{
	expect_refused(with("\"title\": \"A title\",", ""), "title");
	expect_refused(with("\"minutes\": 30,", ""), "minutes");
	expect_refused(with("\"first_step\": \"Do this first.\",", ""),
		       "first_step");
	expect_refused(with("\"points\": {", "\"pints\": {"), "points");
	expect_refused(with("\"A title\"", "7"), "Expected string");
	expect_refused(with("30", "\"thirty\""), "Expected integer");
	expect_refused(with("25", "25.5"), "Expected integer");
}
END_TEST

START_TEST(points_that_are_not_100_together_are_refused)
{
	static const char reason[] = "the points are not 100";
	expect_refused(with("25", "24"), reason);
	expect_refused(with("25", "26"), reason);
	expect_refused(with("\"behaves\": 25,", ""), reason);
	expect_refused(with("\"behaves\": 25, \"survives\": 35",
			    "\"behaves\": -5, \"survives\": 65"), reason);
}
END_TEST

START_TEST(points_that_wrap_to_100_are_refused)
{
	static const char reason[] = "the points are not 100";
	expect_refused(with("25", "4294967321"), reason);
	expect_refused(with("\"behaves\": 25, \"survives\": 35, \"proves\": 40",
			    "\"behaves\": 2147483647, \"survives\": 2147483647,"
			    " \"proves\": 102"), reason);
}
END_TEST

START_TEST(minutes_that_nobody_has_are_refused)
{
	static const char *const minutes[] = { "0", "-30", "1001",
					       "4294967326" };
	for (size_t i = 0; i < sizeof(minutes) / sizeof(*minutes); i++)
		expect_refused(with("30", minutes[i]),
			       "\"minutes\" is not from 1 to 1000");
}
END_TEST

START_TEST(a_driver_opens_what_it_says_within_reason)
{
	static const char *const opens[] = { "-1", "65", "4294967298" };
	add_exercise("12_global", with("\"given\"", "\"driver_opens\": 64, "
				       "\"given\""));
	struct catalog catalog = read_good();
	ck_assert_int_eq(catalog.exercises[0].driver_opens, DRIVER_OPENS_MAX);
	catalog_release(&catalog);
	for (size_t i = 0; i < sizeof(opens) / sizeof(*opens); i++) {
		char said[64];
		snprintf(said, sizeof(said), "\"driver_opens\": %s, \"given\"",
			 opens[i]);
		expect_refused(with("\"given\"", said),
			       "\"driver_opens\" is not from 0 to 64");
	}
}
END_TEST

START_TEST(what_is_said_twice_is_refused)
{
	expect_refused(with("\"given\"", "\"title\": \"B\", \"given\""),
		       "duplicate object key");
	expect_refused(with("[\"day.h\"]", "[\"day.h\", \"day.h\"]"),
		       "\"given\" names day.h twice");
}
END_TEST

START_TEST(a_group_without_points_may_be_left_out)
{
	add_exercise("12_global", with("\"behaves\": 25, \"survives\": 35",
				       "\"survives\": 60"));
	struct catalog catalog = read_good();
	ck_assert_int_eq(catalog.exercises[0].behaves, 0);
	ck_assert_int_eq(catalog.exercises[0].survives, 60);
	catalog_release(&catalog);
}
END_TEST

START_TEST(a_list_that_is_no_list_of_plain_names_is_refused)
{
	expect_refused(with("[\"day.h\"]", "\"day.h\""),
		       "\"given\" is not a list");
	static const char *const lists[] = { "[1]", "[\"\"]", "[\"../day.h\"]",
					     "[\"a/day.h\"]", "[\"..\"]" };
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		expect_refused(with("[\"day.h\"]", lists[i]),
			       "\"given\" holds");
}
END_TEST

START_TEST(a_list_that_is_too_long_is_refused)
{
	char list[256] = "[\"z\"";
	char *end = list + strlen(list);
	for (int i = 1; i < LIST_MAX; i++)
		end += sprintf(end, ", \"%c\"", 'a' + i);
	strcpy(end, "]");
	add_exercise("12_global", with("[\"day.h\"]", list));
	struct catalog catalog = read_good();
	ck_assert_uint_eq(catalog.exercises[0].given.n, LIST_MAX);
	catalog_release(&catalog);
	strcpy(end, ", \"y\"]");
	expect_refused(with("[\"day.h\"]", list), "\"given\" has more than");
}
END_TEST

START_TEST(an_exercise_with_nothing_to_hand_in_is_refused)
{
	expect_refused(with("[\"day.c\", \"test_day.c\"]", "[]"),
		       "\"hand_in\" names no file");
}
END_TEST

START_TEST(an_exercise_may_ask_for_no_tests)
{
	static const char points[] = "\"behaves\": 25, \"survives\": 35, "
				     "\"proves\": 40";
	expect_refused(with("\"day.c\", \"test_day.c\"", "\"day.c\""),
		       "points for tests");
	const char *text = with("\"day.c\", \"test_day.c\"", "\"day.c\"");
	char kept[sizeof(good) + 64];
	char *at = strstr(text, points);
	ck_assert_ptr_nonnull(at);
	snprintf(kept, sizeof(kept), "%.*s\"behaves\": 100%s",
		 (int)(at - text), text, at + strlen(points));
	add_exercise("12_global", kept);
	struct catalog catalog = read_good();
	ck_assert_ptr_null(catalog.exercises[0].tests);
	ck_assert(!catalog.exercises[0].code_given);
	catalog_release(&catalog);
}
END_TEST

START_TEST(an_exercise_may_give_the_code_and_ask_for_tests_alone)
{
	add_exercise("12_global", with("\"day.c\", \"test_day.c\"",
				       "\"test_day.c\""));
	struct catalog catalog = read_good();
	const struct exercise *e = &catalog.exercises[0];
	ck_assert(e->code_given);
	ck_assert_str_eq(exercise_replaced(e)->name[0], "day.c");
	catalog_release(&catalog);
}
END_TEST

START_TEST(an_exercise_may_ask_for_guesses_alone)
{
	add_exercise("12_global", "{ \"title\": \"T\", \"minutes\": 5, "
		     "\"points\": { \"behaves\": 100 }, \"first_step\": \"F\","
		     " \"hand_in\": [\"table.txt\"], \"subject\": [\"w.c\"] }");
	struct catalog catalog = read_good();
	const struct exercise *e = &catalog.exercises[0];
	ck_assert(e->code_given);
	ck_assert_str_eq(exercise_replaced(e)->name[0], "table.txt");
	catalog_release(&catalog);
}
END_TEST

START_TEST(code_that_is_handed_in_by_halves_is_refused)
{
	expect_refused(with("\"subject\": [\"day.c\"]",
			    "\"subject\": [\"day.c\", \"night.c\"]"),
		       "some files of \"subject\"");
}
END_TEST

START_TEST(support_may_be_given_where_the_code_is_not)
{
	add_exercise("12_global", with("\"given\"", "\"support\": [\"till.c\"],"
				       " \"given\""));
	struct catalog catalog = read_good();
	ck_assert(catalog.exercises[0].support_given);
	ck_assert(!catalog.exercises[0].code_given);
	catalog_release(&catalog);
	expect_refused(with("\"given\"", "\"support\": [\"day.c\", \"till.c\"],"
			    " \"given\""), "some files of \"support\"");
}
END_TEST

START_TEST(a_lesson_is_linked_with_what_it_says_or_with_the_exercise_s)
{
	add_exercise("12_global", with("\"given\"", "\"libraries\": [\"sqlite3\"],"
				       " \"given\""));
	struct catalog catalog = read_good();
	ck_assert_str_eq(catalog.exercises[0].lesson_libraries.name[0],
			 "sqlite3");
	catalog_release(&catalog);
	add_exercise("12_global", with("\"given\"", "\"libraries\": [\"sqlite3\"],"
		" \"lesson\": { \"libraries\": [\"gc\"] }, \"given\""));
	catalog = read_good();
	ck_assert_uint_eq(catalog.exercises[0].lesson_libraries.n, 1);
	ck_assert_str_eq(catalog.exercises[0].lesson_libraries.name[0], "gc");
	catalog_release(&catalog);
	expect_refused(with("\"given\"", "\"lesson\": { \"libraries\": \"gc\" },"
			    " \"given\""), "is not a list");
	expect_refused(with("\"given\"", "\"lesson\": [\"gc\"], \"given\""),
		       "\"lesson\" is not an object");
}
END_TEST

START_TEST(one_wrong_description_refuses_the_whole_catalog)
{
	add_exercise("08_recorder", good);
	add_exercise("13_last", good);
	expect_refused(with("40", "41"), "not 100");
}
END_TEST

START_TEST(the_workbook_is_found_from_the_place_of_the_program)
{
	char root[PATH_MAX], self[PATH_MAX], small[4];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	ck_assert_int_gt(n, 0);
	self[n] = '\0';
	ck_assert_int_eq(workbook_root(root, sizeof(root)), 0);
	ck_assert_int_eq(root[0], '/');
	ck_assert_int_eq(strncmp(self, root, strlen(root)), 0);
	const char *rest = self + strlen(root);
	int slashes = 0;
	for (const char *at = rest; *at; at++)
		slashes += *at == '/';
	ck_assert_int_eq(slashes, 2);
	ck_assert_int_eq(workbook_root(small, sizeof(small)), -ENAMETOOLONG);
}
END_TEST

START_TEST(a_path_that_does_not_fit_is_refused)
{
	char path[8];
	ck_assert_int_eq(path_join(path, sizeof(path), "%s/%s", "abc", "def"),
			 0);
	ck_assert_str_eq(path, "abc/def");
	ck_assert_int_eq(path_join(path, sizeof(path), "%s/%s", "abc", "defg"),
			 -ENAMETOOLONG);
}
END_TEST

TEST_PROGRAM("catalog",
	     a_good_description_is_read_whole,
	     exercises_stand_in_the_order_of_their_ids,
	     what_is_no_exercise_folder_is_passed_over,
	     no_exercises_are_an_empty_catalog,
	     a_workbook_without_its_exercises_is_told_with_the_folder,
	     an_exercise_is_found_by_number_name_and_id,
	     a_word_that_names_no_exercise_finds_none,
	     a_description_that_is_no_json_is_refused_with_its_line,
	     a_folder_without_a_description_is_told_in_plain_words,
	     a_fact_that_is_missing_or_of_another_kind_is_named,
	     points_that_are_not_100_together_are_refused,
	     points_that_wrap_to_100_are_refused,
	     minutes_that_nobody_has_are_refused,
	     a_driver_opens_what_it_says_within_reason,
	     what_is_said_twice_is_refused,
	     a_group_without_points_may_be_left_out,
	     a_list_that_is_no_list_of_plain_names_is_refused,
	     a_list_that_is_too_long_is_refused,
	     an_exercise_with_nothing_to_hand_in_is_refused,
	     an_exercise_may_ask_for_no_tests,
	     an_exercise_may_give_the_code_and_ask_for_tests_alone,
	     an_exercise_may_ask_for_guesses_alone,
	     code_that_is_handed_in_by_halves_is_refused,
	     support_may_be_given_where_the_code_is_not,
	     a_lesson_is_linked_with_what_it_says_or_with_the_exercise_s,
	     one_wrong_description_refuses_the_whole_catalog,
	     the_workbook_is_found_from_the_place_of_the_program,
	     a_path_that_does_not_fit_is_refused)
