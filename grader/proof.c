/* proof.c - see proof.h.
 *
 * Two rounds of the tests. First on the learner's own code, on the reference
 * and on each correct version: that decides which tests count. Then those that
 * count on each broken version, while gcovr reads the counters of the first.
 */
#include "proof.h"
#include "build.h"
#include "coverage.h"
#include "folder.h"
#include "provers.h"
#include "submission.h"
#include "text.h"
#include "verdict.h"
#include "worker/prover.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	TESTS_MAX = 200,
	VERSIONS_MAX = 96,
	PROVER_MS = 20000,
	GCOVR_PROCESSES = 24,
};

/* The first versions. */
enum { OWN, REFERENCE };

/* What one test made of one version. */
enum mark { MARK_NONE, MARK_ACCEPTS, MARK_REJECTS, MARK_LEAVES, MARK_CRASHES,
	    MARK_HANGS };

static const char *const mark_words[] = {
	[MARK_NONE] = "", [MARK_ACCEPTS] = "accepts", [MARK_REJECTS] = "rejects",
	[MARK_LEAVES] = "leaves", [MARK_CRASHES] = "crashes",
	[MARK_HANGS] = "hangs",
};

/* Whose counters a version writes. */
enum counted { COUNTED_OWN, COUNTED_REFERENCE, COUNTED_NOT };

static const char *const counted_names[COUNTED_NOT] = { "own", "reference" };

/* A version of the code and what the tests made of it. */
struct version {
	const char *name, *says, *clause;	/* borrowed */
	char subject[PATH_MAX];
	const char *support;
	enum counted counted;
	enum change change;
	uint32_t offset;
	bool decoy;			/* correct, among the broken ones */
	bool stop;			/* the first rejection is enough */
	/* afterwards */
	int status;			/* of the prover, -1 when it was ended */
	size_t n;			/* tests that there are */
	enum mark mark[TESTS_MAX];
};

/* The first message with which a test rejected. */
struct complaint {
	char text[512];
	char file[64];
	int line;
};

struct test {
	char name[80];
	bool valid;
	struct complaint own, correct;	/* about the own code, about the rest */
	const char *rejects;	/* the correct version it rejects, or NULL */
	enum mark how;		/* and in which way */
	size_t rejected;	/* how many of them it rejects */
};

/* Everything about one proof under way. */
struct proving {
	const struct proof *proof;
	struct test tests[TESTS_MAX];
	size_t n_tests;
	char skip[PROVER_SKIP_MAX];
	struct version versions[VERSIONS_MAX];
	size_t n_versions;
	json_t *files;			/* gcovr's */
	char support[PATH_MAX];		/* ours, "" when there is none */
	char counters[PATH_MAX];	/* holds a folder for each counted_names */
	int folder[COUNTED_NOT];	/* those, open; -1 when not */
	char wrap[PATH_MAX];		/* what stands before the code */
	struct provers provers;
	size_t correct;			/* versions of the first round */
	bool untrue;			/* what the tests say cannot be so */
	struct gcovr gcovr;
};

/* Whether there is code of the learner's that their tests ran on. */
static bool has_own(const struct proving *p)
{
	return p->proof->subject && p->versions[OWN].status == 0;
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

/* Reads one line "test NUMBER NAME RESULT [FILE LINE MESSAGE]". */
static int take_result(struct proving *p, struct version *v,
		       const struct words *words)
{
	long long number, line = 0;
	if (words->n < 4 || wire_number(words->word[1], &number) < 0 ||
	    number < 0 || number >= TESTS_MAX)
		return -EPROTO;
	struct test *test = &p->tests[number];
	for (int mark = MARK_ACCEPTS; mark <= MARK_HANGS; mark++)
		if (strcmp(words->word[3], mark_words[mark]) == 0)
			v->mark[number] = (enum mark)mark;
	if (!test->name[0])
		text_copy(test->name, sizeof(test->name), words->word[2]);
	struct complaint *complaint = v == &p->versions[OWN] ? &test->own :
				      &test->correct;
	if (words->n < 7 || complaint->text[0] || v->stop ||
	    wire_number(words->word[5], &line) < 0)
		return 0;
	text_copy(complaint->file, sizeof(complaint->file), words->word[4]);
	text_copy(complaint->text, sizeof(complaint->text), words->word[6]);
	hide_addresses(complaint->text);
	complaint->line = (int)line;
	return 0;
}

/* Takes one line of a prover's about version NUMBER. */
static void take_line(size_t number, const struct words *words, void *data)
{
	struct proving *p = data;
	struct version *v = &p->versions[number];
	long long n;
	if (number >= p->n_versions)
		return;
	if (strcmp(words->word[0], "test") == 0)
		take_result(p, v, words);
	else if (wire_number(words->word[1], &n) < 0)
		return;
	else if (strcmp(words->word[0], "done") == 0 && n >= 0)
		v->n = n < TESTS_MAX ? (size_t)n : TESTS_MAX;
	else if (strcmp(words->word[0], "ended") == 0)
		v->status = (int)n;
}

/* Has version V tried. */
static int order(struct proving *p, struct version *v)
{
	struct version_order order = {
		.subject = v->subject, .support = v->support, .skip = p->skip,
		.counters = v->counted == COUNTED_NOT ? -1 : (int)v->counted,
		.change = v->change, .offset = v->offset, .stop = v->stop,
	};
	v->status = -1;
	return provers_order(&p->provers, (size_t)(v - p->versions), &order);
}

/* Runs the versions from FIRST on. */
static int run_versions(struct proving *p, size_t first)
{
	int rc = 0;
	for (size_t v = first; rc == 0 && v < p->n_versions; v++)
		rc = order(p, &p->versions[v]);
	int collected = provers_collect(&p->provers, PROVER_MS, take_line, p);
	return rc < 0 ? rc : collected;
}

/* --- the versions there are ---------------------------------------------------- */

/* Adds a version whose library stands at PATH below the built exercise. */
static struct version *add_version(struct proving *p, const char *name,
				   const char *format, const char *file)
{
	if (p->n_versions == VERSIONS_MAX)
		return NULL;
	struct version *v = &p->versions[p->n_versions];
	char below[PATH_MAX];
	snprintf(below, sizeof(below), format, file);
	if (path_join(v->subject, PATH_MAX, "%s/%s", p->proof->built, below) < 0)
		return NULL;
	v->name = name;
	v->counted = COUNTED_NOT;
	v->support = p->support[0] ? p->support : NULL;
	p->n_versions++;
	return v;
}

/* Makes the folder of counters of the own code or the reference, and opens it. */
static int open_counters(struct proving *p, enum counted counted)
{
	char path[PATH_MAX];
	int rc = path_join(path, sizeof(path), "%s/%s", p->counters,
			   counted_names[counted]);
	if (rc == 0)
		rc = make_folders(path);
	if (rc == 0)
		rc = sandbox_give(p->proof->sandbox, path);
	if (rc < 0)
		return rc;
	p->folder[counted] = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return p->folder[counted] < 0 ? -errno : 0;
}

/* Puts what the compiler noted of OBJECTS beside their counters. */
static int link_notes(struct proving *p, enum counted counted,
		      const char *objects)
{
	char path[PATH_MAX];
	int rc = path_join(path, sizeof(path), "%s/%s", p->counters,
			   counted_names[counted]);
	return rc < 0 ? rc : coverage_prepare(objects, path);
}

static void close_counters(struct proving *p)
{
	for (int i = 0; i < COUNTED_NOT; i++) {
		if (p->folder[i] >= 0)
			close(p->folder[i]);
		p->folder[i] = -1;
	}
}

/* Opens the counters of both. */
static int open_all_counters(struct proving *p)
{
	int rc = open_counters(p, COUNTED_OWN);
	return rc < 0 ? rc : open_counters(p, COUNTED_REFERENCE);
}

/* Links the notes of both, as far as there is code. */
static int link_all_notes(struct proving *p)
{
	char objects[PATH_MAX];
	int rc = p->proof->subject ?
		 link_notes(p, COUNTED_OWN, p->proof->objects) : 0;
	if (rc == 0)
		rc = path_join(objects, PATH_MAX, "%s/reference",
			       p->proof->built);
	return rc < 0 ? rc : link_notes(p, COUNTED_REFERENCE, objects);
}

/* Adds the own code, the reference, and the correct versions. */
static int add_correct(struct proving *p)
{
	size_t i;
	json_t *name;
	struct version *own = add_version(p, "your own code", "%s", "");
	snprintf(own->subject, PATH_MAX, "%s",
		 p->proof->subject ? p->proof->subject : "");
	own->support = p->proof->support;
	own->counted = COUNTED_OWN;
	add_version(p, "the reference", "%s", "subject.so")->counted =
		COUNTED_REFERENCE;
	json_array_foreach(json_object_get(p->proof->reference, "wheats"), i,
			   name)
		if (!add_version(p, json_string_value(name), "wheats/%s.so",
				 json_string_value(name)))
			return -E2BIG;
	return 0;
}

/* Adds a correct version among the broken ones. Tests that behave otherwise in
 * the second round than in the first, by whatever they know it, reject it. */
static int add_decoy(struct proving *p)
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
static int add_broken(struct proving *p)
{
	size_t i;
	json_t *one;
	const json_t *reference = p->proof->reference;
	json_array_foreach(json_object_get(reference, "mutants"), i, one) {
		struct version *v = add_version(p, verdict_text(one, "name"),
			"mutants/%s.so", verdict_text(one, "name"));
		if (!v)
			return -E2BIG;
		v->says = verdict_text(one, "says");
		v->clause = verdict_text(one, "clause");
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
static void shuffle(struct proving *p, size_t first)
{
	unsigned long random = (unsigned long)p->proof->seed * 2654435761UL + 1;
	for (size_t i = p->n_versions; i > first + 1; i--) {
		random = random * 6364136223846793005UL + 1442695040888963407UL;
		size_t j = first + (random >> 33) % (i - first);
		struct version swap = p->versions[i - 1];
		p->versions[i - 1] = p->versions[j];
		p->versions[j] = swap;
	}
}

/* --- which tests count ----------------------------------------------------------- */

/* Marks each test by what it made of the versions FIRST to LAST. */
static void mark_valid(struct proving *p, size_t first, size_t last)
{
	for (size_t t = 0; t < p->n_tests; t++) {
		struct test *test = &p->tests[t];
		test->valid = true;
		test->rejects = NULL;
		test->rejected = 0;
		for (size_t v = first; v < last; v++) {
			if (p->versions[v].mark[t] == MARK_ACCEPTS)
				continue;
			test->valid = false;
			test->rejected++;
			test->rejects = p->versions[v].name;
			test->how = p->versions[v].mark[t];
		}
		if (test->valid && p->proof->clean && has_own(p) &&
		    p->versions[OWN].mark[t] != MARK_ACCEPTS) {
			test->valid = false;
			test->rejects = p->versions[OWN].name;
			test->how = p->versions[OWN].mark[t];
		}
	}
}

static size_t count_valid(const struct proving *p)
{
	size_t n = 0;
	for (size_t t = 0; t < p->n_tests; t++)
		n += p->tests[t].valid;
	return n;
}

/* Lists the tests that do not count for the prover: ",1,4,". */
static void list_skipped(struct proving *p)
{
	char *at = stpcpy(p->skip, ",");
	for (size_t t = 0; t < p->n_tests; t++)
		if (!p->tests[t].valid)
			at += sprintf(at, "%zu,", t);
}

/* The size of the set of broken versions, and how many of them are caught. */
struct tally {
	size_t all, caught;
};

/* --- what the verdict says ---------------------------------------------------------- */

/* Adds a detail: a line more of the check before it. */
static json_t *add_detail(json_t *verdict, const char *name, const char *status,
			  const char *clause, const char *message)
{
	return verdict_check(verdict, "proves", name, status, 0, 0,
			     clause && *clause ? clause : NULL, message);
}

static void set_place(json_t *check, const char *file, int line)
{
	json_object_set_new(check, "file", verdict_sentence(file));
	json_object_set_new(check, "line", json_integer(line));
}

/* How one says what a test made of a version. */
static const char *mark_phrase(enum mark mark)
{
	static const char *const phrases[] = {
		[MARK_NONE] = "never ran on", [MARK_ACCEPTS] = "accepts",
		[MARK_REJECTS] = "rejects", [MARK_LEAVES] = "exits on",
		[MARK_CRASHES] = "crashes on", [MARK_HANGS] = "never ends on",
	};
	return phrases[mark];
}

/* What the contract leaves free and a correct version makes use of: the clause
 * and the words that exercise.json has for it, "" for none. */
static const json_t *freedom_of(const struct proving *p, const char *version)
{
	const json_t *freedoms = json_object_get(
		p->proof->exercise->description, "freedoms");
	return json_object_get(freedoms, version);
}

/* Names a test that is set aside. */
static void tell_set_aside(json_t *verdict, const struct proving *p, size_t t)
{
	const struct test *test = &p->tests[t];
	bool own = strcmp(test->rejects, p->versions[OWN].name) == 0;
	const struct complaint *c = own ? &test->own : &test->correct;
	bool all = test->rejected == p->correct - REFERENCE;
	const json_t *freedom = all ? NULL : freedom_of(p, test->rejects);
	const char *free = verdict_text(freedom, "says");
	char message[1280];
	snprintf(message, sizeof(message), "your test %s is set aside: it %s %s%s"
		 "%s%s%s%s%s", test->name, mark_phrase(test->how),
		 own ? "your own code, which is correct" : all ?
		 "every correct version" : "a correct version (",
		 own || all ? "" : test->rejects, own || all ? "" : ")",
		 *free ? ". It asks for more than the contract does: " : "", free,
		 c->text[0] ? ". It said: " : "", c->text);
	set_place(add_detail(verdict, "valid", "fail",
			     verdict_text(freedom, "clause"), message),
		  c->file[0] ? c->file : p->proof->exercise->tests, c->line);
}

/* Names a test that found a fault in the learner's own code. */
static void tell_found(json_t *verdict, const struct proving *p, size_t t)
{
	const struct test *test = &p->tests[t];
	const struct complaint *c = &test->own;
	char message[1024];
	snprintf(message, sizeof(message),
		 "your test %s %s your own code and accepts every correct "
		 "version: it has found a fault of yours%s%s", test->name,
		 mark_phrase(p->versions[OWN].mark[t]),
		 c->text[0] ? ": " : "", c->text);
	set_place(add_detail(verdict, "found", "fail", NULL, message),
		  c->file[0] ? c->file : p->proof->exercise->tests,
		  c->line);
}

/* Whether a test whose name begins at NAME and is N long was registered. What
 * cannot be known counts as registered. */
static bool is_registered(const struct proving *p, const char *name, size_t n)
{
	for (size_t t = 0; t < p->n_tests; t++) {
		const char *other = p->tests[t].name;
		if (!*other || *other == '?' || n >= sizeof(p->tests[t].name) ||
		    (strncmp(other, name, n) == 0 && !other[n]))
			return true;
	}
	return p->n_tests == 0;
}

/* Names a test that is written, and that nobody runs. */
static void tell_unlisted(const struct proving *p, json_t *verdict,
			  const char *name, size_t n, int line)
{
	char message[256];
	snprintf(message, sizeof(message), "your test %.*s is never run: "
		 "learner_tests does not list it", (int)n, name);
	set_place(add_detail(verdict, "valid", "fail", NULL, message),
		  p->proof->exercise->tests, line);
}

/* Names each test that stands in the learner's file and is not run. */
static void tell_unlisted_tests(const struct proving *p, json_t *verdict)
{
	static const char begin[] = "START_TEST(";
	const size_t skipped = sizeof(begin) - 1;
	char path[PATH_MAX], *text;
	size_t size;
	int line = 1;
	if (path_join(path, sizeof(path), "%s/%s", p->proof->source,
		      p->proof->exercise->tests) < 0 ||
	    read_file(path, SUBMISSION_FILE_MAX, &text, &size) < 0)
		return;
	for (const char *at = text; at; line++) {
		const char *name = at + strspn(at, " \t");
		const char *next = strchr(at, '\n');
		if (strncmp(name, begin, skipped) == 0) {
			name += skipped + strspn(name + skipped, " \t");
			size_t n = strcspn(name, " \t\n)");
			if (!is_registered(p, name, n))
				tell_unlisted(p, verdict, name, n, line);
		}
		at = next ? next + 1 : NULL;
	}
	free(text);
}

/* Adds the check "valid": when no broken version is caught, it has no points. */
static void add_valid(const struct proving *p, json_t *verdict, long max,
		      struct tally tally)
{
	size_t valid = count_valid(p);
	char message[256];
	if (p->n_tests == 0)
		snprintf(message, sizeof(message),
			 "%s registers no test: add them in learner_tests",
			 p->proof->exercise->tests);
	else if (p->untrue)
		snprintf(message, sizeof(message),
			 "none of your tests counts: they accept a version in "
			 "which every function ends the process at once, "
			 "which no test that calls it can live to tell");
	else if (valid == p->n_tests)
		snprintf(message, sizeof(message),
			 "every one of your %zu tests accepts every correct "
			 "version", valid);
	else
		snprintf(message, sizeof(message),
			 "%zu of your %zu tests count; the others reject "
			 "correct code", valid, p->n_tests);
	long score = p->n_tests && tally.caught ?
		     max * (long)valid / (long)p->n_tests : 0;
	bool pass = p->n_tests && valid == p->n_tests;
	verdict_check(verdict, "proves", "valid", pass ? "pass" : "fail", score,
		      max, NULL, message);
	for (size_t t = 0; t < p->n_tests && !p->untrue; t++) {
		if (!p->tests[t].valid)
			tell_set_aside(verdict, p, t);
		else if (has_own(p) && p->versions[OWN].mark[t] != MARK_ACCEPTS)
			tell_found(verdict, p, t);
	}
	if (tally.caught < tally.all)
		tell_unlisted_tests(p, verdict);
}

/* Names an error path of the own code that no test of theirs enters. */
static void tell_unreached(json_t *verdict, const json_t *exit)
{
	const json_t *fault = json_object_get(exit, "fault");
	char message[512];
	snprintf(message, sizeof(message),
		 "no test of yours enters %s:%ld: make %s at %s:%ld fail, for "
		 "instance by fail_call(%ld, %s)", verdict_text(exit, "file"),
		 verdict_number(exit, "line"), verdict_text(fault, "function"),
		 verdict_text(fault, "file"), verdict_number(fault, "line"),
		 verdict_number(fault, "call"),
		 error_asked(verdict_text(fault, "errno")));
	set_place(add_detail(verdict, "error_paths", "skip", NULL, message),
		  verdict_text(exit, "file"),
		  (int)verdict_number(exit, "line"));
}

/* Whether an exit before number N of the list has the same place. */
static bool told_before(const json_t *exits, size_t n, const json_t *exit)
{
	for (size_t i = 0; i < n; i++) {
		const json_t *other = json_array_get(exits, i);
		if (verdict_number(other, "line") ==
		    verdict_number(exit, "line") &&
		    strcmp(verdict_text(other, "file"),
			   verdict_text(exit, "file")) == 0)
			return true;
	}
	return false;
}

/* Names each unreached error path of the own code, once. */
static void tell_unreached_paths(const struct proving *p, json_t *verdict)
{
	size_t i;
	json_t *exit;
	if (!has_own(p))
		return;
	json_array_foreach(p->proof->exits, i, exit) {
		char path[PATH_MAX];
		path_join(path, sizeof(path), "%s/%s", p->proof->source,
			  verdict_text(exit, "file"));
		const json_t *lines = coverage_lines(p->files, path);
		if (lines && !told_before(p->proof->exits, i, exit) &&
		    coverage_line(lines, (int)verdict_number(exit, "line")) == 0)
			tell_unreached(verdict, exit);
	}
}

/* How many error-path branches of the reference the tests took. */
static size_t count_reached(const struct proving *p)
{
	if (count_valid(p) == 0)
		return 0;
	size_t i, n = 0;
	json_t *branch;
	json_array_foreach(json_object_get(p->proof->reference, "branches"), i,
			   branch) {
		const char *file;
		int line, index;
		char path[PATH_MAX];
		if (json_unpack(branch, "[s, i, i]", &file, &line, &index) < 0 ||
		    path_join(path, sizeof(path), "%s/solutions/%s/%s",
			      p->proof->root, p->proof->exercise->id, file) < 0)
			continue;
		n += coverage_branch(coverage_lines(p->files, path), line,
				     index) > 0;
	}
	return n;
}

/* Adds the check "error_paths". */
static size_t add_reached(const struct proving *p, json_t *verdict, long max)
{
	size_t all = json_array_size(json_object_get(p->proof->reference,
						     "branches"));
	size_t reached = count_reached(p);
	char message[256];
	if (reached == all)
		snprintf(message, sizeof(message),
			 "your tests reach every error path (%zu branches that "
			 "run only when a call fails)", all);
	else
		snprintf(message, sizeof(message),
			 "your tests reach %zu of the %zu branches that run "
			 "only when a call fails%s: make more calls fail",
			 reached, all, p->proof->exercise->code_given ? "" :
			 ", as our solution has them");
	long score = all ? max * (long)reached / (long)all : max;
	verdict_check(verdict, "proves", "error_paths",
		      reached == all ? "pass" : "fail", score, max, NULL,
		      message);
	tell_unreached_paths(p, verdict);
	return reached;
}

/* Whether any test that counts does not accept V. */
static bool catches(const struct proving *p, const struct version *v)
{
	for (size_t t = 0; t < p->n_tests; t++)
		if (p->tests[t].valid && v->mark[t] > MARK_ACCEPTS)
			return true;
	return false;
}

static bool is_canary(const struct version *v)
{
	return strcmp(v->name, "canary") == 0;
}

/* Whether V is one of those that tests are asked to catch. */
static bool is_broken(const struct version *v)
{
	return !is_canary(v) && !v->decoy;
}

/* Names a broken version that lives. */
static void tell_missed(json_t *verdict, const struct version *v)
{
	char message[512];
	snprintf(message, sizeof(message),
		 "your tests accept a broken version: %s", v->says);
	add_detail(verdict, "caught", "fail", v->clause, message);
}

/* Names a broken version that only the learner's own support lets live. */
static void tell_blind(const struct proving *p, json_t *verdict,
		       const struct version *v)
{
	char message[512];
	snprintf(message, sizeof(message), "%s is blind to a broken version: %s. "
		 "With a sound one your tests catch it",
		 p->proof->exercise->support.name[0], v->says);
	add_detail(verdict, "blind", "fail", v->clause, message);
}

static struct tally tally_broken(const struct proving *p, size_t first)
{
	struct tally tally = { 0, 0 };
	for (size_t i = first; i < p->n_versions; i++) {
		if (!is_broken(&p->versions[i]))
			continue;
		tally.all++;
		tally.caught += catches(p, &p->versions[i]);
	}
	return tally;
}

/* Tries the broken versions that are caught again with the learner's own support,
 * when something is wrong with their code: what then lives, it is blind to. This
 * is told and not scored, or a second fault in the support could pay. */
static int find_blind(struct proving *p, json_t *verdict, size_t first)
{
	size_t last = p->n_versions;
	if (!p->proof->support || p->proof->exercise->support_given ||
	    p->proof->clean || !p->proof->subject)
		return 0;
	for (size_t i = first; i < last && p->n_versions < VERSIONS_MAX; i++) {
		if (!is_broken(&p->versions[i]) || !catches(p, &p->versions[i]))
			continue;
		struct version *again = &p->versions[p->n_versions++];
		*again = p->versions[i];
		again->support = p->proof->support;
		memset(again->mark, 0, sizeof(again->mark));
	}
	int rc = run_versions(p, last);
	for (size_t i = last; rc == 0 && i < p->n_versions; i++)
		if (!catches(p, &p->versions[i]))
			tell_blind(p, verdict, &p->versions[i]);
	return rc;
}

/* Adds the check "caught" and names what lives. */
static int add_caught(struct proving *p, json_t *verdict, long max,
		      size_t first)
{
	struct tally tally = tally_broken(p, first);
	char message[128];
	snprintf(message, sizeof(message),
		 "your tests catch %zu of %zu broken versions", tally.caught,
		 tally.all);
	verdict_check(verdict, "proves", "caught",
		      tally.caught == tally.all ? "pass" : "fail",
		      tally.all ? max * (long)tally.caught / (long)tally.all
				: 0, max, NULL, message);
	for (size_t i = first; i < p->n_versions; i++)
		if (is_broken(&p->versions[i]) && !catches(p, &p->versions[i]))
			tell_missed(verdict, &p->versions[i]);
	return find_blind(p, verdict, first);
}

/* --- the whole ------------------------------------------------------------------------ */

/* Why the tests cannot be run at all: a sentence, or NULL. Of their own code
 * this says nothing: that may be what is wrong. */
static const char *unusable(const struct proving *p)
{
	const struct version *reference = &p->versions[REFERENCE];
	if (reference->status == PROVER_NO_TESTS)
		return "there is no function learner_tests(TCase *tests) in "
		       "your tests: they are registered there";
	if (reference->status == PROVER_NO_CODE)
		return "your tests could not be loaded: they call something "
		       "that is not there";
	if (reference->status != 0)
		return "your tests did not come to their end";
	return NULL;
}

/* Which tests count: of what is known so far, and in the end when the judge has
 * judged the own code too. */
static void choose_tests(struct proving *p)
{
	mark_valid(p, REFERENCE, p->correct);
	list_skipped(p);
}

/* Removes the counters in FOLDER. */
static void clear_counters(const char *folder)
{
	char pattern[PATH_MAX];
	glob_t found = { 0 };
	if (path_join(pattern, sizeof(pattern), "%s/*.gcda", folder) == 0 &&
	    glob(pattern, 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc; i++)
			unlink(found.gl_pathv[i]);
	globfree(&found);
}

/* When some tests are set aside, what they reach does not count: the rest runs
 * once more, and its counters alone are kept. */
static int measure_again(struct proving *p)
{
	char path[PATH_MAX];
	choose_tests(p);
	size_t valid = count_valid(p);
	if (valid == 0 || valid == p->n_tests ||
	    p->n_versions + 2 > VERSIONS_MAX)
		return 0;
	for (int i = 0; i < COUNTED_NOT; i++)
		if (path_join(path, sizeof(path), "%s/%s", p->counters,
			      counted_names[i]) == 0)
			clear_counters(path);
	p->versions[p->n_versions++] = p->versions[REFERENCE];
	if (has_own(p)) {
		p->versions[p->n_versions++] = p->versions[OWN];
	}
	int rc = run_versions(p, p->correct);
	memset(&p->versions[p->correct], 0, 2 * sizeof(p->versions[0]));
	p->n_versions = p->correct;
	return rc;
}

/* First round: what the tests make of correct versions. */
static int run_correct(struct proving *p)
{
	int rc = add_correct(p);
	if (rc == 0)
		rc = run_versions(p, p->proof->subject ? OWN : REFERENCE);
	for (size_t v = REFERENCE; v < p->n_versions; v++)
		if (p->versions[v].n > p->n_tests)
			p->n_tests = p->versions[v].n;
	p->correct = p->n_versions;
	return rc < 0 ? rc : measure_again(p);
}

/* Starts gcovr on the counters of the first round. */
static int start_gcovr(struct proving *p, const char *folder)
{
	const struct proof *proof = p->proof;
	char objects[PATH_MAX], solution[PATH_MAX];
	int rc = path_join(objects, sizeof(objects), "%s/reference",
			   proof->built);
	if (rc == 0)
		rc = path_join(solution, sizeof(solution), "%s/solutions/%s",
			       proof->root, proof->exercise->id);
	struct cell cell = {
		.sandbox = proof->sandbox, .processes = GCOVR_PROCESSES,
		.reads = { proof->objects, proof->source, objects, solution },
		.writes = { p->counters },
	};
	return rc < 0 ? rc : coverage_start(folder, proof->sandbox ? &cell : NULL,
					    &p->gcovr);
}

/* Takes what gcovr tells. If it cannot digest what the learner's own code left, it
 * is asked once more of the reference alone, where no hand but ours was. */
static int finish_gcovr(struct proving *p)
{
	char folder[PATH_MAX];
	int rc = coverage_finish(&p->gcovr, &p->files);
	if (rc != -ENODATA || !p->proof->subject)
		return rc;
	rc = path_join(folder, sizeof(folder), "%s/%s", p->counters,
		       counted_names[COUNTED_REFERENCE]);
	if (rc == 0)
		rc = start_gcovr(p, folder);
	return rc < 0 ? rc : coverage_finish(&p->gcovr, &p->files);
}

/* Sets aside the tests that reject a decoy. */
static void drop_unsteady(struct proving *p, size_t first)
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

/* Second round: the broken versions, the first of which is *ret_first. */
static int run_broken(struct proving *p, size_t *ret_first)
{
	*ret_first = p->n_versions;
	int rc = add_broken(p);
	shuffle(p, *ret_first);
	for (size_t v = *ret_first; v < p->n_versions; v++)
		p->versions[v].stop = !p->versions[v].decoy;
	if (rc == 0)
		rc = run_versions(p, *ret_first);
	drop_unsteady(p, *ret_first);
	return rc;
}

/* Whether any line of the code ran in the tests: of their own or, when there is
 * none, of the reference. */
static bool entered(const struct proving *p)
{
	const struct names *files = &p->proof->exercise->subject;
	char folder[PATH_MAX], path[PATH_MAX];
	int rc = has_own(p) ? path_join(folder, PATH_MAX, "%s",
					p->proof->source)
			    : path_join(folder, PATH_MAX, "%s/solutions/%s",
					p->proof->root, p->proof->exercise->id);
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
static bool accepted(const struct proving *p, const struct version *v)
{
	for (size_t t = 0; t < p->n_tests; t++)
		if (p->tests[t].valid && v->mark[t] == MARK_ACCEPTS)
			return true;
	return false;
}

/* Every function of the canary ends the process, so it has to die of tests that
 * call the code. What is said by tests of which it does not cannot be true: none
 * of them counts. (That the right library was loaded, load.c has seen to.) */
static void check_canary(struct proving *p, size_t first)
{
	for (size_t i = first; i < p->n_versions; i++) {
		const struct version *v = &p->versions[i];
		if (is_canary(v) && accepted(p, v) && !catches(p, v) &&
		    entered(p))
			p->untrue = true;
	}
	for (size_t t = 0; p->untrue && t < p->n_tests; t++)
		p->tests[t].valid = false;
}

/* Writes the three numbers apart. */
static void add_numbers(const struct proving *p, json_t *verdict,
			struct tally tally, size_t reached)
{
	size_t branches = json_array_size(json_object_get(
		p->proof->reference, "branches"));
	json_object_set_new(verdict, "proves", json_pack(
		"{s:I, s:I, s:I, s:I, s:I, s:I}",
		"tests", (json_int_t)p->n_tests,
		"valid", (json_int_t)count_valid(p),
		"branches", (json_int_t)branches,
		"reached", (json_int_t)reached,
		"broken", (json_int_t)tally.all,
		"caught", (json_int_t)tally.caught));
}

/* Draws the conclusions and adds the checks. */
static int conclude(struct proving *p, json_t *verdict, size_t first)
{
	long max = p->proof->exercise->proves;
	long max_valid = max / 10, max_reached = max / 4;
	check_canary(p, first);
	struct tally tally = tally_broken(p, first);
	add_valid(p, verdict, max_valid, tally);
	size_t reached = add_reached(p, verdict, max_reached);
	add_numbers(p, verdict, tally, reached);
	return add_caught(p, verdict, max - max_valid - max_reached, first);
}

static void release(struct proving *p)
{
	coverage_end(&p->gcovr);
	provers_close(&p->provers);
	close_counters(p);
	json_decref(p->files);
	free(p);
}

/* Makes the folder of the counters, under a name that nobody who is in it can
 * know. */
static int make_counters(struct proving *p)
{
	const struct proof *proof = p->proof;
	int rc = path_join(p->counters, PATH_MAX, "%s/XXXXXX", proof->work);
	if (rc == 0 && !mkdtemp(p->counters))
		rc = -errno;
	if (rc == 0 && chmod(p->counters, 0755) < 0)
		rc = -errno;
	return rc < 0 ? rc : sandbox_give(proof->sandbox, p->counters);
}

/* Starts the provers, which hand the folders of counters on. */
static int open_provers(struct proving *p)
{
	const struct proof *proof = p->proof;
	int rc = open_all_counters(p);
	if (rc == 0)
		rc = path_join(p->wrap, PATH_MAX, "%s/wrap.so", proof->built);
	if (rc < 0)
		return rc;
	struct provers_plan plan = {
		.root = proof->root, .work = proof->work,
		.tests = proof->tests, .sandbox = proof->sandbox,
		.wrap = proof->exercise->wrap.n ? p->wrap : NULL,
		.counters = p->counters, .nice = COVERAGE_FIRST,
		.counters_folder = { p->folder[0], p->folder[1] },
	};
	return provers_open(&plan, &p->provers);
}

int prove_prepare(const struct proof *proof, struct proving **ret_proving)
{
	struct proving *p = calloc(1, sizeof(*p));
	if (!p)
		return -ENOMEM;
	p->proof = proof;
	p->gcovr = (struct gcovr)GCOVR_NONE;
	p->folder[0] = p->folder[1] = -1;
	int rc = proof->support ? path_join(p->support, PATH_MAX, "%s/support.so",
					    proof->built) : 0;
	if (rc == 0)
		rc = make_counters(p);
	if (rc == 0)
		rc = start_gcovr(p, p->counters);
	if (rc == 0)
		rc = open_provers(p);
	if (rc < 0)
		release(p);
	else
		*ret_proving = p;
	return rc;
}

int prove_start(struct proving *p)
{
	int rc = link_all_notes(p);
	if (rc == 0)
		rc = run_correct(p);
	if (rc == 0)
		coverage_go(&p->gcovr);
	return rc;
}

/* Whether gcovr tells of the code that was measured at all. */
static bool tells_of_reference(const struct proving *p)
{
	const struct names *files = &p->proof->exercise->subject;
	for (size_t i = 0; i < files->n; i++) {
		char path[PATH_MAX];
		if (path_join(path, sizeof(path), "%s/solutions/%s/%s",
			      p->proof->root, p->proof->exercise->id,
			      files->name[i]) == 0 &&
		    coverage_lines(p->files, path))
			return true;
	}
	return false;
}

/* The second round, for tests that can be run at all. */
static int finish(struct proving *p, json_t *verdict)
{
	size_t first = 0;
	choose_tests(p);
	int rc = run_broken(p, &first);
	if (rc == 0)
		rc = finish_gcovr(p);
	if (rc == 0 && !tells_of_reference(p))
		rc = -ENODATA;
	return rc < 0 ? rc : conclude(p, verdict, first);
}

int prove_finish(struct proving **proving, json_t *verdict)
{
	struct proving *p = *proving;
	int rc = 0;
	if (!p)
		return 0;
	const char *why = unusable(p);
	if (verdict && why)
		verdict_check(verdict, "proves", "valid", "fail", 0,
			      p->proof->exercise->proves, NULL, why);
	else if (verdict)
		rc = finish(p, verdict);
	release(p);
	*proving = NULL;
	return rc;
}
