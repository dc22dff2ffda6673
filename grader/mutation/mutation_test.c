/* mutation_test.c - see mutation_test.h.
 *
 * Two rounds of the tests. First on the learner's own code, on the reference
 * and on each correct version: that decides which tests count. Then those that
 * count on each broken version, while gcovr reads the counters of the first, and
 * while the judge judges the code.
 */
#include "mutation_test.h"
#include "crash.h"
#include "base/limits.h"
#include "sandbox/cell.h"
#include "base/path.h"
#include "base/tree.h"
#include "base/printable.h"
#include "verdict/verdict.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEST_RUNNER_MS = 20000, GCOVR_PROCESSES = 24 };

static const char *const mark_words[] = {
	[MARK_NONE] = "", [MARK_UNTRIED] = "untried", [MARK_ACCEPTS] = "accepts",
	[MARK_REJECTS] = "rejects", [MARK_LEAVES] = "leaves",
	[MARK_CRASHES] = "crashes", [MARK_HANGS] = "hangs", [MARK_SLOW] = "slow",
	[MARK_FILLS] = "fills",
};

static const char *const counted_names[COUNTED_NOT] = { "own", "reference" };

bool mutation_test_has_own(const struct mutation_test *p)
{
	return p->plan->subject && p->versions[OWN].status == 0;
}

/* --- running versions -------------------------------------------------------- */

/* Takes addresses out of a message of Check's, in place: they differ from run to
 * run, and tell a learner nothing. */
static void hide_addresses(char *text)
{
	for (char *at = text; (at = strstr(at, "0x")) != NULL; at++) {
		size_t n = strspn(at + 2, "0123456789abcdef");
		if (n < 6)
			continue;
		at[2] = '.';
		memset(at + 3, '.', 2);
		memmove(at + 5, at + 2 + n, strlen(at + 2 + n) + 1);
	}
}

/* The words of a line "test", as test_runner.c has them. */
enum { T_NUMBER = 1, T_NAME, T_RESULT, T_TIME, T_LINE, T_ROUND, T_HEAD,
       T_MODE = T_HEAD, T_POINT, T_ERR, T_STATE, T_STRUCK, T_WITHIN, T_FAILED,
       T_ERROR, T_PLAN, T_FILE = T_PLAN, T_PLACE, T_CALLER, T_MESSAGE, T_ALL };

/* The number in WORD, which is from 0 to MOST; 0 when it is none. */
static long number_of(const char *word, long most)
{
	long long number;
	return wire_number(word, &number) == 0 && number >= 0 && number <= most ?
	       (long)number : 0;
}

/* The number of WORD among the N WORDS, 0 when it is none of them. */
static int place_of(const char *word, const char *const words[], int n)
{
	while (--n > 0)
		if (strcmp(word, words[n]) == 0)
			return n;
	return 0;
}

/* Reads what a line tells of the plan. */
static void take_plan(struct account *account, char *const word[])
{
	static const char *const states[] = { "none", "idle", "struck", "late" };
	account->plan = (struct plan){
		.mode = (enum fault_mode)number_of(word[T_MODE],
						   FAULT_MODES - 1),
		.point = (unsigned)number_of(word[T_POINT], INT_MAX),
		.err = (int)number_of(word[T_ERR], INT_MAX),
	};
	if (account->plan.mode == FAULT_SHORT)
		account->plan.bytes = (uint32_t)account->plan.err;
	account->state = (enum plan_state)place_of(word[T_STATE], states, 4);
	printable_copy(account->struck, sizeof(account->struck), word[T_STRUCK]);
	printable_copy(account->within, sizeof(account->within), word[T_WITHIN]);
	printable_copy(account->failed, sizeof(account->failed), word[T_FAILED]);
	printable_copy(account->error, sizeof(account->error), word[T_ERROR]);
}

/* Reads what a line says of version number V. */
static void take_account(struct account *account, size_t v,
			 const struct words *words)
{
	*account = (struct account){ .version = v };
	if (strcmp(words->word[T_ROUND], "-") != 0)
		printable_copy(account->round, sizeof(account->round),
			       words->word[T_ROUND]);
	if (words->n >= T_PLAN)
		take_plan(account, words->word);
	if (words->n < T_ALL)
		return;
	printable_copy(account->file, sizeof(account->file), words->word[T_FILE]);
	account->line = (int)number_of(words->word[T_PLACE], INT_MAX);
	account->caller = (uint32_t)number_of(words->word[T_CALLER], INT_MAX);
	printable_copy(account->text, sizeof(account->text),
		       words->word[T_MESSAGE]);
	hide_addresses(account->text);
}

/* Reads what a line says of a test as such. */
static void take_test(struct test *test, size_t v, const struct words *words)
{
	if (!test->name[0])
		printable_copy(test->name, sizeof(test->name), words->word[T_NAME]);
	test->line = (int)number_of(words->word[T_LINE], INT_MAX);
	if (v == REFERENCE)
		test->cpu_us = number_of(words->word[T_TIME], LONG_MAX);
}

/* Reads one line "test": of the versions of the first round, what it says is kept, of
 * correct ones that of the first that is rejected. */
static int take_result(struct mutation_test *p, struct version *v,
		       const struct words *words)
{
	long long number;
	size_t nth = (size_t)(v - p->versions);
	if (words->n < T_HEAD || wire_number(words->word[T_NUMBER], &number) < 0 ||
	    number < 0 || number >= TESTS_MAX)
		return -EPROTO;
	struct test *test = &p->tests[number];
	v->mark[number] = (enum mark)place_of(words->word[T_RESULT], mark_words,
					      MARK_COUNT);
	if (v->stop || (p->correct && nth >= p->correct))
		return 0;
	take_test(test, nth, words);
	if (nth == OWN)
		take_account(&test->own, nth, words);
	else if (v->mark[number] != MARK_ACCEPTS &&
		 (!test->correct.version || nth < test->correct.version))
		take_account(&test->correct, nth, words);
	return 0;
}

/* Takes what was printed, and the pairs, of test NUMBER or, with -1, while the
 * libraries were loaded. */
static void take_told(struct mutation_test *p, const struct version *v,
		      const struct words *words)
{
	long long number;
	if (words->n < 3 || wire_number(words->word[1], &number) < 0 || number < -1 ||
	    number >= TESTS_MAX)
		return;
	bool shown = v == &p->versions[p->plan->subject ? OWN : REFERENCE];
	if (number < 0)
		printable_copy(p->loading, sizeof(p->loading), words->word[2]);
	else if (!shown)
		return;
	else if (strcmp(words->word[0], "pairs") == 0)
		snprintf(p->tests[number].pairs, PAIRS_TEXT, ",%s",
			 words->word[2]);
	else
		printable_copy(p->tests[number].printed, PRINTED_TEXT,
			       words->word[2]);
}

/* Takes one line of a test runner's about version NUMBER. */
static void take_line(size_t number, const struct words *words, void *data)
{
	struct mutation_test *p = data;
	struct version *v = &p->versions[number];
	long long n;
	if (number >= p->n_versions)
		return;
	if (strcmp(words->word[0], "test") == 0)
		take_result(p, v, words);
	else if (strcmp(words->word[0], "printed") == 0 ||
		 strcmp(words->word[0], "pairs") == 0)
		take_told(p, v, words);
	else if (strcmp(words->word[0], "memory") == 0)
		crash_take(p, v, words);
	else if (wire_number(words->word[1], &n) < 0)
		return;
	else if (strcmp(words->word[0], "done") == 0 && n >= 0)
		v->n = n < TESTS_MAX ? (size_t)n : TESTS_MAX;
	else if (strcmp(words->word[0], "ended") == 0)
		v->status = (int)n;
}

/* Has version V tried. */
static int order(struct mutation_test *p, struct version *v)
{
	struct version_order order = {
		.subject = v->subject, .support = v->support, .skip = p->skip,
		.counters = v->counted == COUNTED_NOT ? -1 : (int)v->counted,
		.change = v->change, .offset = v->offset, .stop = v->stop,
		.told = v->counted != COUNTED_NOT, .only = p->plan->only,
	};
	v->status = -1;
	return runner_pool_order(&p->pool, (size_t)(v - p->versions), &order);
}

/* Has the versions from number FIRST on tried. */
static int order_all(struct mutation_test *p, size_t first)
{
	int rc = 0;
	for (size_t v = first; rc == 0 && v < p->n_versions; v++)
		rc = order(p, &p->versions[v]);
	return rc;
}

/* Waits until all that was ordered has been tried. */
static int collect(struct mutation_test *p)
{
	return runner_pool_collect(&p->pool, TEST_RUNNER_MS, take_line, p);
}

int mutation_test_run(struct mutation_test *p, size_t first)
{
	int rc = order_all(p, first);
	int collected = collect(p);
	return rc < 0 ? rc : collected;
}

/* --- the versions there are ---------------------------------------------------- */

/* Adds a version whose library is FILE, put into FORMAT, below the built exercise. */
static struct version *add_version(struct mutation_test *p, const char *name,
				   const char *format, const char *file)
{
	if (p->n_versions == VERSIONS_MAX)
		return NULL;
	struct version *v = &p->versions[p->n_versions];
	char below[PATH_MAX];
	snprintf(below, sizeof(below), format, file);
	if (path_join(v->subject, PATH_MAX, "%s/%s", p->plan->built, below) < 0)
		return NULL;
	v->name = name;
	v->counted = COUNTED_NOT;
	v->support = p->support[0] ? p->support : NULL;
	p->n_versions++;
	return v;
}

/* Makes the folder of counters of the own code or the reference, and opens it. */
static int open_counters(struct mutation_test *p, enum counted counted)
{
	char path[PATH_MAX];
	int rc = path_join(path, sizeof(path), "%s/%s", p->counters,
			   counted_names[counted]);
	if (rc == 0)
		rc = make_folders(path);
	if (rc == 0)
		rc = sandbox_give(p->plan->sandbox, path);
	if (rc < 0)
		return rc;
	p->folder[counted] = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return p->folder[counted] < 0 ? -errno : 0;
}

/* Puts what the compiler noted of OBJECTS beside their counters. */
static int link_notes(struct mutation_test *p, enum counted counted,
		      const char *objects)
{
	char path[PATH_MAX];
	int rc = path_join(path, sizeof(path), "%s/%s", p->counters,
			   counted_names[counted]);
	return rc < 0 ? rc : coverage_prepare(objects, path);
}

static void close_counters(struct mutation_test *p)
{
	for (int i = 0; i < COUNTED_NOT; i++) {
		if (p->folder[i] >= 0)
			close(p->folder[i]);
		p->folder[i] = -1;
	}
}

/* Opens the counters of both. */
static int open_all_counters(struct mutation_test *p)
{
	int rc = open_counters(p, COUNTED_OWN);
	return rc < 0 ? rc : open_counters(p, COUNTED_REFERENCE);
}

/* Links the notes of both, as far as there is code. */
static int link_all_notes(struct mutation_test *p)
{
	char objects[PATH_MAX];
	int rc = p->plan->subject ?
		 link_notes(p, COUNTED_OWN, p->plan->objects) : 0;
	if (rc == 0)
		rc = path_join(objects, PATH_MAX, "%s/reference",
			       p->plan->built);
	return rc < 0 ? rc : link_notes(p, COUNTED_REFERENCE, objects);
}

/* Adds the own code, the reference, and the correct versions. */
static int add_correct(struct mutation_test *p)
{
	size_t i;
	json_t *name;
	struct version *own = add_version(p, "your own code", "%s", "");
	snprintf(own->subject, PATH_MAX, "%s",
		 p->plan->subject ? p->plan->subject : "");
	own->support = p->plan->support;
	own->counted = COUNTED_OWN;
	add_version(p, "the reference", "%s", "subject.so")->counted =
		COUNTED_REFERENCE;
	json_array_foreach(json_object_get(p->plan->reference, "wheats"), i,
			   name)
		if (!add_version(p, json_string_value(name), "wheats/%s.so",
				 json_string_value(name)))
			return -E2BIG;
	return 0;
}

/* Adds a correct version among the broken ones. Tests that behave otherwise in
 * the second round than in the first, by whatever they know it, reject it. */
static int add_decoy(struct mutation_test *p)
{
	struct version *v = add_version(p, "a correct version", "%s",
					"subject.so");
	if (!v)
		return -E2BIG;
	v->decoy = true;
	return 0;
}

/* Adds the broken versions: those that are named, those that are made at run
 * time, and last the canary. */
static int add_broken(struct mutation_test *p)
{
	size_t i;
	json_t *one;
	const json_t *reference = p->plan->reference;
	json_array_foreach(json_object_get(reference, "mutants"), i, one) {
		struct version *v = add_version(p, verdict_text(one, "name"),
			"mutants/%s.so", verdict_text(one, "name"));
		if (!v)
			return -E2BIG;
		v->says = verdict_text(one, "says");
		v->clause = verdict_text(one, "clause");
		v->row = verdict_text(one, "row");
	}
	json_array_foreach(json_object_get(reference, "changes"), i, one) {
		struct version *v = add_version(p, verdict_text(one, "name"),
						"%s", "subject.so");
		if (!v)
			return -E2BIG;
		v->says = verdict_text(one, "says");
		v->change = (enum change)verdict_number(one, "change");
		v->offset = (uint32_t)verdict_number(one, "offset");
	}
	if (!add_version(p, "canary", "%s", "canary.so"))
		return -E2BIG;
	return add_decoy(p);
}

/* Shuffles the versions from FIRST on, so that no test can know by their order
 * which is which. Source: Fisher and Yates, as Durstenfeld gave it. */
static void shuffle(struct mutation_test *p, size_t first)
{
	unsigned long random = (unsigned long)p->plan->seed * 2654435761UL + 1;
	for (size_t i = p->n_versions; i > first + 1; i--) {
		random = random * 6364136223846793005UL + 1442695040888963407UL;
		size_t j = first + (random >> 33) % (i - first);
		struct version swap = p->versions[i - 1];
		p->versions[i - 1] = p->versions[j];
		p->versions[j] = swap;
	}
}

/* --- which tests count ----------------------------------------------------------- */

/* Marks each test by what it made of the versions FIRST to LAST. One that rejects the
 * own code alone has found a fault in it. */
static void mark_valid(struct mutation_test *p, size_t first, size_t last)
{
	for (size_t t = 0; t < p->n_tests; t++) {
		struct test *test = &p->tests[t];
		test->valid = true;
		test->rejects = NULL;
		test->rejected = 0;
		for (size_t v = last; v-- > first;) {
			if (p->versions[v].mark[t] == MARK_ACCEPTS)
				continue;
			test->valid = false;
			test->rejected++;
			test->rejects = p->versions[v].name;
			test->how = p->versions[v].mark[t];
		}
	}
}

size_t mutation_test_count_valid(const struct mutation_test *p)
{
	size_t n = 0;
	for (size_t t = 0; t < p->n_tests; t++)
		n += p->tests[t].valid;
	return n;
}

const struct test *mutation_test_struck(const struct mutation_test *p, uint32_t offset,
					uint32_t second, bool aside)
{
	char pair[32];
	snprintf(pair, sizeof(pair), ",%x:%x,", offset, second);
	for (size_t t = 0; t < p->n_tests; t++)
		if (p->tests[t].valid != aside && strstr(p->tests[t].pairs, pair))
			return &p->tests[t];
	return NULL;
}

bool mutation_test_is_canary(const struct version *v)
{
	return strcmp(v->name, "canary") == 0;
}

bool mutation_test_catches(const struct mutation_test *p, const struct version *v)
{
	for (size_t t = 0; t < p->n_tests; t++)
		if (p->tests[t].valid && v->mark[t] > MARK_ACCEPTS)
			return true;
	return false;
}

/* Lists the tests that do not count, for the test runner: ",1,4,". */
static void list_skipped(struct mutation_test *p)
{
	char *at = stpcpy(p->skip, ",");
	for (size_t t = 0; t < p->n_tests; t++)
		if (!p->tests[t].valid)
			at += sprintf(at, "%zu,", t);
}

const char *mutation_test_unusable(const struct mutation_test *p)
{
	const struct version *reference = &p->versions[REFERENCE];
	if (reference->status == TEST_RUNNER_NO_TESTS)
		return "there is no function learner_tests(TCase *tests) in "
		       "your tests: they are registered there";
	if (reference->status == TEST_RUNNER_NO_CODE)
		return "your tests could not be loaded: they call something "
		       "that is not there";
	if (reference->status != 0)
		return "your tests did not come to their end";
	return NULL;
}

bool mutation_test_doubtful(const struct mutation_test *p)
{
	size_t first = p->plan->subject ? OWN : REFERENCE;
	if (mutation_test_unusable(p))
		return p->versions[REFERENCE].status != TEST_RUNNER_NO_TESTS;
	for (size_t v = first; v < p->n_versions; v++)
		if (p->versions[v].status < 0)
			return true;
	return p->n_tests > 0 && mutation_test_count_valid(p) == 0;
}

/* Which tests count: of what is known so far, and in the end when the judge has
 * judged the own code too. */
static void choose_tests(struct mutation_test *p)
{
	mark_valid(p, REFERENCE, p->correct);
	list_skipped(p);
}

/* Removes the counters of all that was run so far: 0 or a negative errno. */
static int clear_counters(const struct mutation_test *p)
{
	char path[PATH_MAX];
	int rc = 0;
	for (int i = 0; rc == 0 && i < COUNTED_NOT; i++) {
		rc = path_join(path, sizeof(path), "%s/%s", p->counters,
			       counted_names[i]);
		if (rc == 0)
			rc = remove_files(path, ".gcda");
	}
	return rc;
}

/* When some tests are set aside, what they reach does not count: the rest runs
 * once more, and its counters alone are kept. */
static int measure_again(struct mutation_test *p)
{
	choose_tests(p);
	size_t valid = mutation_test_count_valid(p);
	if (valid == 0 || valid == p->n_tests ||
	    p->n_versions + 2 > VERSIONS_MAX)
		return 0;
	int rc = clear_counters(p);
	if (rc < 0)
		return rc;
	p->versions[p->n_versions++] = p->versions[REFERENCE];
	if (mutation_test_has_own(p)) {
		p->versions[p->n_versions++] = p->versions[OWN];
	}
	rc = mutation_test_run(p, p->correct);
	memset(&p->versions[p->correct], 0, 2 * sizeof(p->versions[0]));
	p->n_versions = p->correct;
	return rc;
}

/* First round: what the tests make of correct versions. */
static int run_correct(struct mutation_test *p)
{
	int rc = add_correct(p);
	if (rc == 0)
		rc = mutation_test_run(p, p->plan->subject ? OWN : REFERENCE);
	for (size_t v = REFERENCE; v < p->n_versions; v++)
		if (p->versions[v].n > p->n_tests)
			p->n_tests = p->versions[v].n;
	p->correct = p->n_versions;
	crash_tell(p);
	return rc < 0 || p->plan->only ? rc : measure_again(p);
}

/* Starts gcovr on the counters of the first round. */
static int start_gcovr(struct mutation_test *p, const char *folder)
{
	const struct mutation_plan *plan = p->plan;
	char objects[PATH_MAX], solution[PATH_MAX];
	int rc = path_join(objects, sizeof(objects), "%s/reference",
			   plan->built);
	if (rc == 0)
		rc = path_join(solution, sizeof(solution), "%s/solutions/%s",
			       plan->root, plan->exercise->id);
	struct cell cell = {
		.enclosure = CELL_ENCLOSURE,
		.sandbox = plan->sandbox, .processes = GCOVR_PROCESSES,
		.reads = { plan->objects, plan->source, objects, solution },
		.writes = { p->counters },
	};
	return rc < 0 ? rc : coverage_start(folder, plan->sandbox ? &cell : NULL,
					    &p->gcovr);
}

/* Takes what gcovr tells. If it cannot digest what the learner's own code left, it
 * is asked once more of the reference alone, where no hand but ours was. */
static int finish_gcovr(struct mutation_test *p)
{
	char folder[PATH_MAX];
	int rc = coverage_finish(&p->gcovr, &p->files);
	if (rc != -ENODATA || !p->plan->subject)
		return rc;
	rc = path_join(folder, sizeof(folder), "%s/%s", p->counters,
		       counted_names[COUNTED_REFERENCE]);
	if (rc == 0)
		rc = start_gcovr(p, folder);
	return rc < 0 ? rc : coverage_finish(&p->gcovr, &p->files);
}

/* Sets aside the tests that reject a decoy. */
static void drop_unsteady(struct mutation_test *p, size_t first)
{
	for (size_t v = first; v < p->n_versions; v++) {
		const struct version *decoy = &p->versions[v];
		for (size_t t = 0; decoy->decoy && t < p->n_tests; t++) {
			if (decoy->mark[t] <= MARK_ACCEPTS || !p->tests[t].valid)
				continue;
			p->tests[t].valid = false;
			p->tests[t].rejected = 1;
			p->tests[t].rejects = decoy->name;
			p->tests[t].how = decoy->mark[t];
		}
	}
}

const struct test *mutation_test_aside(const struct mutation_test *p, bool rejecting)
{
	for (size_t t = 0; t < p->n_tests; t++)
		if (!p->tests[t].valid && rejecting ==
		    (p->versions[REFERENCE].mark[t] != MARK_ACCEPTS))
			return &p->tests[t];
	return NULL;
}

/* Whether V is a broken version that no test which counts has caught. */
static bool is_missed(const struct mutation_test *p, const struct version *v)
{
	return !v->decoy && !mutation_test_is_canary(v) &&
	       !mutation_test_catches(p, v);
}

/* Lists, for the test runner, the tests that are not to be tried once more: all but those
 * that are set aside though they accept the reference. */
static void skip_all_but_aside(const struct mutation_test *p, char *skip)
{
	char *at = stpcpy(skip, ",");
	for (size_t t = 0; t < p->n_tests; t++)
		if (p->tests[t].valid ||
		    p->versions[REFERENCE].mark[t] != MARK_ACCEPTS)
			at += sprintf(at, "%zu,", t);
}

/* Tries the tests that are set aside, and accept the reference, on what the others
 * missed: the versions from LAST on, which are gone afterwards. All of them are tried:
 * which one is fastest differs from one grading to the next. */
static int run_aside(struct mutation_test *p, size_t first, size_t last)
{
	size_t of[VERSIONS_MAX];
	for (size_t v = first; v < last && p->n_versions < VERSIONS_MAX; v++) {
		if (!is_missed(p, &p->versions[v]))
			continue;
		struct version *again = &p->versions[p->n_versions];
		of[p->n_versions++] = v;
		*again = p->versions[v];
		memset(again->mark, 0, sizeof(again->mark));
		again->stop = false;
	}
	skip_all_but_aside(p, p->skip);
	int rc = mutation_test_run(p, last);
	list_skipped(p);
	for (size_t v = last; v < p->n_versions; v++)
		for (size_t t = p->n_tests; t-- > 0;)
			if (p->versions[v].mark[t] > MARK_ACCEPTS)
				p->versions[of[v]].aside = &p->tests[t];
	memset(&p->versions[last], 0, (p->n_versions - last) * sizeof(p->versions[0]));
	p->n_versions = last;
	return rc;
}

/* Finds out which of the broken versions that are missed a test would catch that is set
 * aside. One that rejects the reference may catch any of them. */
static int find_held_back(struct mutation_test *p, size_t first)
{
	size_t last = p->n_versions;
	const struct test *rejecting = mutation_test_aside(p, true);
	if (!rejecting)
		return mutation_test_aside(p, false) ? run_aside(p, first, last) : 0;
	for (size_t v = first; v < last; v++)
		if (is_missed(p, &p->versions[v]))
			p->versions[v].aside = rejecting;
	return 0;
}

/* Starts the second round: has the broken versions tried. */
static int start_broken(struct mutation_test *p)
{
	choose_tests(p);
	p->first_broken = p->n_versions;
	int rc = add_broken(p);
	shuffle(p, p->first_broken);
	for (size_t v = p->first_broken; v < p->n_versions; v++)
		p->versions[v].stop = !p->versions[v].decoy;
	return rc < 0 ? rc : order_all(p, p->first_broken);
}

/* Whether any line of the code ran in the tests: of their own or, when there is
 * none, of the reference. */
static bool entered(const struct mutation_test *p)
{
	const struct names *files = &p->plan->exercise->subject;
	char folder[PATH_MAX], path[PATH_MAX];
	int rc = mutation_test_has_own(p) ? path_join(folder, PATH_MAX, "%s",
					p->plan->source)
			    : path_join(folder, PATH_MAX, "%s/solutions/%s",
					p->plan->root, p->plan->exercise->id);
	for (size_t i = 0; rc == 0 && i < files->n; i++) {
		size_t j;
		json_t *line;
		if (path_join(path, PATH_MAX, "%s/%s", folder,
			      files->name[i]) < 0)
			continue;
		json_array_foreach(coverage_lines(p->files, path), j, line)
			if (verdict_number(line, "count") > 0)
				return true;
	}
	return false;
}

/* Whether any test that counts says that it accepts V. */
static bool accepted(const struct mutation_test *p, const struct version *v)
{
	for (size_t t = 0; t < p->n_tests; t++)
		if (p->tests[t].valid && v->mark[t] == MARK_ACCEPTS)
			return true;
	return false;
}

/* Every function of the canary ends the process, so it has to die of tests that
 * call the code. What is said by tests of which it does not cannot be true: none
 * of them counts. (That the right library was loaded, load.c has seen to.) */
static void check_canary(struct mutation_test *p, size_t first)
{
	for (size_t i = first; i < p->n_versions; i++) {
		const struct version *v = &p->versions[i];
		if (mutation_test_is_canary(v) && accepted(p, v) &&
		    !mutation_test_catches(p, v) &&
		    entered(p))
			p->untrue = true;
	}
	for (size_t t = 0; p->untrue && t < p->n_tests; t++)
		p->tests[t].valid = false;
}

void mutation_test_release(struct mutation_test **test)
{
	struct mutation_test *p = *test;
	if (!p)
		return;
	coverage_end(&p->gcovr);
	runner_pool_close(&p->pool);
	close_counters(p);
	json_decref(p->files);
	free(p);
	*test = NULL;
}

/* Makes the folder of the counters, under a name that is drawn at random: no test
 * can guess it. */
static int make_counters(struct mutation_test *p)
{
	const struct mutation_plan *plan = p->plan;
	int rc = path_join(p->counters, PATH_MAX, "%s/XXXXXX", plan->work);
	if (rc == 0 && !mkdtemp(p->counters))
		rc = -errno;
	if (rc == 0 && chmod(p->counters, 0755) < 0)
		rc = -errno;
	return rc < 0 ? rc : sandbox_give(plan->sandbox, p->counters);
}

/* Starts the test runners, which get the folders of counters to hand on. */
static int open_runners(struct mutation_test *p)
{
	const struct mutation_plan *plan = p->plan;
	int rc = open_all_counters(p);
	if (rc == 0)
		rc = path_join(p->wrap, PATH_MAX, "%s/wrap.so", plan->built);
	if (rc < 0)
		return rc;
	struct runner_pool_plan pool = {
		.root = plan->root, .work = plan->work,
		.tests = plan->tests, .sandbox = plan->sandbox,
		.wrap = plan->exercise->wrap.n ? p->wrap : NULL,
		.counters = p->counters, .nice = NICE_BESIDE_GCOVR,
		.counters_folder = { p->folder[0], p->folder[1] },
	};
	return runner_pool_open(&pool, &p->pool);
}

int mutation_test_prepare(const struct mutation_plan *plan,
			  struct mutation_test **ret_test)
{
	struct mutation_test *p = calloc(1, sizeof(*p));
	if (!p)
		return -ENOMEM;
	p->plan = plan;
	p->gcovr = (struct gcovr)GCOVR_NONE;
	p->folder[0] = p->folder[1] = -1;
	int rc = plan->support ? path_join(p->support, PATH_MAX, "%s/support.so",
					    plan->built) : 0;
	if (rc == 0)
		rc = make_counters(p);
	if (rc == 0)
		rc = start_gcovr(p, p->counters);
	if (rc == 0)
		rc = open_runners(p);
	if (rc < 0)
		mutation_test_release(&p);
	else
		*ret_test = p;
	return rc;
}

int mutation_test_start(struct mutation_test *p)
{
	int rc = link_all_notes(p);
	if (rc == 0)
		rc = run_correct(p);
	if (rc == 0)
		coverage_go(&p->gcovr);
	return rc < 0 || p->plan->only || mutation_test_unusable(p) ? rc :
	       start_broken(p);
}

/* Whether gcovr tells of the code that was measured at all. */
static bool tells_of_reference(const struct mutation_test *p)
{
	const struct names *files = &p->plan->exercise->subject;
	for (size_t i = 0; i < files->n; i++) {
		char path[PATH_MAX];
		if (path_join(path, sizeof(path), "%s/solutions/%s/%s",
			      p->plan->root, p->plan->exercise->id,
			      files->name[i]) == 0 &&
		    coverage_lines(p->files, path))
			return true;
	}
	return false;
}

int mutation_test_finish(struct mutation_test *p)
{
	if (mutation_test_unusable(p))
		return 0;
	int rc = collect(p);
	drop_unsteady(p, p->first_broken);
	if (rc == 0)
		rc = find_held_back(p, p->first_broken);
	if (rc == 0)
		rc = finish_gcovr(p);
	if (rc == 0 && !tells_of_reference(p))
		rc = -ENODATA;
	if (rc == 0)
		check_canary(p, p->first_broken);
	return rc;
}
