/* check_submissions.c - the submissions of the gate: each a folder shaped like
 * exercises/, made of our solution, and judged as `brakes grade` would. */
#include "base/process_pool.h"
#include "base/path.h"
#include "parts.h"
#include "selfcheck.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "build/build.h"
#include "base/files.h"
#include "base/tree.h"
#include "grading/grader_child.h"
#include "verdict/verdict.h"

enum { FULL = 100, AT_A_TIME = 32, SEED = 1 };

/* The submission numbered I. */
static struct submission *at(const struct gate *gate, size_t i)
{
	return &gate->submissions[i];
}

/* --- folders ------------------------------------------------------------- */

/* Names what `brakes judge` is given for the submission I. */
static int folder_of(const struct gate *gate, size_t i, char ret_path[PATH_MAX])
{
	return path_join(ret_path, PATH_MAX, "%s/%zu", gate->work, i);
}

/* Copies FILES of SOURCE, a folder of the workbook, into the submission I. */
static int lay(const struct gate *gate, size_t i, const char *source,
	       const struct names *files)
{
	char own[PATH_MAX], folder[PATH_MAX], from[PATH_MAX], to[PATH_MAX];
	int rc = folder_of(gate, i, own);
	if (rc == 0)
		rc = path_join(folder, sizeof(folder), "%s/%s", own,
			       gate->exercise->id);
	if (rc == 0)
		rc = make_folders(folder);
	for (size_t j = 0; rc == 0 && j < files->n; j++) {
		rc = path_join(from, sizeof(from), "%s/%s/%s", gate->root,
			       source, files->name[j]);
		if (rc == 0)
			rc = path_join(to, sizeof(to), "%s/%s", folder,
				       files->name[j]);
		if (rc == 0)
			rc = copy_file(from, to, 1 << 20);
	}
	return rc;
}

/* Lays our solution as the submission I. */
static int lay_solution(const struct gate *gate, size_t i)
{
	char source[PLACE_MAX];
	snprintf(source, sizeof(source), "solutions/%s", gate->exercise->id);
	return lay(gate, i, source, &gate->exercise->hand_in);
}

/* Changes the submission I by the patch at PLACE, a path in the workbook. */
static int change(const struct gate *gate, size_t i, const char *place,
		  char **ret_why)
{
	char own[PATH_MAX], folder[PATH_MAX], patch[PATH_MAX];
	int rc = folder_of(gate, i, own);
	if (rc == 0)
		rc = path_join(folder, sizeof(folder), "%s/%s", own,
			       gate->exercise->id);
	if (rc == 0)
		rc = path_join(patch, sizeof(patch), "%s/%.*s", gate->root,
			       (int)strcspn(place, ":"), place);
	return rc < 0 ? rc : patch_apply(patch, folder, ret_why);
}

/* --- the roll ------------------------------------------------------------ */

/* Enters a submission of SORT whose words stand at the place that FORMAT
 * names: NULL when memory is out, which is counted. */
__attribute__((format(printf, 3, 4)))
static struct submission *enter(struct gate *gate, enum sort sort,
				const char *format, ...)
{
	va_list args;
	if (gate->n == gate->room) {
		size_t room = gate->room ? 2 * gate->room : 64;
		void *more = realloc(gate->submissions,
				     room * sizeof(*gate->submissions));
		if (!more) {
			tally_fault(&gate->tally, "out of memory");
			return NULL;
		}
		gate->submissions = more;
		gate->room = room;
	}
	struct submission *s = at(gate, gate->n++);
	*s = (struct submission){ .sort = sort };
	s->expected = (struct expected){ .score = FULL, .status = "pass" };
	va_start(args, format);
	vsnprintf(s->place, sizeof(s->place), format, args);
	va_end(args);
	return s;
}

/* Takes the last one off the roll again when RC says that it could not be made:
 * a missing file is the workbook's fault, anything else the grader's. Returns
 * whether it stays. */
static bool keep_entered(struct gate *gate, int rc)
{
	const struct submission *s = at(gate, gate->n - 1);
	if (rc == 0)
		return true;
	gate->n--;
	if (rc == -ENOENT)
		tally_hold(&gate->tally, s->sort, false, "%s: every file of "
			   "\"hand_in\" expected, one is not there", s->place);
	else
		tally_fault(&gate->tally, "%s: could not be made: %s", s->place,
			    strerror(-rc));
	return false;
}

void selfcheck_forget_submissions(struct gate *gate)
{
	char folder[PATH_MAX];
	for (size_t i = 0; i < gate->n; i++) {
		struct submission *s = at(gate, i);
		free(s->said[0]);
		free(s->said[1]);
		json_decref(s->verdict);
		if (folder_of(gate, i, folder) == 0)
			remove_tree(folder);
	}
	free(gate->submissions);
	gate->submissions = NULL;
	gate->n = gate->room = 0;
}

/* --- making -------------------------------------------------------------- */

/* Reads "starter" of exercise.json: what the starter has to get. */
static bool expect_of_starter(struct gate *gate, struct submission *s)
{
	const json_t *starter = json_object_get(gate->exercise->description,
						"starter");
	const char *diagnosis = verdict_text(starter, "diagnosis");
	const json_t *score = json_object_get(starter, "score");
	s->expected.score = json_integer_value(score);
	s->expected.status = "fail";
	snprintf(s->expected.diagnosis, PATCH_WORDS, "%s", diagnosis);
	return tally_hold(&gate->tally, SORT_STARTER,
			  *diagnosis && json_is_integer(score),
			  "%s: \"starter\": { \"diagnosis\": WORDS, \"score\": "
			  "NUMBER } expected, none came", s->place);
}

/* Makes the starter a submission, when it is one. */
static void make_starter(struct gate *gate)
{
	const char *id = gate->exercise->id;
	char *json = selfcheck_read(gate, "grader/exercises/%s/exercise.json", id);
	char source[PLACE_MAX];
	struct submission *s = enter(gate, SORT_STARTER,
				     "grader/exercises/%s/exercise.json:%d",
				     id, selfcheck_line(json, "\"starter\""));
	free(json);
	if (!s)
		return;
	snprintf(source, sizeof(source), STARTER, id);
	if (!expect_of_starter(gate, s))
		gate->n--;
	else
		keep_entered(gate, lay(gate, gate->n - 1, source,
				       &gate->exercise->hand_in));
}

/* Makes our solution a submission. */
static void make_solution(struct gate *gate)
{
	const char *id = gate->exercise->id;
	if (enter(gate, SORT_SOLUTION, "solutions/%s/%s:1", id,
		  gate->exercise->hand_in.name[0]))
		keep_entered(gate, lay_solution(gate, gate->n - 1));
}

/* Counts a correct version of code that nobody hands in: it was judged when
 * the exercise was calibrated, which fails when it is not clean. */
static void count_calibrated(struct gate *gate, const char *name)
{
	const char *id = gate->exercise->id;
	char *text = selfcheck_read(gate, "build/exercises/%s/reference.json", id);
	json_t *reference = text ? json_loads(text, 0, NULL) : NULL;
	size_t i;
	json_t *wheat;
	bool found = false;
	json_array_foreach(json_object_get(reference, "wheats"), i, wheat)
		if (strcmp(json_string_value(wheat), name) == 0)
			found = true;
	tally_hold(&gate->tally, SORT_CORRECT, found, "grader/exercises/%s/"
		   "wheats/%s: to be found clean expected, it was never judged",
		   id, name);
	json_decref(reference);
	free(text);
}

/* Lays what a correct version in SOURCE has beside its code, such as answers of
 * its own to what is asked of the code. */
static int lay_answers(const struct gate *gate, size_t i, const char *source)
{
	const struct names *files = &gate->exercise->hand_in;
	int rc = 0;
	for (size_t j = 0; rc == 0 && j < files->n; j++) {
		const struct names one = { { files->name[j] }, 1 };
		rc = lay(gate, i, source, &one);
		rc = rc == -ENOENT ? 0 : rc;
	}
	return rc;
}

/* Makes a correct version, over our solution, a submission. */
static void make_correct(struct gate *gate, const char *name)
{
	const struct exercise *e = gate->exercise;
	const struct names *files = exercise_replaced(e);
	char source[PLACE_MAX];
	if (e->code_given && e->proves > 0) {
		count_calibrated(gate, name);
		return;
	}
	struct submission *s = enter(gate, SORT_CORRECT,
				     "grader/exercises/%s/wheats/%s/%s:1",
				     e->id, name, files->name[0]);
	if (!s)
		return;
	snprintf(source, sizeof(source), "grader/exercises/%s/wheats/%s", e->id,
		 name);
	int rc = lay_solution(gate, gate->n - 1);
	if (rc == 0)
		rc = lay(gate, gate->n - 1, source, files);
	if (rc == 0)
		rc = lay_answers(gate, gate->n - 1, source);
	keep_entered(gate, rc);
}

/* Takes over what the words above a patch say that it has to get. */
static void expect_of_patch(struct gate *gate, struct submission *s,
			    const struct patch *patch)
{
	char *end;
	s->expected.status = "fail";
	s->expected.score = strtol(patch->score, &end, 10);
	snprintf(s->expected.diagnosis, PATCH_WORDS, "%s", patch->diagnosis);
	snprintf(s->row, PATCH_WORDS, "%s", patch->row);
	snprintf(s->minor, PATCH_WORDS, "%s", patch->minor);
	s->alone = *patch->alone;
	tally_hold(&gate->tally, SORT_MISCONCEPTION, *patch->score && !*end,
		   "%s: \"Score: \" and a whole number expected, \"%s\" came",
		   s->place, patch->score);
	tally_hold(&gate->tally, SORT_MISCONCEPTION, *patch->diagnosis,
		   "%s: \"Diagnosis: \" and words of the verdict expected, "
		   "none came", s->place);
}

/* Takes the last one off the roll and says WHY the patch at PATH is no
 * misconception; WHY begins with PATH and perhaps a line of its own. */
static void refuse_patch(struct gate *gate, const char *path, const char *why)
{
	const char *place = at(gate, --gate->n)->place;
	const char *rest = " cannot be used";
	if (why && strncmp(why, path, strlen(path)) == 0)
		rest = why + strlen(path);
	tally_hold(&gate->tally, SORT_MISCONCEPTION, false, "%.*s%s%.*s",
		   (int)strcspn(place, ":"), place, *rest == ':' ? "" : ":1:",
		   (int)strcspn(rest, "\n"), rest);
}

/* Whether the misconception that is met now belongs to the sample. */
static bool is_sampled(struct gate *gate)
{
	size_t number = gate->met++;
	return !gate->sample ||
	       (number + (size_t)gate->sample) % SAMPLE_SHARE == 0;
}

/* Makes a misconception, a patch of our solution, a submission. One whose
 * words cannot be used is judged all the same, to tell what it gets. */
static void make_misconception(struct gate *gate, const char *name)
{
	if (!is_sampled(gate))
		return;
	const char *id = gate->exercise->id;
	char path[PATH_MAX], *why = NULL;
	struct patch patch;
	char *text = selfcheck_read(gate, "grader/exercises/%s/misconceptions/%s",
			       id, name);
	struct submission *s = enter(gate, SORT_MISCONCEPTION,
				     "grader/exercises/%s/misconceptions/%s:%d",
				     id, name, selfcheck_line(text, "Score:"));
	free(text);
	if (!s)
		return;
	int rc = path_join(path, sizeof(path), "%s/%.*s", gate->root,
			   (int)strcspn(s->place, ":"), s->place);
	if (rc == 0)
		rc = patch_read(path, &patch, &why);
	if (rc == 0) {
		expect_of_patch(gate, s, &patch);
		rc = lay_solution(gate, gate->n - 1);
	}
	if (rc == 0)
		rc = change(gate, gate->n - 1, s->place, &why);
	if (rc == -EINVAL)
		refuse_patch(gate, path, why);
	else
		keep_entered(gate, rc);
	free(why);
}

/* Makes a broken version, as code that is handed in, a submission: what it costs. */
static void make_price(struct gate *gate, const char *name)
{
	const struct exercise *e = gate->exercise;
	char *why = NULL;
	if (e->code_given || !is_sampled(gate))
		return;
	struct submission *s = enter(gate, SORT_PRICE, "grader/exercises/%s/mutants/"
				     "%s:1", e->id, name);
	if (!s)
		return;
	s->expected.status = "fail";
	int rc = lay_solution(gate, gate->n - 1);
	if (rc == 0)
		rc = change(gate, gate->n - 1, s->place, &why);
	free(why);
	keep_entered(gate, rc);
}

/* Counts the FOUND of what there must be at LEAST, kept in FOLDER. */
static void expect_enough(struct gate *gate, enum sort sort, const char *folder,
			  long found, long least)
{
	tally_hold(&gate->tally, sort, found >= least,
		   "grader/exercises/%s/%s: %ld or more expected, %ld came",
		   gate->exercise->id, folder, least, found);
}

void selfcheck_make_submissions(struct gate *gate)
{
	static const struct {
		enum sort sort;
		const char *folder;
		void (*make)(struct gate *gate, const char *name);
		long least;
	} kept[] = {
		{ SORT_CORRECT, "wheats", make_correct, 3 },
		{ SORT_MISCONCEPTION, "misconceptions", make_misconception, 8 },
	};
	make_starter(gate);
	make_solution(gate);
	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++)
		expect_enough(gate, kept[i].sort, kept[i].folder,
			      selfcheck_each(gate, kept[i].folder, kept[i].make),
			      kept[i].least);
	selfcheck_each(gate, "mutants", make_price);
}

/* --- two together -------------------------------------------------------- */

/* Makes the misconceptions A and B into one submission; a pair whose patches
 * stand in each other's way is none. */
static void make_pair(struct gate *gate, size_t a, size_t b)
{
	char *why = NULL, both[PLACE_MAX];
	const char *one = at(gate, a)->place, *other = at(gate, b)->place;
	snprintf(both, sizeof(both), "%.*s and %.*s",
		 (int)strcspn(one, ":"), one,
		 (int)strcspn(strrchr(other, '/') + 1, ":"),
		 strrchr(other, '/') + 1);
	struct submission *s = enter(gate, SORT_PAIR, "%s", both);
	if (!s)
		return;
	s->of[0] = a;
	s->of[1] = b;
	int rc = lay_solution(gate, gate->n - 1);
	if (rc == 0)
		rc = change(gate, gate->n - 1, at(gate, a)->place, &why);
	if (rc == 0)
		rc = change(gate, gate->n - 1, at(gate, b)->place, &why);
	free(why);
	if (rc != -EINVAL) {
		keep_entered(gate, rc);
		return;
	}
	gate->n--;
	gate->tally.skipped[SORT_PAIR]++;
}

/* The misconceptions that were judged and make pairs: how many, and where in RET_WHICH. */
static size_t judged(const struct gate *gate, size_t ret_which[])
{
	size_t n = 0;
	for (size_t i = 0; i < gate->n; i++)
		if (at(gate, i)->sort == SORT_MISCONCEPTION &&
		    at(gate, i)->verdict && !at(gate, i)->alone)
			ret_which[n++] = i;
	return n;
}

void selfcheck_make_pairs(struct gate *gate)
{
	size_t *which = calloc(gate->n + 1, sizeof(*which));
	size_t n = which ? judged(gate, which) : 0, i = 0;
	size_t all = n < 2 ? 0 : n * (n - 1) / 2;
	size_t most = gate->most_pairs && gate->most_pairs < all ?
		      gate->most_pairs : all;
	for (size_t a = 0; a < n; a++)
		for (size_t b = a + 1; b < n; b++, i++)
			if (i * most / all != (i + 1) * most / all)
				make_pair(gate, which[a], which[b]);
			else
				gate->tally.skipped[SORT_PAIR]++;
	free(which);
}

/* --- judging ------------------------------------------------------------- */

/* Some judges that run at the same time, and what became of them. */
struct shift {
	char from[AT_A_TIME][PATH_MAX];
	struct grader_child_call call[AT_A_TIME];
	struct program program[AT_A_TIME];
	struct ended ended[AT_A_TIME];
};

/* Writes the VERDICT on S into the folder for verdicts, as brakes grade would: its
 * file is named after the place of S. */
static void keep_verdict(struct gate *gate, const struct submission *s,
			 json_t *verdict)
{
	char name[PLACE_MAX], path[PATH_MAX];
	snprintf(name, sizeof(name), "%.200s", s->place);
	for (char *at = name; *at; at++)
		if (*at == '/' || *at == ' ')
			*at = '_';
	json_t *whole = verdict_whole(json_pack("[O]", verdict), gate->sandbox,
				      SEED);
	if (path_join(path, sizeof(path), "%s/%s.json", gate->keep, name) < 0 ||
	    json_dump_file(whole, path, JSON_INDENT(2)) < 0)
		tally_fault(&gate->tally, "%s: its verdict could not be written "
			    "into %s", s->place, gate->keep);
	json_decref(whole);
}

/* Takes what the judge of S said in this ROUND. */
static void take(struct gate *gate, struct submission *s, size_t round,
		 struct ended *ended)
{
	char why[WHY_MAX];
	json_t *verdict = grader_child_heard(ended, why, sizeof(why));
	if (verdict && grader_child_failed(verdict)) {
		snprintf(why, sizeof(why), "it says so itself");
		json_decref(verdict);
		verdict = NULL;
	}
	if (!verdict)
		tally_fault(&gate->tally, "%s: could not be judged: %s",
			    s->place, why);
	if (verdict) {
		s->said[round] = ended->out;
		ended->out = NULL;
	}
	if (verdict && round == 0 && gate->keep)
		keep_verdict(gate, s, verdict);
	if (round == 0)
		s->verdict = verdict;
	else
		json_decref(verdict);
}

/* Runs the judges numbered FIRST to FIRST + N: each submission has ROUNDS of
 * them one after the other, the first of all being that of the submission
 * BASE. */
static void run_shift(struct gate *gate, struct shift *shift, size_t base,
		      size_t rounds, size_t first, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct grader_child_order order = {
			.program = gate->brakes, .id = gate->exercise->id,
			.from = shift->from[i],
			.seed = SEED, .sandbox = gate->sandbox,
		};
		folder_of(gate, base + (first + i) / rounds, shift->from[i]);
		grader_child_call(&shift->call[i], &order);
		shift->program[i] = shift->call[i].program;
	}
	int rc = run_programs(shift->program, n, jobs_here(), shift->ended);
	if (rc < 0)
		tally_fault(&gate->tally, "no judge could be started: %s",
			    strerror(-rc));
	for (size_t i = 0; rc == 0 && i < n; i++) {
		take(gate, at(gate, base + (first + i) / rounds),
		     (first + i) % rounds, &shift->ended[i]);
		ended_release(&shift->ended[i]);
	}
}

/* Says how far it is, to somebody who waits before a terminal. */
static void tell_progress(const struct gate *gate, size_t done, size_t all)
{
	if (!isatty(STDERR_FILENO))
		return;
	if (done < all)
		fprintf(stderr, "\r%s: %zu of %zu judged ", gate->exercise->id,
			done, all);
	else
		fprintf(stderr, "\r%*s\r", NAME_MAX_LENGTH, "");
}

void selfcheck_judge(struct gate *gate, size_t first, size_t rounds)
{
	struct shift *shift = malloc(sizeof(*shift));
	size_t all = (gate->n - first) * rounds, n;
	if (!shift) {
		tally_fault(&gate->tally, "out of memory");
		return;
	}
	for (size_t done = 0; done < all; done += n) {
		n = all - done < AT_A_TIME ? all - done : AT_A_TIME;
		tell_progress(gate, done, all);
		run_shift(gate, shift, first, rounds, done, n);
	}
	tell_progress(gate, all, all);
	free(shift);
}
