/* test_rows.c - the checklist: what exercise.json may say of it, what a row costs, and how
 * it is shown. */
#include "suite.h"
#include "base/path.h"
#include "catalog/rows.h"
#include "grading/score_code.h"
#include "grading/score_rows.h"
#include "report/terminal.h"
#include "verdict/verdict.h"

#include <errno.h>

static const char *dealt = "\"behaves\": 25, \"survives\": 35, \"proves\": 40";

static const char before[] =
	"{ \"title\": \"A title\", \"minutes\": 30, \"first_step\": \"Begin.\",\n"
	"  \"points\": { %s },\n"
	"  \"hand_in\": [\"day.c\", \"test_day.c\"], \"subject\": [\"day.c\"]";

static const char rows[] =
	"{ \"id\": \"CONTRACT 1\", \"points\": 40, \"text\": \"All is closed.\","
	" \"scenarios\": [\"one_day\", \"all_*\"] },"
	"{ \"id\": \"SPOOL\", \"points\": 20, \"text\": \"Whole or not.\","
	" \"clauses\": [\"SPOOL 1\", \"SPOOL 2\"] },"
	"{ \"id\": \"TESTS 1\", \"points\": 20, \"text\": \"They ask.\","
	" \"changes\": [\"doubled\"] },"
	"{ \"id\": \"TESTS 2\", \"points\": 10, \"text\": \"They look.\","
	" \"minor\": \"it is one\" },"
	"{ \"id\": \"ACCEPT\", \"points\": 6 }, { \"id\": \"REACH\", \"points\": 4 }";

/* Reads an exercise with the rows that TEXT lists, none when it is NULL: as for
 * catalog_read. */
static int read_rows(const char *text, struct catalog *ret_catalog, char **ret_why)
{
	char all[4096], begin[1024];
	ck_assert_int_eq(make_folders(own("grader/exercises/12_global")), 0);
	snprintf(begin, sizeof(begin), before, dealt);
	snprintf(all, sizeof(all), "%s%s%s%s }\n", begin, text ? ", \"rows\": [" : "",
		 text ? text : "", text ? "]" : "");
	own_file("grader/exercises/12_global/exercise.json", all);
	return catalog_read(own_folder, ret_catalog, ret_why);
}

/* Demands that these rows are refused, with REASON among the words. */
static void expect_refused(const char *text, const char *reason)
{
	struct catalog catalog;
	char *why = NULL;
	ck_assert_int_eq(read_rows(text, &catalog, &why), -EINVAL);
	ck_assert_msg(why && strstr(why, reason), "%s", why);
	free(why);
}

/* The exercise with the good rows; the caller releases its catalog. */
static struct catalog read_good(const char *text)
{
	struct catalog catalog;
	char *why = NULL;
	int rc = read_rows(text, &catalog, &why);
	ck_assert_msg(rc == 0, "%s", why);
	return catalog;
}

START_TEST(a_checklist_is_read_whole)
{
	struct catalog catalog = read_good(rows);
	const struct exercise *e = catalog.exercises;
	ck_assert_uint_eq(e->n_rows, 6);
	ck_assert_int_eq(rows_points(e, ROW_CODE), 60);
	ck_assert_int_eq(rows_points(e, ROW_TESTS), 30);
	ck_assert_str_eq(rows_find(e, "TESTS 1")->text, "They ask.");
	ck_assert_int_eq(rows_find(e, "CONTRACT 1")->price, 10);
	ck_assert_int_eq(rows_find(e, "TESTS 1")->price, 5);
	ck_assert_int_eq(rows_find(e, "TESTS 2")->price, 1);
	ck_assert_int_eq(rows_find(e, "ACCEPT")->price, 5);
	ck_assert_ptr_null(rows_find(e, "TESTS 3"));
	catalog_release(&catalog);
}
END_TEST

START_TEST(a_row_keeps_its_clauses_and_is_shown_by_its_scenarios)
{
	struct catalog catalog = read_good(rows);
	const struct exercise *e = catalog.exercises;
	const struct row *first = rows_find(e, "CONTRACT 1");
	ck_assert_ptr_eq(rows_of_clause(e, "CONTRACT 1"), first);
	ck_assert_ptr_eq(rows_of_clause(e, "SPOOL 2"), rows_find(e, "SPOOL"));
	ck_assert_ptr_null(rows_of_clause(e, "TESTS 1"));
	ck_assert_ptr_null(rows_of_clause(e, ""));
	ck_assert(row_is_shown_by(first, "one_day"));
	ck_assert(row_is_shown_by(first, "all_full_disk"));
	ck_assert(!row_is_shown_by(first, "one_day_more"));
	ck_assert(row_is_shown_by(rows_find(e, "SPOOL"), "one_day_more"));
	ck_assert_ptr_eq(rows_of_change(e, true), rows_find(e, "TESTS 1"));
	ck_assert_ptr_eq(rows_of_change(e, false), rows_find(e, "TESTS 1"));
	catalog_release(&catalog);
}
END_TEST

START_TEST(an_exercise_without_a_checklist_gets_one)
{
	struct catalog catalog = read_good(NULL);
	const struct exercise *e = catalog.exercises;
	ck_assert_uint_eq(e->n_rows, 4);
	ck_assert_int_eq(rows_points(e, ROW_CODE), 60);
	ck_assert_int_eq(rows_points(e, ROW_TESTS) + rows_points(e, ROW_ACCEPT) +
			 rows_points(e, ROW_REACH), 40);
	catalog_release(&catalog);
}
END_TEST

START_TEST(a_checklist_that_cannot_be_right_is_refused)
{
	static const char code[] =
		"{ \"id\": \"CONTRACT 1\", \"points\": 60, \"text\": \"t\" }";
	char text[512];
	expect_refused("7", "rows");
	expect_refused("{ \"id\": \"CONTRACT 1\", \"points\": 60 }", "no \"text\"");
	expect_refused("{ \"id\": \"CONTRACT 1\", \"points\": 101, \"text\": \"t\" }",
		       "not from 0 to 100");
	expect_refused(code, "the rows have 60 points for the code and 0 for tests");
	snprintf(text, sizeof(text), "%s, %s", code, code);
	expect_refused(text, "CONTRACT 1 twice");
	snprintf(text, sizeof(text), "%s, { \"id\": \"ACCEPT\", \"points\": 40 }", code);
	expect_refused(text, "\"rows\" has no TESTS");
	snprintf(text, sizeof(text), "%s, { \"id\": \"TESTS 1\", \"points\": 40, "
		 "\"text\": \"t\", \"changes\": [\"swapped\"] }", code);
	expect_refused(text, "\"left out\" or \"doubled\"");
}
END_TEST

/* What a row of 40 points costs that BAD of ten things break. */
static long lost_of_forty(long bad)
{
	const struct row row = { .id = "CONTRACT 1", .kind = ROW_CODE,
				 .points = 40, .price = 10 };
	return row_lost(&row, &(struct seen){ .all = 10, .bad = bad,
					      .broken = bad > 0 });
}

START_TEST(a_broken_row_costs_half_and_of_the_rest_its_share)
{
	ck_assert_int_eq(lost_of_forty(0), 0);
	ck_assert_int_eq(lost_of_forty(1), 22);
	ck_assert_int_eq(lost_of_forty(5), 30);
	ck_assert_int_eq(lost_of_forty(10), 40);
	for (long bad = 0; bad < 10; bad++)
		ck_assert_int_le(lost_of_forty(bad), lost_of_forty(bad + 1));
}
END_TEST

START_TEST(a_broken_row_never_costs_less_than_its_price)
{
	const struct row small = { .kind = ROW_CODE, .points = 2, .price = 10 };
	const struct row detail = { .kind = ROW_CODE, .points = 9, .price = 1 };
	const struct seen once = { .all = 1000, .bad = 1, .broken = true };
	const struct seen elsewhere = { .all = 0, .bad = 0, .broken = true };
	ck_assert_int_eq(row_lost(&small, &once), 10);
	ck_assert_int_eq(row_lost(&small, &elsewhere), 10);
	ck_assert_int_eq(row_lost(&detail, &once), 6);
}
END_TEST

START_TEST(a_row_that_was_not_seen_everywhere_costs_that_share)
{
	const struct row row = { .kind = ROW_CODE, .points = 20, .price = 10 };
	const struct row reach = { .kind = ROW_REACH, .points = 4, .price = 1 };
	ck_assert_int_eq(row_lost(&row, &(struct seen){ 10, 1, false }), 2);
	ck_assert_int_eq(row_lost(&row, &(struct seen){ 10, 10, false }), 20);
	ck_assert_int_eq(row_lost(&reach, &(struct seen){ 21, 1, true }), 1);
	ck_assert_int_eq(row_lost(&reach, &(struct seen){ 21, 21, true }), 4);
}
END_TEST

START_TEST(rows_stand_in_their_order_and_those_not_judged_have_lost_all)
{
	struct catalog catalog = read_good(rows);
	const struct exercise *e = catalog.exercises;
	json_t *verdict = verdict_exercise("12_global");
	row_enter(verdict, rows_find(e, "TESTS 1"), 7, true);
	row_enter(verdict, rows_find(e, "SPOOL"), 0, false);
	rows_complete(verdict, e);
	json_t *list = json_object_get(verdict, "rows");
	ck_assert_uint_eq(json_array_size(list), e->n_rows);
	for (size_t i = 0; i < e->n_rows; i++)
		ck_assert_str_eq(verdict_text(json_array_get(list, i), "id"),
				 e->rows[i].id);
	ck_assert_str_eq(verdict_text(json_array_get(list, 0), "status"), "skip");
	ck_assert_int_eq(verdict_number(json_array_get(list, 0), "lost"), 40);
	ck_assert_str_eq(verdict_text(json_array_get(list, 1), "status"), "pass");
	ck_assert_str_eq(verdict_text(json_array_get(list, 2), "status"), "fail");
	ck_assert_int_eq(verdict_number(json_array_get(list, 2), "score"), 13);
	json_decref(verdict);
	catalog_release(&catalog);
}
END_TEST

/* --- the code --------------------------------------------------------------- */

/* Two scenarios of which our solution makes four calls fail in the first, as they came. */
static struct suite two_scenarios(void)
{
	struct suite suite = { .n = 2 };
	suite.scenarios[0] = (struct scenario){
		.name = "one_day", .sweeping = SWEPT, .ran = true, .points = 4,
		.findings = json_array(), .exits = json_array(),
		.breaks = json_object() };
	suite.scenarios[1] = (struct scenario){
		.name = "full_disk", .sweeping = PLAIN, .ran = true,
		.findings = json_array(), .exits = json_array(),
		.breaks = json_object() };
	return suite;
}

/* What is found in a run that breaks CLAUSE, "" for none. */
static json_t *finding_of(const char *clause)
{
	json_t *finding = json_pack("{s:s, s:s}", "finding", "leak", "message", "no");
	if (*clause)
		json_object_set_new(finding, "clause", json_string(clause));
	return finding;
}

/* Lets POINT of the first scenario break CLAUSE. */
static void break_point(struct suite *suite, const char *point, const char *clause)
{
	struct scenario *s = &suite->scenarios[0];
	json_t *points = json_object_get(s->breaks, clause);
	if (!points) {
		points = json_object();
		json_object_set_new(s->breaks, clause, points);
	}
	json_object_set_new(points, point, json_true());
	json_array_append_new(s->findings, finding_of(clause));
	s->dirty++;
}

/* The points that the code has kept of its 60: by its checks, which must say the same as
 * its rows. What LOST holds is what each row must have lost. SUITE is released. */
static long kept_by(struct suite *suite, long first, long second)
{
	struct catalog catalog = read_good(rows);
	json_t *reference = json_pack("{s:{s:i}}", "points", "one_day", 4);
	json_t *verdict = verdict_exercise("12_global"), *check;
	const struct judged judged = { catalog.exercises, reference, suite, verdict };
	long score = 0, max = 0, lost = first + second;
	size_t i;
	code_checks_add(&judged);
	json_array_foreach(json_object_get(verdict, "checks"), i, check) {
		score += verdict_number(check, "score");
		max += verdict_number(check, "max_score");
		ck_assert_int_ge(verdict_number(check, "score"), 0);
		ck_assert_int_le(verdict_number(check, "score"),
				 verdict_number(check, "max_score"));
	}
	const json_t *list = json_object_get(verdict, "rows");
	ck_assert_int_eq(verdict_number(json_array_get(list, 0), "lost"), first);
	ck_assert_int_eq(verdict_number(json_array_get(list, 1), "lost"), second);
	ck_assert_int_eq(max, 60);
	ck_assert_int_eq(score, lost < 60 ? 60 - lost : 0);
	json_decref(verdict);
	json_decref(reference);
	suite_release(suite);
	catalog_release(&catalog);
	return score;
}

START_TEST(a_point_that_breaks_a_clause_costs_its_row)
{
	struct suite clean = two_scenarios(), one = two_scenarios();
	struct suite more = two_scenarios();
	break_point(&one, "2", "CONTRACT 1");
	for (int i = 1; i <= 9; i++)
		break_point(&more, (char[]){ (char)('0' + i), 0 }, "CONTRACT 1");
	ck_assert_int_eq(kept_by(&clean, 0, 0), 60);
	ck_assert_int_eq(kept_by(&one, 20 + 4, 0), 36);
	/* No more count than our solution has. */
	ck_assert_int_eq(kept_by(&more, 20 + 16, 0), 24);
}
END_TEST

START_TEST(a_finding_without_a_clause_breaks_every_row_of_its_scenario)
{
	struct suite suite = two_scenarios();
	break_point(&suite, "1", "");
	/* SPOOL is shown by both scenarios: one of six runs went wrong. */
	ck_assert_int_eq(kept_by(&suite, 20 + 4, 10 + 2), 24);
}
END_TEST

START_TEST(what_a_scenario_that_goes_wrong_could_not_show_is_not_earned)
{
	struct suite suite = two_scenarios();
	suite.scenarios[0].wrong = finding_of("SPOOL 1");
	ck_assert_int_eq(kept_by(&suite, 40, 10 + 9), 1);
}
END_TEST

START_TEST(a_promise_that_only_one_scenario_shows_costs_its_price)
{
	struct suite suite = two_scenarios();
	suite.scenarios[1].wrong = finding_of("CONTRACT 1");
	/* The check of that scenario has 12 points: it bears what was lost. */
	ck_assert_int_eq(kept_by(&suite, 20, 4), 36);
}
END_TEST

START_TEST(what_a_run_breaks_besides_counts_as_well)
{
	struct suite suite = two_scenarios();
	suite.scenarios[1].wrong = finding_of("CONTRACT 1");
	json_object_set_new(suite.scenarios[1].wrong, "also",
			    json_pack("[s]", "SPOOL 2"));
	ck_assert_int_eq(kept_by(&suite, 20, 10 + 2), 28);
}
END_TEST

START_TEST(the_checks_have_all_points_where_no_sweep_is_asked_for)
{
	struct suite suite = two_scenarios();
	suite.scenarios[0].sweeping = PLAIN;
	suite.scenarios[1].wrong = finding_of("CONTRACT 1");
	dealt = "\"behaves\": 60, \"proves\": 40";
	ck_assert_int_eq(kept_by(&suite, 20, 10), 30);
}
END_TEST

START_TEST(the_checklist_is_shown_before_what_was_found)
{
	struct catalog catalog = read_good(rows);
	const struct report_context context = { .root = own_folder, .from = own_folder,
						.catalog = &catalog };
	json_t *verdict = verdict_exercise("12_global");
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	row_enter(verdict, &catalog.exercises->rows[0], 22, true);
	row_enter(verdict, &catalog.exercises->rows[1], 0, false);
	row_enter(verdict, &catalog.exercises->rows[2], 3, false);
	verdict_check(verdict, "behaves", "one", "fail", 0, 40, NULL, "no");
	json_t *whole = json_pack("{s:[O]}", "exercises", verdict);
	terminal_write(out, -1, whole, &context);
	fclose(out);
	static const char wanted[] =
		"x  -22  CONTRACT 1  All is closed.\n"
		"+       SPOOL       Whole or not.\n"
		"-   -3  TESTS 1     They ask.\n"
		"\nx behaves";
	ck_assert_int_eq(strncmp(text, wanted, strlen(wanted)), 0);
	free(text);
	json_decref(whole);
	json_decref(verdict);
	catalog_release(&catalog);
}
END_TEST

TEST_PROGRAM("rows",
	     a_checklist_is_read_whole,
	     a_row_keeps_its_clauses_and_is_shown_by_its_scenarios,
	     an_exercise_without_a_checklist_gets_one,
	     a_checklist_that_cannot_be_right_is_refused,
	     a_broken_row_costs_half_and_of_the_rest_its_share,
	     a_broken_row_never_costs_less_than_its_price,
	     a_row_that_was_not_seen_everywhere_costs_that_share,
	     rows_stand_in_their_order_and_those_not_judged_have_lost_all,
	     a_point_that_breaks_a_clause_costs_its_row,
	     a_finding_without_a_clause_breaks_every_row_of_its_scenario,
	     what_a_scenario_that_goes_wrong_could_not_show_is_not_earned,
	     a_promise_that_only_one_scenario_shows_costs_its_price,
	     what_a_run_breaks_besides_counts_as_well,
	     the_checks_have_all_points_where_no_sweep_is_asked_for,
	     the_checklist_is_shown_before_what_was_found)
