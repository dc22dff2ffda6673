/* test_cases.c - bad submissions, and odd ones that are none: each a patch on our
 * solution under cases/ID/, with what must become of it above the diff:
 *
 *	Finding: the name that some check that did not pass bears
 *	Diagnosis: words that the message of such a check holds
 *	Outcome: of the exercise, "judged" when not given
 *	Score: the whole number; less than 100 when not given
 */
#include "suite.h"
#include "../patch.h"
#include "../spawn.h"
#include "../verdict.h"

#include <dirent.h>
#include <sys/wait.h>

enum { CASES_MAX = 256, GRADE_MS = 90000 };

/* One case: "12_global" and "exits_with_0". */
static struct {
	char id[64], name[128];
} cases[CASES_MAX];
static int n_cases;

/* Copies our solution into FOLDER/ID and applies the patch there. */
static void lay_out(const char *folder, const char *id, const char *patch)
{
	char to[PATH_MAX + 64], command[2 * PATH_MAX];
	char *why = NULL;
	snprintf(to, sizeof(to), "%s/%s", folder, id);
	snprintf(command, sizeof(command), "cp -r solutions/%s %s", id, to);
	ck_assert_int_eq(system(command), 0);
	int rc = patch_apply(patch, to, &why);
	ck_assert_msg(rc == 0, "%s: %s", patch, why ? why : "cannot be applied");
}

/* Grades FOLDER by the program, as a user would: the exercise's verdict. */
static json_t *grade(const char *folder, const char *id, int *ret_status)
{
	const char *const argv[] = {
		"build/brakes", "grade", id, "--from", folder, "--format",
		"json", NULL
	};
	struct program program = { .argv = argv, .deadline_ms = GRADE_MS,
				   .output_max = 4 << 20 };
	struct ended ended;
	ck_assert_int_eq(spawn_run(&program, &ended), 0);
	ck_assert_msg(!ended.timed_out, "the grader did not come to its end");
	*ret_status = WEXITSTATUS(ended.status);
	json_t *verdict = json_loads(ended.out, 0, NULL);
	ck_assert_msg(verdict != NULL, "no JSON: %.1000s%.1000s", ended.out, ended.err);
	ended_release(&ended);
	json_t *exercise = json_incref(json_array_get(
		json_object_get(verdict, "exercises"), 0));
	json_decref(verdict);
	return exercise;
}

/* Whether a check that did not pass holds WORDS under KEY. */
static bool any_holds(const json_t *exercise, const char *key,
		      const char *words)
{
	size_t i;
	json_t *check;
	json_array_foreach(json_object_get(exercise, "checks"), i, check)
		if (strcmp(verdict_text(check, "status"), "pass") != 0 &&
		    strstr(verdict_text(check, key), words))
			return true;
	return false;
}

/* What holds of every verdict: its points are out of 100, and where the code was
 * not judged, no test is said to have found a fault in it. */
static void expect_sound(const json_t *exercise)
{
	long max = 0;
	size_t i;
	bool unjudged = any_holds(exercise, "message", "not judged: ");
	json_t *check;
	json_array_foreach(json_object_get(exercise, "checks"), i, check) {
		max += verdict_number(check, "max_score");
		const char *message = verdict_text(check, "message");
		ck_assert_msg(!unjudged ||
			      !strstr(message, "never ran on your own code"),
			      "found in code that is not there: %s", message);
	}
	ck_assert_int_eq(max, 100);
}

/* Holds the verdict against what the patch says. */
static void expect(const json_t *exercise, const struct patch *patch, int status)
{
	char *all = json_dumps(exercise, JSON_INDENT(1));
	const char *outcome = patch->outcome[0] ? patch->outcome : "judged";
	long score = verdict_number(exercise, "score");
	ck_assert_msg(strcmp(verdict_text(exercise, "outcome"), outcome) == 0,
		      "the outcome is not %s: %.2000s", outcome, all);
	ck_assert_msg(any_holds(exercise, "finding", patch->finding) ||
		      !patch->finding[0], "no finding %s: %.2000s", patch->finding, all);
	ck_assert_msg(any_holds(exercise, "message", patch->diagnosis) ||
		      !patch->diagnosis[0], "nothing says \"%s\": %.2000s",
		      patch->diagnosis, all);
	if (patch->score[0])
		ck_assert_msg(score == strtol(patch->score, NULL, 10),
			      "the score is not %s: %.2000s", patch->score, all);
	else
		ck_assert_msg(score < 100, "full marks: %.2000s", all);
	ck_assert_int_eq(status, score == 100 ? 0 : 1);
	expect_sound(exercise);
	free(all);
}

START_TEST(each_case_gets_the_outcome_beside_it)
{
	char path[2 * PATH_MAX], *why = NULL;
	struct patch patch;
	int status;
	snprintf(path, sizeof(path), "%s/grader/tests/cases/%s/%s", workbook(),
		 cases[_i].id, cases[_i].name);
	int rc = patch_read(path, &patch, &why);
	ck_assert_msg(rc == 0, "%s", why);
	lay_out(own_folder, cases[_i].id, path);
	json_t *exercise = grade(own_folder, cases[_i].id, &status);
	expect(exercise, &patch, status);
	json_decref(exercise);
}
END_TEST

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Lists the patches of one exercise. */
static void list_cases(const char *id)
{
	char path[PATH_MAX];
	struct dirent **found = NULL;
	snprintf(path, sizeof(path), "grader/tests/cases/%s", id);
	int n = scandir(path, &found, visible, alphasort);
	for (int i = 0; i < n; i++) {
		if (n_cases < CASES_MAX) {
			snprintf(cases[n_cases].id, 64, "%.63s", id);
			snprintf(cases[n_cases++].name, 128, "%.127s",
				 found[i]->d_name);
		}
		free(found[i]);
	}
	free(found);
}

/* Lists the cases of every exercise there are some for. */
static void list_all(void)
{
	struct dirent **found = NULL;
	int n = scandir("grader/tests/cases", &found, visible, alphasort);
	for (int i = 0; i < n; i++) {
		list_cases(found[i]->d_name);
		free(found[i]);
	}
	free(found);
}

int main(void)
{
	Suite *suite = suite_create("cases");
	TCase *tests = tcase_create("cases");
	list_all();
	tcase_set_timeout(tests, GRADE_MS / 500.0);
	tcase_add_checked_fixture(tests, suite_enter, NULL);
	tcase_add_loop_test(tests, each_case_gets_the_outcome_beside_it, 0,
			    n_cases);
	suite_add_tcase(suite, tests);
	SRunner *runner = srunner_create(suite);
	if (!mkdtemp(suite_folder))
		return EXIT_FAILURE;
	srunner_run_all(runner, CK_ENV);
	bool well = srunner_ntests_failed(runner) == 0 && n_cases > 0;
	srunner_free(runner);
	remove_tree(suite_folder);
	return well ? EXIT_SUCCESS : EXIT_FAILURE;
}
