/* fault_sweep.c - see fault_sweep.h and judge.h. Check's fixtures and tests take no
 * argument, so what they share hangs on one static: it owns nothing. */
#include "fault_sweep.h"
#include "sandbox/cell.h"
#include "findings.h"
#include "base/path.h"
#include "base/files.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TEXT_MAX = 64 << 10, HANGS_MAX = 8, SWEEP_MS = 40000 };

/* One run that is to be made. */
struct job {
	struct scenario *scenario;
	struct plan plan;
};

static struct {
	const struct judging *judging;
	struct job *jobs;
	size_t n_jobs, next;
	/* the run under way */
	struct job *job;
	bool skipped;
	bool may_outlive;
	bool left;
	const char *situation;
	char demand[512];
	bool demanded;
	const char *clause;
	struct place place;	/* that the next demand is about; line 0: none */
	unsigned long random;
	char text[TEXT_MAX], handed_in[TEXT_MAX];
	/* the whole */
	int failure;		/* our own, a negative errno */
	unsigned hangs;
	int stops;		/* tests left before their end */
	unsigned last_dirty;	/* the point found dirty last */
	long stop_at;
	bool enough;
	/* for a replay */
	json_t **ret_story;
	char **ret_steps;
} now;

static struct run *this_run(void)
{
	return &now.judging->session->run;
}

/* --- what suites call ------------------------------------------------------ */

void suite_add(struct suite *suite, const TTest *test, const char *name,
	       enum sweeping sweeping)
{
	if (suite->n < SCENARIOS_MAX)
		suite->scenarios[suite->n++] = (struct scenario){
			.test = test, .name = name, .sweeping = sweeping };
}

/* Leaves the scenario: Check jumps back to its runner. */
__attribute__((noreturn)) static void stop(const char *why)
{
	now.stops++;
	ck_abort_msg("%s", why);
}

/* Formats the arguments of an ask: how many there are. */
static size_t format_arguments(const char *format, va_list args,
			       char numbers[][24], const char *words[])
{
	size_t n = 0;
	for (; n < WIRE_WORDS_MAX / 2 && format[n]; n++) {
		words[n] = numbers[n];
		if (format[n] == 's')
			words[n] = va_arg(args, const char *);
		else if (format[n] == 'l')
			snprintf(numbers[n], 24, "%ld", va_arg(args, long));
		else
			snprintf(numbers[n], 24, "%d", va_arg(args, int));
	}
	return n;
}

struct answer ask(const char *command, const char *format, ...)
{
	char numbers[WIRE_WORDS_MAX / 2][24];
	const char *words[WIRE_WORDS_MAX / 2];
	if (now.skipped)
		stop("skipped");
	va_list args;
	va_start(args, format);
	size_t n = format_arguments(format, args, numbers, words);
	va_end(args);
	struct answer answer = session_ask(now.judging->session, command,
					   words, n);
	if (!answer.came)
		stop("the run has ended");
	return answer;
}

void demand_failed(const char *clause, const char *message, ...)
{
	va_list args;
	va_start(args, message);
	vsnprintf(now.demand, sizeof(now.demand), message, args);
	va_end(args);
	now.demanded = true;
	now.clause = clause;
	stop(now.demand);
}

void leave(const char *command)
{
	if (now.skipped)
		stop("skipped");
	session_ask(now.judging->session, command, NULL, 0);
	now.left = this_run()->ending == ENDING_EXIT ||
		   this_run()->ending == ENDING_SIGNAL;
	if (!now.left)
		stop("the run has not ended as asked");
	this_run()->ending = ENDING_ORDERLY;
}

const char *left_out(void)
{
	return this_run()->out ? this_run()->out : "";
}

const char *left_err(void)
{
	return this_run()->err ? this_run()->err : "";
}

int left_status(void)
{
	int status = this_run()->status;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void may_outlive(void)
{
	now.may_outlive = true;
}

void situation(const char *when)
{
	now.situation = when;
}

size_t live_now(enum kind kind)
{
	const struct ledger *ledger = &this_run()->ledger;
	size_t n = 0;
	for (size_t i = 0; i < ledger->n; i++)
		n += ledger->entries[i].live && ledger->entries[i].kind == kind;
	return n;
}

/* Opens a folder that the code under test may write to, or a negative errno. */
static int open_folder(const char *path)
{
	int fd = open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* Opens a file of the scratch folder to read it, NULL when there is none. */
static FILE *open_scratch(const char *file)
{
	int folder = open_folder(now.judging->session->scratch);
	if (folder < 0)
		return NULL;
	int fd = open_beneath(folder, file, O_RDONLY);
	close(folder);
	FILE *in = fd < 0 ? NULL : fdopen(fd, "r");
	if (fd >= 0 && !in)
		close(fd);
	return in;
}

const char *file_text(const char *file)
{
	FILE *in = open_scratch(file);
	if (!in)
		return NULL;
	size_t n = fread(now.text, 1, sizeof(now.text) - 1, in);
	now.text[n] = '\0';
	return fclose(in) == 0 ? now.text : NULL;
}

const char *handed_in(const char *file)
{
	char *text;
	size_t size;
	now.handed_in[0] = '\0';
	int folder = open_folder(now.judging->handed_in);
	if (folder < 0)
		return now.handed_in;
	if (read_beneath(folder, file, TEXT_MAX - 1, &text, &size) == 0) {
		snprintf(now.handed_in, sizeof(now.handed_in), "%s", text);
		free(text);
	}
	close(folder);
	return now.handed_in;
}

void point_at(const char *file, int line)
{
	now.place = (struct place){ .file = file, .line = line };
}

/* The newest resource of KIND, NULL when there was none. */
static const struct entry *newest(enum kind kind)
{
	const struct ledger *ledger = &this_run()->ledger;
	for (size_t i = ledger->n; i-- > 0;)
		if (ledger->entries[i].kind == kind)
			return &ledger->entries[i];
	return NULL;
}

/* The function of the learner's code that made STEP. */
static const char *function_of(const struct step *step)
{
	return debug_info_find(now.judging->sites, step->site.module[0],
			  step->site.offset[0]).function;
}

const char *acquired_in(enum kind kind)
{
	const struct entry *e = newest(kind);
	return e ? function_of(&e->by) : "";
}

const char *released_in(enum kind kind)
{
	const struct entry *e = newest(kind);
	return e && !e->live ? function_of(&e->until) : "";
}

const char *fault_path(void)
{
	const struct run *run = this_run();
	const struct step *fault = &run->fault;
	if (!run->struck)
		return "";
	for (size_t i = run->ledger.n; fault->gone && i-- > 0;) {
		const struct entry *e = &run->ledger.entries[i];
		if (e->kind == calls[fault->call].gone && e->id == fault->gone)
			return e->by.detail;
	}
	return calls[fault->call].role == ROLE_ACQUIRE ? fault->detail : "";
}

bool fault_fell(void)
{
	return this_run()->struck;
}

bool all_fail(void)
{
	return this_run()->struck && this_run()->plan.mode == FAULT_ON;
}

/* Whether FUNCTION made STEP, or called what made it. */
static bool made_within(const struct step *step, const char *function)
{
	for (int i = 0; i < SITE_DEPTH && step->site.offset[i]; i++)
		if (strcmp(debug_info_find(now.judging->sites, step->site.module[i],
				      step->site.offset[i]).function,
			   function) == 0)
			return true;
	return false;
}

bool released_within(enum kind kind, const char *function)
{
	const struct ledger *ledger = &this_run()->ledger;
	for (size_t i = 0; i < ledger->n; i++) {
		const struct entry *e = &ledger->entries[i];
		if (e->kind == kind && !e->live &&
		    made_within(&e->until, function))
			return true;
	}
	return false;
}

/* Lets the code under test write to a scratch file of ours. */
static int give_scratch(const char *file)
{
	char path[PATH_MAX + NAME_MAX + 2];
	snprintf(path, sizeof(path), "%s/%s", now.judging->session->scratch,
		 file);
	return sandbox_give(now.judging->session->sandbox, path);
}

/* Whether RC, of writing a scratch file, is the deed of the code under test:
 * the folder was empty and ours before it ran. */
static bool in_the_way(int rc)
{
	return rc == -EISDIR || rc == -ENOTDIR || rc == -ELOOP ||
	       rc == -ENOENT || rc == -EACCES;
}

void write_file(const char *file, const char *text)
{
	if (now.skipped)
		stop("skipped");
	int folder = open_folder(now.judging->session->scratch);
	int rc = folder < 0 ? folder :
		 write_beneath(folder, file, text, strlen(text));
	if (folder >= 0)
		close(folder);
	if (in_the_way(rc))
		demand_failed(NULL, "the file %s could not be put there for "
			      "your code to read: its place is taken or its "
			      "folder is gone, and only your code was at work "
			      "there", file);
	if (rc == 0)
		rc = give_scratch(file);
	if (rc < 0) {
		now.failure = rc;
		stop("a scratch file cannot be written");
	}
}

bool tells_errno(struct answer answer)
{
	return answer.value == -(long)answer.fault_err;
}

enum { WORDS = 4, WORDS_SIZE = 200 };

/* One of a few places for a text, the oldest again. */
static char *next_words(void)
{
	static char words[WORDS][WORDS_SIZE];
	static unsigned next;
	return words[next++ % WORDS];
}

const char *said(long value)
{
	char *words = next_words();
	const char *name = value < -1 ? strerrorname_np((int)-value) : NULL;
	if (name)
		snprintf(words, WORDS_SIZE, "-%s", name);
	else
		snprintf(words, WORDS_SIZE, "%ld", value);
	return words;
}

const char *shown(const char *text)
{
	char *words = next_words();
	size_t n = strnlen(text, WORDS_SIZE - 1);
	if (n && text[n - 1] == '\n')
		n--;
	for (size_t i = 0; i < n; i++)
		words[i] = text[i] == '\n' ? '|' :
			   isprint((unsigned char)text[i]) ? text[i] : '?';
	words[n] = '\0';
	return words;
}

/* Source: a linear congruential generator, Knuth's MMIX constants. */
unsigned any(unsigned n)
{
	now.random = now.random * 6364136223846793005UL + 1442695040888963407UL;
	return n ? (unsigned)(now.random >> 33) % n : 0;
}

/* --- one run --------------------------------------------------------------- */

/* Whether the sweep has to end before all its runs. */
static bool out_of_time(void)
{
	return now.enough || now.failure || now.hangs > HANGS_MAX ||
	       monotonic_ms() > now.stop_at;
}

/* Check calls it before each test: begins the run of the next job. */
static void begin_run(void)
{
	now.job = &now.jobs[now.next++];
	now.may_outlive = now.left = now.demanded = false;
	now.situation = NULL;
	now.place = (struct place){ .line = 0 };
	now.random = (unsigned long)now.judging->seed;
	now.skipped = out_of_time();
	if (now.skipped)
		return;
	int rc = session_begin(now.judging->session, now.job->plan,
			       now.judging->change, now.judging->change_offset);
	if (rc < 0) {
		now.failure = rc;
		now.skipped = true;
	}
}

/* What there is to tell it with. */
static struct telling telling_of(void)
{
	return (struct telling){
		.run = this_run(), .sites = now.judging->sites,
		.nouns = now.judging->nouns, .clauses = now.judging->clauses,
		.driver_opens = now.judging->driver_opens,
		.scenario = now.job->scenario->name,
		.situation = now.situation,
		.may_outlive = now.may_outlive || now.left,
		.demand = now.demanded ? now.demand : NULL,
		.demand_clause = now.clause, .demand_place = now.place,
	};
}

/* The fault points of the run: the highest number there is. */
static unsigned fault_points(const struct run *run)
{
	unsigned most = 0;
	for (size_t i = 0; i < run->n_steps; i++)
		if (run->steps[i].fault_point > most)
			most = run->steps[i].fault_point;
	return most;
}

/* Remembers where the code left after this fault, to name unreached paths. */
static void note_exit(struct scenario *scenario, const struct telling *telling)
{
	json_t *exit = findings_exit(telling);
	if (exit)
		json_array_append_new(scenario->exits, exit);
}

/* Takes over a plain run. */
static void keep_plain(struct scenario *scenario, json_t *story)
{
	struct run *run = this_run();
	scenario->ran = true;
	scenario->wrong = story;
	scenario->points = fault_points(run);
	if (now.left)
		return;		/* what it says on leaving was asked for */
	scenario->out = run->out;
	scenario->err = run->err;
	run->out = run->err = NULL;
}

/* Takes over a run with a fault: each point counts once, for whichever mode. */
static void keep_swept(struct scenario *scenario, json_t *story)
{
	unsigned point = now.job->plan.point;
	bool again = now.job->plan.mode == FAULT_ON && now.last_dirty == point;
	if (now.job->plan.mode == FAULT_ONCE)
		now.last_dirty = 0;
	if (story && !again) {
		scenario->dirty++;
		now.last_dirty = point;
		json_array_append(scenario->findings, story);
	}
	json_decref(story);
}

/* A run that was not made: its point counts as dirty, once. */
static void keep_skipped(struct scenario *scenario)
{
	if (now.job->plan.mode != FAULT_ONCE)
		return;
	scenario->dirty++;
	scenario->unjudged++;
}

/* Check calls it after each test: ends the run and draws the conclusion. */
static void end_run(void)
{
	struct scenario *scenario = now.job->scenario;
	if (now.skipped) {
		if (now.job->plan.mode != FAULT_NONE)
			keep_skipped(scenario);
		return;
	}
	session_end(now.judging->session);
	if (this_run()->ending == ENDING_GRADER)
		now.failure = -EPIPE;
	now.hangs += this_run()->ending == ENDING_HANG;
	for (size_t i = 0; now.judging->releases && i < this_run()->n_steps; i++)
		now.judging->releases(&this_run()->steps[i], now.judging->sites,
				      now.judging->release_sites);
	struct telling telling = telling_of();
	json_t *story = findings_tell(&telling);
	now.enough = story && now.judging->stop_at_first;
	if (now.ret_steps)
		*now.ret_steps = findings_steps(&telling);
	if (now.ret_story)
		*now.ret_story = story;
	else if (now.job->plan.mode == FAULT_NONE)
		keep_plain(scenario, story);
	else
		keep_swept(scenario, story);
	if (now.job->plan.mode == FAULT_ONCE && !now.ret_story)
		note_exit(scenario, &telling);
}

/* --- many runs ------------------------------------------------------------- */

/* Adds the runs of one scenario as a looping test of Check. */
static void add_jobs(Suite *suite, struct scenario *scenario,
		     const struct plan plans[], int n)
{
	TCase *tests = tcase_create(scenario->name);
	tcase_add_checked_fixture(tests, begin_run, end_run);
	tcase_add_loop_test(tests, scenario->test, 0, n);
	suite_add_tcase(suite, tests);
	for (int i = 0; i < n; i++)
		now.jobs[now.n_jobs++] = (struct job){ scenario, plans[i] };
}

/* Lets Check run what was added. A test that failed without our stopping it
 * holds a plain ck_assert: a fault of the suite, not of the learner. */
static int run_jobs(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	srunner_set_fork_status(runner, CK_NOFORK);
	now.stops = 0;
	srunner_run(runner, NULL, NULL, CK_SILENT);
	bool stray = srunner_ntests_failed(runner) != now.stops;
	srunner_free(runner);
	return stray && !now.failure ? -EPROTO : now.failure;
}

/* Whether SCENARIO is asked for. */
static bool wanted(const struct scenario *scenario)
{
	const char *only = now.judging->only;
	if (now.judging->swept_alone && scenario->sweeping != SWEPT)
		return false;
	return !only || strcmp(only, scenario->name) == 0;
}

/* Every scenario once, with no fault. */
static int judge_plain(struct suite *suite)
{
	static const struct plan plain = { .mode = FAULT_NONE };
	Suite *checks = suite_create("behaves");
	for (size_t i = 0; i < suite->n; i++) {
		suite->scenarios[i].findings = json_array();
		suite->scenarios[i].exits = json_array();
		if (wanted(&suite->scenarios[i]))
			add_jobs(checks, &suite->scenarios[i], &plain, 1);
	}
	return run_jobs(checks);
}

/* Whether its fault points are to be swept. */
static bool swept(const struct scenario *s)
{
	return s->ran && s->sweeping == SWEPT && !s->wrong && s->points > 0;
}

/* Both plans for each fault point: once, and from there on. */
static void fill_plans(struct plan plans[], unsigned points)
{
	for (unsigned i = 0; i < points; i++) {
		plans[2 * i] = (struct plan){ FAULT_ONCE, i + 1, 0 };
		plans[2 * i + 1] = (struct plan){ FAULT_ON, i + 1, 0 };
	}
}

static int judge_swept(struct suite *suite)
{
	size_t points = 0;
	for (size_t i = 0; i < suite->n; i++)
		points += swept(&suite->scenarios[i]) ?
			  suite->scenarios[i].points : 0;
	struct plan *plans = calloc(2 * points + 1, sizeof(*plans));
	now.jobs = calloc(2 * points + 1, sizeof(*now.jobs));
	Suite *checks = suite_create("survives");
	for (size_t i = 0; plans && now.jobs && i < suite->n; i++) {
		struct scenario *s = &suite->scenarios[i];
		if (!swept(s))
			continue;
		fill_plans(plans, s->points);
		add_jobs(checks, s, plans, (int)(2 * s->points));
	}
	int rc = plans && now.jobs ? run_jobs(checks) : -ENOMEM;
	free(plans);
	free(now.jobs);
	return rc;
}

/* Sets up what the fixtures share. */
static void prepare(const struct judging *judging, struct job *jobs)
{
	memset(&now, 0, sizeof(now));
	now.judging = judging;
	now.jobs = jobs;
	now.stop_at = judging->session->patience_ms < 0 ? LONG_MAX :
		      monotonic_ms() + (judging->sweep_ms ? judging->sweep_ms :
				     SWEEP_MS);
}

int judge(const struct judging *judging, struct suite *suite)
{
	struct job jobs[SCENARIOS_MAX];
	prepare(judging, jobs);
	int rc = judge_plain(suite);
	now.jobs = NULL;
	now.n_jobs = now.next = 0;
	if (rc < 0 || !judging->sweep || now.enough)
		return rc;
	return judge_swept(suite);
}

int judge_replay(const struct judging *judging, struct suite *suite,
		 struct plan plan, json_t **ret_story, char **ret_steps)
{
	static const struct plan plain = { .mode = FAULT_NONE };
	struct job jobs[SCENARIOS_MAX];
	prepare(judging, jobs);
	now.ret_story = ret_story;
	now.ret_steps = ret_steps;
	Suite *checks = suite_create("replay");
	/* A fault in a PLAIN scenario is its driver's own, and comes again. */
	for (size_t i = 0; i < suite->n; i++)
		if (wanted(&suite->scenarios[i]) && now.n_jobs == 0)
			add_jobs(checks, &suite->scenarios[i],
				 suite->scenarios[i].sweeping == SWEPT ? &plan :
				 &plain, 1);
	bool found = now.n_jobs == 1;
	int rc = run_jobs(checks);
	now.jobs = NULL;
	return rc < 0 ? rc : found ? 0 : -ENOENT;
}

void suite_release(struct suite *suite)
{
	for (size_t i = 0; i < suite->n; i++) {
		struct scenario *s = &suite->scenarios[i];
		json_decref(s->wrong);
		json_decref(s->findings);
		json_decref(s->exits);
		free(s->out);
		free(s->err);
		*s = (struct scenario){ .test = s->test, .name = s->name,
					.sweeping = s->sweeping };
	}
}
