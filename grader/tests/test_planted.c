/* test_planted.c - a function with four planted faults is swept as a learner's
 * would be: all four are named, each with its lines, and nothing else is. */
#include "base/path.h"
#include "suite.h"
#include "build/build.h"
#include "oracle/fault_sweep.h"
#include "verdict/verdict.h"
#include "grading/workspace.h"

static const char source[] = "grader/tests/planted/planted.c";

static const struct exercise planted = {
	.id = "planted",
	.subject = { { "planted.c" }, 1 },
	.exports = { { "copy_line" }, 1 },
};

/* A planted fault and how it must be told. */
static const struct fault {
	const char *mark;	/* in the brackets of planted.c */
	const char *resource;	/* the mark where that was acquired */
	const char *finding, *kind;
	const char *acquired, *failing;
} faults[] = {
	{ "block", "block", "leak", "heap", "calloc", "open" },
	{ "fd", "fd", "leak", "descriptor", "open", "fopen" },
	{ "stream", "stream", "leak", "stream", "fopen", "read" },
	{ "double", "fd", "double_release", "descriptor", "open", "fputs" },
};
enum { FAULTS = sizeof(faults) / sizeof(*faults) };

/* The line of planted.c that bears "[MARK WHAT]". */
static int marked_line(const char *mark, const char *what)
{
	char text[256], wanted[64];
	int line = 0;
	bool found = false;
	FILE *in = fopen(source, "r");
	ck_assert_ptr_nonnull(in);
	snprintf(wanted, sizeof(wanted), "[%s %s]", mark, what);
	while (!found && fgets(text, sizeof(text), in)) {
		line++;
		found = strstr(text, wanted) != NULL;
	}
	fclose(in);
	ck_assert_msg(found, "planted.c has no %s", wanted);
	return line;
}

/* The one scenario: with no fault, a line is copied. */
START_TEST(one_line)
{
	write_file("a.txt", "bread 350\n");
	struct answer a = ask("copy_line", "ss", "a.txt", "b.txt");
	if (a.faulted)
		return;
	demand("CONTRACT 1", a.value == 0, "copy_line said %ld", a.value);
	demand("CONTRACT 1", file_text("b.txt") &&
	       strcmp(file_text("b.txt"), "bread 350\n") == 0,
	       "the line was not copied");
}
END_TEST

/* Joins the workbook's root and the path BELOW it. */
static void in_workbook(char ret_path[PATH_MAX], const char *below)
{
	ck_assert_int_eq(path_join(ret_path, PATH_MAX, "%s/%s", workbook(),
				   below), 0);
}

/* Builds the code as a submission is built; the library's path. */
static const char *build_planted(void)
{
	static struct library library = { .part = PART_SUBJECT,
					  .files = &planted.subject };
	in_workbook(library.source, "grader/tests/planted");
	strcpy(library.objects, own("objects"));
	strcpy(library.path, own("planted.so"));
	ck_assert_int_eq(make_folders(library.objects), 0);
	ck_assert_int_eq(build_libraries(workbook(), &planted, NULL, &library,
					 1), 0);
	ck_assert_msg(!library.failed, "%s", library.diagnostics);
	libraries_release(&library, 1);
	return library.path;
}

/* Judges the planted code; the caller releases the suite. */
static void judge_planted(struct suite *ret_suite)
{
	struct workspace shop = { .root = workbook(), .exercise = &planted };
	struct assignment assignment = { .subject = build_planted(), .seed = 1,
					 .sweep = true };
	in_workbook(shop.built, "build/tests/planted");
	strcpy(shop.work, own_folder);
	add_scenario(&shop.suite, one_line, SWEPT);
	ck_assert_int_eq(workspace_judge(&shop, &assignment), 0);
	*ret_suite = shop.suite;
}

/* Whether STORY tells of FAULT: the same failing call. */
static bool is_about(const json_t *story, const struct fault *fault)
{
	const json_t *told = json_object_get(story, "fault");
	int line = marked_line(fault->mark, "fails");
	return strcmp(verdict_text(told, "function"), fault->failing) == 0 &&
	       verdict_number(told, "line") == line;
}

/* The one finding about FAULT among those of the sweep. */
static const json_t *finding_of(const struct suite *suite,
				const struct fault *fault)
{
	const json_t *found = NULL;
	size_t i;
	json_t *story;
	json_array_foreach(suite->scenarios[0].findings, i, story)
		if (is_about(story, fault)) {
			ck_assert_msg(!found, "%s: told twice", fault->mark);
			found = story;
		}
	ck_assert_msg(found != NULL, "%s: not told", fault->mark);
	return found;
}

/* Demands that PLACE is CALL at LINE of planted.c. */
static void expect_place(const json_t *place, const char *call, int line)
{
	ck_assert_str_eq(verdict_text(place, "file"), "planted.c");
	ck_assert_str_eq(verdict_text(place, "function"), call);
	ck_assert_int_eq(verdict_number(place, "line"), line);
}

/* Demands that each is named by kind, acquiring line, failing call and line. */
static void expect_named(const struct suite *suite, const struct fault *fault)
{
	char place[64];
	int begins = marked_line(fault->resource, "begins");
	const json_t *story = finding_of(suite, fault);
	ck_assert_str_eq(verdict_text(story, "finding"), fault->finding);
	const json_t *ledger = json_object_get(story, "ledger");
	ck_assert_uint_eq(json_array_size(ledger), 1);
	const json_t *entry = json_array_get(ledger, 0);
	ck_assert_str_eq(verdict_text(entry, "kind"), fault->kind);
	expect_place(json_object_get(entry, "acquired"), fault->acquired,
		     begins);
	expect_place(json_object_get(story, "fault"), fault->failing,
		     marked_line(fault->mark, "fails"));
	ck_assert_int_lt(verdict_number(json_object_get(entry, "acquired"),
					"step"),
			 verdict_number(json_object_get(story, "fault"),
					"step"));
	const char *message = verdict_text(story, "message");
	snprintf(place, sizeof(place), "planted.c:%d", begins);
	ck_assert_msg(strstr(message, place) != NULL, "%s", message);
	ck_assert_msg(strstr(message, fault->failing) != NULL, "%s", message);
}

START_TEST(the_code_behaves_as_long_as_nothing_fails)
{
	struct suite suite;
	judge_planted(&suite);
	ck_assert(suite.scenarios[0].ran);
	ck_assert_msg(!suite.scenarios[0].wrong, "%s",
		      verdict_text(suite.scenarios[0].wrong, "message"));
	ck_assert_uint_eq(suite.scenarios[0].points, 7);
	suite_release(&suite);
}
END_TEST

START_TEST(four_of_four_planted_faults_are_named_with_their_lines)
{
	struct suite suite;
	judge_planted(&suite);
	for (size_t i = 0; i < FAULTS; i++)
		expect_named(&suite, &faults[i]);
	suite_release(&suite);
}
END_TEST

START_TEST(nothing_but_the_four_is_told)
{
	struct suite suite;
	judge_planted(&suite);
	ck_assert_uint_eq(suite.scenarios[0].dirty, FAULTS);
	ck_assert_uint_eq(suite.scenarios[0].unjudged, 0);
	ck_assert_uint_eq(json_array_size(suite.scenarios[0].findings), FAULTS);
	suite_release(&suite);
}
END_TEST

START_TEST(a_leak_is_told_with_the_line_where_the_code_left)
{
	struct suite suite;
	judge_planted(&suite);
	for (size_t i = 0; i < FAULTS; i++) {
		const json_t *story = finding_of(&suite, &faults[i]);
		if (strcmp(faults[i].finding, "leak") != 0)
			continue;
		ck_assert_int_eq(verdict_number(story, "exit_line"),
				 marked_line(faults[i].mark, "enters"));
		ck_assert_int_eq(verdict_number(story, "line"),
				 marked_line(faults[i].mark, "leaves"));
	}
	suite_release(&suite);
}
END_TEST

START_TEST(the_double_close_is_told_with_both_closes)
{
	struct suite suite;
	judge_planted(&suite);
	const struct fault *fault = &faults[FAULTS - 1];
	const json_t *story = finding_of(&suite, fault);
	const json_t *entry = json_array_get(json_object_get(story, "ledger"),
					     0);
	expect_place(json_object_get(entry, "released"), "close",
		     marked_line(fault->mark, "ends"));
	ck_assert_int_eq(verdict_number(story, "line"),
			 marked_line(fault->mark, "leaves"));
	suite_release(&suite);
}
END_TEST

START_TEST(a_verdict_is_the_same_when_it_is_asked_for_again)
{
	struct suite first, second;
	judge_planted(&first);
	judge_planted(&second);
	ck_assert(json_equal(first.scenarios[0].findings,
			     second.scenarios[0].findings));
	suite_release(&first);
	suite_release(&second);
}
END_TEST

TEST_PROGRAM("planted",
	     the_code_behaves_as_long_as_nothing_fails,
	     four_of_four_planted_faults_are_named_with_their_lines,
	     nothing_but_the_four_is_told,
	     a_leak_is_told_with_the_line_where_the_code_left,
	     the_double_close_is_told_with_both_closes,
	     a_verdict_is_the_same_when_it_is_asked_for_again)
