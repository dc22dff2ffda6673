/* test_cases.c - bad and hostile submissions, and odd ones that are neither:
 * each stands under cases/ID/, with what must become of it.
 *
 * NAME.patch is applied to our solution. NAME.sh does what no patch can: it
 * runs in the workbook's root with the folder that holds a copy of our solution
 * as $1, may print another path to be graded (else it is the folder above), and
 * ends with status 77 where it cannot make its case. Above the diff, and as
 * comments below the script's first line, stand
 *
 *	Kind: numbers of the kinds of submission it is one of, "25, 30"
 *	Says: what it does, in a sentence
 *	Outcome: of the exercise, "judged" when not given; "crash, timeout" is
 *		either, where it is the machine that decides
 *	Score: the whole number
 *	Most: what the submission earns by right: no more than this
 *	Least: no less than this. Without these three it is less than 100
 *	Finding: the name that some check that did not pass bears
 *	Diagnosis: words that the message of such a check holds
 *	Evidence: words that a message of the verdict's "evidence" holds
 *	Never: words that the verdict holds nowhere
 *	Needs: "sandbox" when it would harm a machine that has none; it is then
 *		run only where the verdict names bubblewrap or landlock
 *
 * A case is bounded by itself, names its processes "hostile", and begins the
 * names of files outside its folder so: what one leaves is found, and is small.
 *
 * CASES_ONLY=WORDS runs those whose ID/NAME holds the words, CASES_ONCE=1 one of each
 * kind, PART=I/N every Nth from the Ith on. CASES_UNDER="words"
 * puts a command before the grader, such as setpriv, and CASES_WITH="words"
 * options behind it, such as --sandbox landlock.
 */
#include "suite.h"
#include "build/patch.h"
#include "base/process.h"
#include "verdict/verdict.h"

#include <dirent.h>
#include <glob.h>
#include <sys/shm.h>
#include <sys/wait.h>

enum {
	CASES_MAX = 512, KINDS = 47, WORDS_MAX = 32,
	GRADE_MS = 150000, SCRIPT_MS = 60000, NOT_HERE = 77,
	SHARED_KEY = 0x686f7374,	/* of the case that leaves some */
};

/* One case: "12_global" and "exits_with_0.patch". */
static struct {
	char id[64], name[128];
	struct patch says;
} cases[CASES_MAX];
static int n_cases;

/* Kinds that take more than one submission to show, and what shows them. */
static const struct {
	int kind;
	const char *shown_by;
} shown[] = {
	{ 45, "grader/tests/test_sandbox.sh" },
	{ 46, "grader/tests/test_killed.sh" },
	{ 47, "grader/tests/test_batch.sh" },
};

/* Whether the verdict names a sandbox that can hold hostile code. */
static bool confined;

/* --- laying out ----------------------------------------------------------- */

/* Runs the script of a case: false when it cannot be made here. What it prints
 * is the path to grade. */
static bool run_script(const char *script, const char *folder, char *from)
{
	const char *const argv[] = { "sh", script, folder, NULL };
	struct program program = { .argv = argv, .deadline_ms = SCRIPT_MS,
				   .output_max = PATH_MAX - 1 };
	struct ended ended;
	ck_assert_int_eq(process_run(&program, &ended), 0);
	bool here = !WIFEXITED(ended.status) ||
		    WEXITSTATUS(ended.status) != NOT_HERE;
	ck_assert_msg(!here || ended_well(&ended), "%s: %s", script, ended.err);
	if (ended.out_size > 0)
		snprintf(from, PATH_MAX, "%s", ended.out);
	ended_release(&ended);
	return here;
}

/* Copies our solution into this test's folder and makes the case of it: false
 * when it cannot be made here. FROM is then what to grade. */
static bool lay_out(int i, char from[PATH_MAX])
{
	char to[PATH_MAX], path[2 * PATH_MAX], command[2 * PATH_MAX];
	char *why = NULL;
	snprintf(from, PATH_MAX, "%s", own_folder);
	snprintf(to, sizeof(to), "%s/%s", own_folder, cases[i].id);
	snprintf(path, sizeof(path), "%s/grader/tests/cases/%s/%s", workbook(),
		 cases[i].id, cases[i].name);
	snprintf(command, sizeof(command), "cp -r solutions/%s %s", cases[i].id,
		 to);
	ck_assert_int_eq(system(command), 0);
	if (strstr(cases[i].name, ".sh"))
		return run_script(path, to, from);
	int rc = patch_apply(path, to, &why);
	ck_assert_msg(rc == 0, "%s: %s", path, why ? why : "does not apply");
	return true;
}

/* --- grading -------------------------------------------------------------- */

/* Adds the words of the environment variable NAME to ARGV, from N on: the new
 * end. */
static size_t add_words(const char **argv, size_t n, const char *name)
{
	static char text[2][1024];
	static unsigned next;
	char *rest, *kept = text[next++ % 2];
	snprintf(kept, sizeof(text[0]), "%s", getenv(name) ? getenv(name) : "");
	for (char *word = strtok_r(kept, " ", &rest); word && n < WORDS_MAX;
	     word = strtok_r(NULL, " ", &rest))
		argv[n++] = word;
	return n;
}

/* Grades FROM by the program, as a user would: 0 and *ret_ended, or a negative
 * errno. The log of this program of Check's is none for those in the grader. */
static int run_grader(const char *from, const char *id, const char *format,
		      struct ended *ret_ended)
{
	const char *argv[2 * WORDS_MAX] = { "env", "-u",
					    "CK_XML_LOG_FILE_NAME" };
	const char *const words[] = { "build/brakes", "grade", id, "--from",
				      from, "--format", format };
	size_t n = add_words(argv, 3, "CASES_UNDER");
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		argv[n++] = words[i];
	add_words(argv, n, "CASES_WITH");
	struct program program = { .argv = argv, .deadline_ms = GRADE_MS,
				   .output_max = 4 << 20 };
	return process_run(&program, ret_ended);
}

/* Grades FROM: the verdict on the exercise. */
static json_t *grade(const char *from, const char *id, int *ret_status)
{
	struct ended ended;
	ck_assert_int_eq(run_grader(from, id, "json", &ended), 0);
	ck_assert_msg(!ended.timed_out, "the grader did not come to its end");
	*ret_status = WEXITSTATUS(ended.status);
	json_t *verdict = json_loads(ended.out, 0, NULL);
	ck_assert_msg(verdict != NULL, "no JSON: %.1000s%.1000s", ended.out,
		      ended.err);
	ended_release(&ended);
	json_t *exercise = json_incref(json_array_get(
		json_object_get(verdict, "exercises"), 0));
	json_decref(verdict);
	return exercise;
}

/* What the verdict on our solution names as its sandbox decides what may be run
 * here. */
static bool ask_for_sandbox(void)
{
	struct ended ended;
	if (run_grader("solutions", "12", "json", &ended) < 0)
		return false;
	json_t *verdict = json_loads(ended.out ? ended.out : "", 0, NULL);
	const char *sandbox = verdict_text(verdict, "sandbox");
	bool holds = strncmp(sandbox, "bubblewrap", 10) == 0 ||
		     strncmp(sandbox, "landlock", 8) == 0;
	json_decref(verdict);
	ended_release(&ended);
	return holds;
}

/* --- what is expected ----------------------------------------------------- */

/* Whether WORD is one of the words of LIST, "one, two". */
static bool listed(const char *list, const char *word)
{
	size_t n = strlen(word);
	for (const char *at = list; *at; at += strspn(at, ", ")) {
		size_t length = strcspn(at, ", ");
		if (length == n && strncmp(at, word, n) == 0)
			return true;
		at += length;
	}
	return false;
}

/* Whether an entry of ENTRIES, of those that did not pass, holds WORDS under
 * KEY. */
static bool any_holds(const json_t *entries, const char *key,
		      const char *words)
{
	size_t i;
	json_t *entry;
	json_array_foreach(entries, i, entry)
		if (strcmp(verdict_text(entry, "status"), "pass") != 0 &&
		    strstr(verdict_text(entry, key), words))
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

/* Holds the score against what the submission earns by right. */
static void expect_score(long score, const struct patch *says, const char *all)
{
	const char *exact = says->score;
	const char *most = *exact ? exact : says->most;
	const char *least = *exact ? exact : says->least;
	if (!*most && !*least)
		most = "99";
	ck_assert_msg(!*most || score <= strtol(most, NULL, 10),
		      "%ld points, where %s are earned: %.2000s", score, most,
		      all);
	ck_assert_msg(!*least || score >= strtol(least, NULL, 10),
		      "%ld points, where %s are earned: %.2000s", score, least,
		      all);
}

/* The verdict as text below the name of its case, for the caller to free. */
static char *whole_text(const json_t *exercise, int i)
{
	char *json = json_dumps(exercise, JSON_INDENT(1)), *all = NULL;
	ck_assert_int_ge(asprintf(&all, "%s/%s\n%s", cases[i].id,
				  cases[i].name, json), 0);
	free(json);
	return all;
}

/* Holds the verdict against what case I says. */
static void expect(const json_t *exercise, int i, int status)
{
	const struct patch *says = &cases[i].says;
	char *all = whole_text(exercise, i);
	const json_t *checks = json_object_get(exercise, "checks");
	const char *outcome = verdict_text(exercise, "outcome");
	const char *wanted = says->outcome[0] ? says->outcome : "judged";
	long score = verdict_number(exercise, "score");
	ck_assert_msg(listed(wanted, outcome), "the outcome is not %s: %.2000s",
		      wanted, all);
	expect_score(score, says, all);
	ck_assert_msg(any_holds(checks, "finding", says->finding) ||
		      !says->finding[0], "no finding %s: %.2000s",
		      says->finding, all);
	ck_assert_msg(any_holds(checks, "message", says->diagnosis) ||
		      !says->diagnosis[0], "nothing says \"%s\": %.2000s",
		      says->diagnosis, all);
	ck_assert_msg(!says->evidence[0] ||
		      any_holds(json_object_get(exercise, "evidence"),
				"message", says->evidence),
		      "no evidence says \"%s\": %.2000s", says->evidence, all);
	ck_assert_msg(!says->never[0] || !strstr(all, says->never),
		      "it holds \"%s\": %.2000s", says->never, all);
	ck_assert_int_eq(status, score == 100 ? 0 : 1);
	expect_sound(exercise);
	free(all);
}

/* Whoever reads the verdict in a terminal gets letters, and no command. */
static void expect_no_escapes(const char *from, const char *id)
{
	struct ended ended;
	ck_assert_int_eq(run_grader(from, id, "terminal", &ended), 0);
	for (size_t i = 0; i < ended.out_size; i++)
		ck_assert_msg(ended.out[i] == '\n' || ended.out[i] == '\t' ||
			      (unsigned char)ended.out[i] >= ' ',
			      "byte %zu is %#x: %s", i,
			      (unsigned char)ended.out[i], ended.out);
	ended_release(&ended);
}

/* Removes what PATTERN finds, so that one case is not blamed for another: the
 * first of them, "" for none. */
static const char *remove_found(const char *pattern)
{
	static char first[PATH_MAX];
	glob_t found = { 0 };
	glob(pattern, 0, NULL, &found);
	snprintf(first, sizeof(first), "%s",
		 found.gl_pathc ? found.gl_pathv[0] : "");
	for (size_t i = 0; i < found.gl_pathc; i++)
		remove_tree(found.gl_pathv[i]);
	globfree(&found);
	return first;
}

/* No file that begins with "hostile" lies where one could have been put, and no
 * memory is shared. */
static void expect_nothing_left(int i)
{
	char beside[PATH_MAX];
	snprintf(beside, sizeof(beside), "%s/hostile*", own_folder);
	const char *const places[] = { "/tmp/hostile*", "/var/tmp/hostile*",
				       "/dev/shm/hostile*", beside };
	int shared = shmget(SHARED_KEY, 0, 0);
	if (shared >= 0)
		shmctl(shared, IPC_RMID, NULL);
	ck_assert_msg(shared < 0, "%s left shared memory", cases[i].name);
	for (size_t j = 0; j < sizeof(places) / sizeof(*places); j++) {
		const char *found = remove_found(places[j]);
		ck_assert_msg(!*found, "%s left %s", cases[i].name, found);
	}
}

START_TEST(each_case_gets_the_outcome_beside_it)
{
	char from[PATH_MAX], command[PATH_MAX];
	const struct patch *says = &cases[_i].says;
	int status;
	if (strstr(says->needs, "sandbox") && !confined) {
		printf("skip - %s: no sandbox here\n", cases[_i].name);
		return;
	}
	if (!lay_out(_i, from)) {
		printf("skip - %s: not as this user\n", cases[_i].name);
		return;
	}
	/* Whoever grades, under CASES_UNDER, may be somebody else. */
	snprintf(command, sizeof(command), "chmod -R a+rX %s", own_folder);
	ck_assert_int_eq(system(command), 0);
	json_t *exercise = grade(from, cases[_i].id, &status);
	expect(exercise, _i, status);
	json_decref(exercise);
	if (listed(says->kind, "22"))
		expect_no_escapes(from, cases[_i].id);
	expect_nothing_left(_i);
}
END_TEST

START_TEST(every_kind_has_a_case)
{
	for (int kind = 1; kind <= KINDS; kind++) {
		char number[16];
		bool there = false;
		snprintf(number, sizeof(number), "%d", kind);
		for (int i = 0; i < n_cases; i++)
			there = there || listed(cases[i].says.kind, number);
		for (size_t i = 0; i < sizeof(shown) / sizeof(*shown); i++)
			there = there || (shown[i].kind == kind &&
					  access(shown[i].shown_by, R_OK) == 0);
		ck_assert_msg(there, "kind %d has no case", kind);
	}
}
END_TEST

START_TEST(every_header_can_be_read)
{
	for (int i = 0; i < n_cases; i++) {
		char path[PATH_MAX], *why = NULL;
		struct patch patch;
		snprintf(path, sizeof(path), "grader/tests/cases/%.63s/%.127s",
			 cases[i].id, cases[i].name);
		int rc = patch_read(path, &patch, &why);
		ck_assert_msg(rc == 0, "%s", why);
	}
}
END_TEST

/* --- the folder ----------------------------------------------------------- */

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Adds one case; a header that cannot be read is left to its test. */
static void add_case(const char *id, const char *name)
{
	char path[PATH_MAX], *why = NULL;
	if (n_cases == CASES_MAX)
		return;
	snprintf(cases[n_cases].id, 64, "%.63s", id);
	snprintf(cases[n_cases].name, 128, "%.127s", name);
	snprintf(path, sizeof(path), "grader/tests/cases/%s/%s", id, name);
	patch_read(path, &cases[n_cases++].says, &why);
	free(why);
}

/* Lists the cases of one exercise. */
static void list_cases(const char *id)
{
	char path[PATH_MAX];
	struct dirent **found = NULL;
	snprintf(path, sizeof(path), "grader/tests/cases/%s", id);
	int n = scandir(path, &found, visible, alphasort);
	for (int i = 0; i < n; i++) {
		add_case(id, found[i]->d_name);
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

/* Whether case I is the first one of any of its kinds. */
static bool shows_first(int i)
{
	static bool shown_before[KINDS + 1];
	bool first = false;
	for (int kind = 1; kind <= KINDS; kind++) {
		char number[16];
		snprintf(number, sizeof(number), "%d", kind);
		if (!listed(cases[i].says.kind, number) || shown_before[kind])
			continue;
		first = shown_before[kind] = true;
	}
	return first;
}

/* Whether case I is asked for by CASES_ONLY and CASES_ONCE. */
static bool is_asked(int i)
{
	const char *only = getenv("CASES_ONLY"), *once = getenv("CASES_ONCE");
	char name[256];
	snprintf(name, sizeof(name), "%.63s/%.127s", cases[i].id, cases[i].name);
	return (!only || strstr(name, only)) &&
	       (!once || !*once || shows_first(i));
}

/* Adds those cases that are asked for and are in our part of them. */
static void add_asked(TCase *tests)
{
	int part = 1, parts = 1, n = 0;
	const char *typed = getenv("PART");
	if (typed && *typed && sscanf(typed, "%d/%d", &part, &parts) != 2)
		parts = 0;
	if (part < 1 || part > parts) {
		fprintf(stderr, "PART=%s is no I/N with 1 <= I <= N\n", typed);
		exit(EXIT_FAILURE);
	}
	for (int i = 0; i < n_cases; i++)
		if (is_asked(i) && n++ % parts == part - 1)
			tcase_add_loop_test(tests,
				each_case_gets_the_outcome_beside_it, i, i + 1);
}

int main(void)
{
	Suite *suite = suite_create("cases");
	TCase *tests = tcase_create("cases");
	list_all();
	confined = ask_for_sandbox();
	tcase_set_timeout(tests, GRADE_MS / 500.0);
	tcase_add_checked_fixture(tests, suite_enter, NULL);
	tcase_add_test(tests, every_header_can_be_read);
	tcase_add_test(tests, every_kind_has_a_case);
	add_asked(tests);
	suite_add_tcase(suite, tests);
	SRunner *runner = srunner_create(suite);
	if (!mkdtemp(suite_folder) || chmod(suite_folder, 0755) < 0)
		return EXIT_FAILURE;
	srunner_run_all(runner, CK_ENV);
	bool well = srunner_ntests_failed(runner) == 0 && n_cases > 0;
	srunner_free(runner);
	remove_tree(suite_folder);
	return well ? EXIT_SUCCESS : EXIT_FAILURE;
}
