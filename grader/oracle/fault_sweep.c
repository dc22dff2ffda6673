/* fault_sweep.c - see fault_sweep.h and judge.h. Check runs the scenarios: a suite's
 * tests are Check's, and Check leaves one that has failed. Its fixtures and tests take
 * no argument, so what they share is one static, which owns nothing. */
#include "fault_sweep.h"
#include "sandbox/cell.h"
#include "findings.h"
#include "ledger/errors.h"
#include "verdict/verdict.h"
#include "base/path.h"
#include "base/printable.h"
#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TEXT_MAX = 64 << 10, HANGS_MAX = 8, SWEEP_MS = 40000 };

/* What is noted of a fault point besides enum call_way. */
enum {
	POINT_HALVED = 16,	/* half of its transfer is more than one byte */
	POINT_REPEATED = 32,	/* the code made the call again when it had failed */
	POINT_DIRTY = 64,	/* something was wrong in one of its modes */
	POINT_CONTINUED = 128,	/* POINT_HALVED, and code may ask for the other half */
};

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
	bool left_errno;	/* the last answer is what errno held anyway */
	unsigned long random;
	char text[TEXT_MAX], handed_in[TEXT_MAX];
	/* the whole */
	int failure;		/* of the grader, a negative errno */
	unsigned hangs;
	int stops;		/* tests left before their end */
	long stop_at;
	bool enough;
	struct owners owners;	/* as the plain runs have shown */
	/* for a replay */
	json_t **ret_finding;
	char **ret_steps;
} current;

static struct run *this_run(void)
{
	return &current.judging->session->run;
}

/* --- what suites call ------------------------------------------------------ */

void suite_add(struct suite *suite, const TTest *test, const char *name,
	       enum sweeping sweeping)
{
	suite->overflows = suite->overflows || suite->n == SCENARIOS_MAX;
	if (!suite->overflows)
		suite->scenarios[suite->n++] = (struct scenario){
			.test = test, .name = name, .sweeping = sweeping };
}

/* Leaves the scenario: Check jumps back to its runner. */
__attribute__((noreturn)) static void stop(const char *why)
{
	current.stops++;
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
	if (current.skipped)
		stop("skipped");
	va_list args;
	va_start(args, format);
	size_t n = format_arguments(format, args, numbers, words);
	va_end(args);
	struct answer answer = session_ask(current.judging->session, command,
					   words, n);
	if (!answer.came)
		stop("the run has ended");
	current.left_errno = answer.value == -ERRNO_LEFT;
	return answer;
}

/* The last step that failed in the ask under way, or the last that succeeded after it
 * when AFTER is given; NULL when there is none. */
static const struct step *last_of_ask(const struct step *after)
{
	const struct run *run = this_run();
	const struct step *first = run->steps + run->ask_step[run->n_asks - 1];
	for (const struct step *s = run->steps + run->n_steps; s-- > first;) {
		if (after && s <= after)
			return NULL;
		if (after ? calls[s->call].fails && !s->failed : s->failed)
			return s;
	}
	return NULL;
}

/* Where STEP was made: "day.c:27" in TEXT. */
static const char *where(const struct step *step, char text[128])
{
	struct place place = debug_info_find(current.judging->sites,
					     step->site.module[0],
					     step->site.offset[0]);
	snprintf(text, 128, "%s:%d", place.file, place.line);
	return text;
}

/* Says of an answer that was what errno held anyway where that came from. Of a call that
 * was made to fail the finding itself names what came between, and who read errno. */
static void say_left_errno(void)
{
	const struct run *run = this_run();
	const char *function = run->ask_command[run->n_asks - 1];
	const struct step *failed = last_of_ask(NULL);
	const struct step *later = failed ? last_of_ask(failed) : NULL;
	char at[128], then[128];
	if (run->ask_struck && run->ask_fault.failed)
		return;
	if (later)
		snprintf(current.demand, sizeof(current.demand), "%s at %s left "
			 "%s in errno, and %s returned -%d: %s at %s came "
			 "between, and a call that succeeds may change errno. "
			 "Keep errno in a variable first",
			 calls[failed->call].name, where(failed, at),
			 strerrorname_np(failed->err), function, ERRNO_LEFT,
			 calls[later->call].name, where(later, then));
	else
		snprintf(current.demand, sizeof(current.demand), "%s returned "
			 "-%d, which is what errno happened to hold: no call "
			 "in it had set errno%s", function, ERRNO_LEFT,
			 run->ask_struck && !run->ask_fault.failed ?
			 ", for a transfer that comes short succeeds" : "");
}

void demand_failed(const char *clause, const char *message, ...)
{
	va_list args;
	va_start(args, message);
	vsnprintf(current.demand, sizeof(current.demand), message, args);
	va_end(args);
	if (current.left_errno)
		say_left_errno();
	current.demanded = true;
	current.clause = clause;
	stop(current.demand);
}

void leave(const char *command)
{
	if (current.skipped)
		stop("skipped");
	session_ask(current.judging->session, command, NULL, 0);
	current.left = this_run()->ending == ENDING_EXIT ||
		   this_run()->ending == ENDING_SIGNAL;
	if (!current.left)
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
	current.may_outlive = true;
}

void situation(const char *when)
{
	current.situation = when;
}

size_t live_now(enum kind kind)
{
	const struct ledger *ledger = &this_run()->ledger;
	size_t n = 0;
	for (size_t i = 0; i < ledger->n; i++)
		n += ledger->entries[i].live && ledger->entries[i].kind == kind;
	return n;
}

bool anything_live(void)
{
	const struct ledger *ledger = &this_run()->ledger;
	for (size_t i = 0; i < ledger->n; i++)
		if (ledger->entries[i].live)
			return true;
	return false;
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
	int folder = open_folder(current.judging->session->scratch);
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
	size_t n = fread(current.text, 1, sizeof(current.text) - 1, in);
	current.text[n] = '\0';
	return fclose(in) == 0 ? current.text : NULL;
}

const char *handed_in(const char *file)
{
	char *text;
	size_t size;
	current.handed_in[0] = '\0';
	int folder = open_folder(current.judging->handed_in);
	if (folder < 0)
		return current.handed_in;
	if (read_beneath(folder, file, TEXT_MAX - 1, &text, &size) == 0) {
		snprintf(current.handed_in, sizeof(current.handed_in), "%s", text);
		free(text);
	}
	close(folder);
	return current.handed_in;
}

void point_at(const char *file, int line)
{
	current.place = (struct place){ .file = file, .line = line };
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
	return debug_info_find(current.judging->sites, step->site.module[0],
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

/* The path by which resource ID of KIND was opened, "" when it is not known. */
static const char *opened_by(enum kind kind, uint64_t id)
{
	const struct ledger *ledger = &this_run()->ledger;
	for (size_t i = ledger->n; id && i-- > 0;)
		if (ledger->entries[i].kind == kind && ledger->entries[i].id == id)
			return ledger->entries[i].by.detail;
	return "";
}

const char *fault_path(void)
{
	const struct run *run = this_run();
	const struct call_info *call = &calls[run->fault.call];
	if (!run->struck)
		return "";
	if (call->role == ROLE_ACQUIRE && !run->fault.gone)
		return run->fault.detail;
	return opened_by(call->gone, run->fault.gone);
}

const char *fault_source(void)
{
	const struct step *fault = &this_run()->fault;
	bool copies = fault->call == CALL_sendfile ||
		      fault->call == CALL_copy_file_range;
	return this_run()->struck && copies ?
	       opened_by(KIND_DESCRIPTOR, (uint64_t)fault->beneath + 1) : "";
}

/* Whether E is a file that was opened at PATH. */
static bool is_opened_at(const struct entry *e, const char *path)
{
	bool file = e->kind == KIND_STREAM || e->kind == KIND_DESCRIPTOR;
	return file && !e->by.gone && strcmp(e->by.detail, path) == 0;
}

size_t times_opened(const char *path)
{
	const struct ledger *ledger = &this_run()->ledger;
	size_t n = 0;
	for (size_t i = 0; i < ledger->n; i++)
		n += is_opened_at(&ledger->entries[i], path);
	return n;
}

/* The step at which E was closed, by the stream that it became if it was given to one; 0
 * while it is open. */
static size_t closed_at(const struct ledger *ledger, const struct entry *e)
{
	size_t released = e->released;
	bool given = e->given;
	for (size_t i = 0; given && i < ledger->n; i++)
		if (ledger->entries[i].acquired == released) {
			given = ledger->entries[i].given;
			released = ledger->entries[i].released;
		}
	return released;
}

bool closed_after_opening(const char *path, const char *next)
{
	const struct ledger *ledger = &this_run()->ledger;
	size_t opened = 0, closed = 0;
	for (size_t i = 0; i < ledger->n; i++) {
		const struct entry *e = &ledger->entries[i];
		if (!opened && is_opened_at(e, next))
			opened = e->acquired;
		if (!closed && is_opened_at(e, path))
			closed = closed_at(ledger, e);
	}
	return opened && closed > opened;
}

bool fault_fell(void)
{
	return this_run()->struck;
}

bool all_fail(void)
{
	enum fault_mode mode = this_run()->plan.mode;
	return this_run()->struck && (mode == FAULT_ON || mode == FAULT_HALF ||
				      mode == FAULT_PARTIAL || mode == FAULT_LASTING);
}

size_t newest_of(enum kind kind)
{
	const struct entry *e = newest(kind);
	return e ? (size_t)(e - this_run()->ledger.entries) + 1 : 0;
}

bool released_within(size_t number, const char *function)
{
	const struct ledger *ledger = &this_run()->ledger;
	if (number == 0 || number > ledger->n)
		return false;
	const struct entry *like = &ledger->entries[number - 1];
	for (size_t i = 0; i < ledger->n; i++) {
		const struct entry *e = &ledger->entries[i];
		if (e->kind == like->kind && !e->live &&
		    e->by.site.module[0] == like->by.site.module[0] &&
		    e->by.site.offset[0] == like->by.site.offset[0] &&
		    way_out_made_within(current.judging->sites, &e->until,
					function))
			return true;
	}
	return false;
}

/* Lets the code under test write to a scratch file that the judge made. */
static int give_scratch(const char *file)
{
	char path[PATH_MAX + NAME_MAX + 2];
	snprintf(path, sizeof(path), "%s/%s", current.judging->session->scratch,
		 file);
	return sandbox_give(current.judging->session->sandbox, path);
}

/* Whether the code under test caused RC, the error of writing a scratch file: the
 * judge had made the folder, and it was empty. */
static bool in_the_way(int rc)
{
	return rc == -EISDIR || rc == -ENOTDIR || rc == -ELOOP ||
	       rc == -ENOENT || rc == -EACCES;
}

void write_file(const char *file, const char *text)
{
	if (current.skipped)
		stop("skipped");
	int folder = open_folder(current.judging->session->scratch);
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
		current.failure = rc;
		stop("a scratch file cannot be written");
	}
}

bool tells_errno(struct answer answer)
{
	return answer.value == -(long)answer.fault_err;
}

enum { WORDS = 4, WORDS_SIZE = 200 };

/* One of a few buffers, in turn. */
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
	printable_quote(words, WORDS_SIZE, text);
	return words;
}

/* What stands at TEXT to the end of its line, in words of its own. */
static const char *line_at(const char *text)
{
	char line[WORDS_SIZE];
	size_t n = strcspn(text, "\n");
	snprintf(line, sizeof(line), "%.*s", (int)(n + (text[n] == '\n')), text);
	return shown(line);
}

const char *difference(const char *held, const char *whole)
{
	static char words[3 * WORDS_SIZE];
	size_t n = 0, line = 1;
	if (!held)
		return "there is none";
	while (held[n] && held[n] == whole[n])
		n++;
	if (!held[n] && !whole[n])
		return "";
	for (size_t i = 0; i < n; i++)
		line += held[i] == '\n';
	while (n > 0 && held[n - 1] != '\n')
		n--;
	if (!whole[n])
		snprintf(words, sizeof(words), "it goes on after its end with "
			 "\"%s\"", shown(held + n));
	else if (!held[n])
		snprintf(words, sizeof(words), "it ends before \"%s\"",
			 shown(whole + n));
	else
		snprintf(words, sizeof(words), "line %zu should be \"%s\" and is "
			 "\"%s\"", line, line_at(whole + n), line_at(held + n));
	return words;
}

/* Source: a linear congruential generator, Knuth's MMIX constants. */
unsigned any(unsigned n)
{
	current.random = current.random * 6364136223846793005UL + 1442695040888963407UL;
	return n ? (unsigned)(current.random >> 33) % n : 0;
}

/* --- one run --------------------------------------------------------------- */

/* Whether the sweep has to end before all its runs. */
static bool out_of_time(void)
{
	return current.enough || current.failure || current.hangs > HANGS_MAX ||
	       monotonic_ms() > current.stop_at;
}

/* Check calls it before each test: begins the run of the next job. */
static void begin_run(void)
{
	current.job = &current.jobs[current.next++];
	current.may_outlive = current.left = current.demanded = false;
	current.situation = NULL;
	current.left_errno = false;
	current.place = (struct place){ .line = 0 };
	current.random = (unsigned long)current.judging->seed;
	current.skipped = out_of_time();
	if (current.skipped)
		return;
	int rc = session_begin(current.judging->session, current.job->plan,
			       current.judging->change, current.judging->change_offset);
	if (rc < 0) {
		current.failure = rc;
		current.skipped = true;
	}
}

/* The run under way, as findings.h wants it. */
static struct telling telling_of(void)
{
	return (struct telling){
		.run = this_run(), .sites = current.judging->sites,
		.owners = &current.owners,
		.nouns = current.judging->nouns, .clauses = current.judging->clauses,
		.driver_opens = current.judging->driver_opens,
		.scenario = current.job->scenario->name,
		.situation = current.situation,
		.may_outlive = current.may_outlive || current.left,
		.demand = current.demanded ? current.demand : NULL,
		.demand_clause = current.clause, .demand_place = current.place,
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
	if (!exit)
		return;
	json_object_set_new(exit, "at", json_integer(
		this_run()->fault.site.offset[0]));
	json_array_append_new(scenario->exits, exit);
}

/* The place of a call of the subject's that failed. */
static json_t *struck_place(const struct step *step)
{
	struct place place = debug_info_find(current.judging->sites, 0,
					     step->site.offset[0]);
	return json_pack("{s:I, s:s, s:s, s:i}", "at",
			 (json_int_t)step->site.offset[0],
			 "function", calls[step->call].name, "file", place.file,
			 "line", place.line);
}

/* Remembers that the plan made the first call of this run fail and, unless it is NULL,
 * SECOND after it. */
static void add_struck(struct scenario *scenario, const struct step *second)
{
	const struct run *run = this_run();
	json_t *struck = json_pack(
		"{s:o, s:I, s:s}", "first", struck_place(&run->fault),
		"call", (json_int_t)run->plan.point, "errno",
		error_name(run->fault.call, run->fault.err));
	if (second)
		json_object_set_new(struck, "second", struck_place(second));
	json_array_append_new(scenario->exits, struck);
}

/* Remembers which calls failed together, to name those that the learner's tests never
 * make fail: the first, and with a fault from there on also each that failed after it. */
static void note_struck(struct scenario *scenario)
{
	const struct run *run = this_run();
	size_t struck = 0;
	if (!run->struck || run->fault.site.module[0] != 0)
		return;
	if (run->plan.mode == FAULT_ONCE)
		add_struck(scenario, NULL);
	for (size_t i = 0; run->plan.mode == FAULT_ON && i < run->n_steps; i++)
		if (run->steps[i].faulted && struck++ > 0 &&
		    run->steps[i].site.module[0] == 0)
			add_struck(scenario, &run->steps[i]);
}

/* What may become of the call that STEP of RUN is, in the modes that are swept. */
static unsigned char ways_of(const struct run *run, const struct step *step)
{
	unsigned ways = ledger_ways(&run->ledger, step).ways;
	if (step->moved < 2)
		ways &= ~(unsigned)(WAY_SHORT | WAY_CUT);
	if (step->moved >= 4)
		ways |= POINT_HALVED |
			(ways & WAY_SHORT ? POINT_CONTINUED : 0);
	return (unsigned char)ways;
}

/* Notes what may become of each fault point of the plain run of SCENARIO. */
static void note_ways(struct scenario *scenario, const struct run *run)
{
	scenario->ways = calloc(scenario->points + 1, 1);
	if (!scenario->ways)
		current.failure = -ENOMEM;
	for (size_t i = 0; scenario->ways && i < run->n_steps; i++)
		if (run->steps[i].fault_point)
			scenario->ways[run->steps[i].fault_point - 1] =
				ways_of(run, &run->steps[i]);
}

/* Takes over a plain run. */
static void keep_plain(struct scenario *scenario, json_t *finding)
{
	struct run *run = this_run();
	scenario->ran = true;
	scenario->wrong = finding;
	scenario->points = fault_points(run);
	note_ways(scenario, run);
	if (current.left)
		return;		/* what it says on leaving was asked for */
	scenario->out = run->out;
	scenario->err = run->err;
	run->out = run->err = NULL;
}

/* Notes that a run with POINT failing broke CLAUSE. */
static void note_clause(struct scenario *scenario, unsigned point, const char *clause)
{
	char number[16];
	json_t *points = json_object_get(scenario->breaks, clause);
	if (!points) {
		points = json_object();
		json_object_set_new(scenario->breaks, clause, points);
	}
	snprintf(number, sizeof(number), "%u", point);
	json_object_set_new(points, number, json_true());
}

/* Notes every clause that a run with POINT failing broke. */
static void note_breaks(struct scenario *scenario, unsigned point, const json_t *finding)
{
	size_t i;
	json_t *clause;
	note_clause(scenario, point, verdict_text(finding, "clause"));
	json_array_foreach(json_object_get(finding, "also"), i, clause)
		note_clause(scenario, point, json_string_value(clause));
}

/* Whether the code made the call that failed again, at the same place and about the
 * same. */
static bool is_repeated(const struct run *run)
{
	for (size_t i = run->fault_step; run->struck && i < run->n_steps; i++)
		if (run->steps[i].call == run->fault.call &&
		    run->steps[i].site.offset[0] == run->fault.site.offset[0] &&
		    run->steps[i].gone == run->fault.gone &&
		    strcmp(run->steps[i].detail, run->fault.detail) == 0)
			return true;
	return false;
}

/* Adds a finding to those of SCENARIO: one call that fails is simpler than a cascade,
 * and comes before it. */
static void add_finding(struct scenario *scenario, json_t *finding,
			enum fault_mode mode)
{
	if (mode == FAULT_ON) {
		json_array_append(scenario->findings, finding);
		return;
	}
	json_array_insert(scenario->findings, scenario->simple++, finding);
}

/* Takes over a run with a fault: a point counts once, though it has several modes. */
static void keep_swept(struct scenario *scenario, json_t *finding)
{
	unsigned char *ways = &scenario->ways[current.job->plan.point - 1];
	if (current.job->plan.mode == FAULT_ONCE && is_repeated(this_run()))
		*ways |= POINT_REPEATED;
	if (finding)
		note_breaks(scenario, current.job->plan.point, finding);
	if (finding && !(*ways & POINT_DIRTY)) {
		*ways |= POINT_DIRTY;
		scenario->dirty++;
		add_finding(scenario, finding, current.job->plan.mode);
	}
	json_decref(finding);
}

/* A run that was not made: its point counts as dirty, once. */
static void keep_skipped(struct scenario *scenario)
{
	if (current.job->plan.mode != FAULT_ONCE)
		return;
	scenario->dirty++;
	scenario->unjudged++;
}

/* Check calls it after each test: ends the run and draws the conclusion. */
static void end_run(void)
{
	struct scenario *scenario = current.job->scenario;
	if (current.skipped) {
		if (current.job->plan.mode != FAULT_NONE)
			keep_skipped(scenario);
		return;
	}
	session_end(current.judging->session);
	if (this_run()->ending == ENDING_GRADER)
		current.failure = -EPIPE;
	current.hangs += this_run()->ending == ENDING_HANG;
	for (size_t i = 0; current.judging->releases && i < this_run()->n_steps; i++)
		current.judging->releases(&this_run()->steps[i], current.judging->sites,
				      current.judging->release_sites);
	if (current.job->plan.mode == FAULT_NONE)
		owners_note(&current.owners, current.judging->sites, this_run());
	struct telling telling = telling_of();
	json_t *finding = findings_tell(&telling);
	current.enough = finding && current.judging->stop_at_first;
	if (current.ret_steps)
		*current.ret_steps = findings_steps(&telling);
	if (current.ret_finding)
		*current.ret_finding = finding;
	else if (current.job->plan.mode == FAULT_NONE)
		keep_plain(scenario, finding);
	else
		keep_swept(scenario, finding);
	if (current.job->plan.mode == FAULT_ONCE && !current.ret_finding)
		note_exit(scenario, &telling);
	if (!current.ret_finding)
		note_struck(scenario);
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
		current.jobs[current.n_jobs++] = (struct job){ scenario, plans[i] };
}

/* Lets Check run what was added. A test that failed without a call of stop() holds
 * a ck_assert: that is a fault of the suite, not of the learner. */
static int run_jobs(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	srunner_set_fork_status(runner, CK_NOFORK);
	current.stops = 0;
	srunner_run(runner, NULL, NULL, CK_SILENT);
	bool stray = srunner_ntests_failed(runner) != current.stops;
	srunner_free(runner);
	return stray && !current.failure ? -EPROTO : current.failure;
}

/* Whether SCENARIO is asked for. */
static bool wanted(const struct scenario *scenario)
{
	const char *only = current.judging->only;
	if (current.judging->swept_alone && scenario->sweeping != SWEPT)
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
		suite->scenarios[i].breaks = json_object();
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

/* Whether a call with these WAYS is tried in MODE. */
static bool is_tried(enum fault_mode mode, unsigned ways)
{
	static const unsigned needed[FAULT_MODES] = {
		[FAULT_SHORT] = WAY_SHORT | WAY_CUT,
		[FAULT_HALF] = POINT_HALVED,
		[FAULT_PARTIAL] = POINT_CONTINUED,
		[FAULT_INTERRUPTED] = WAY_INTERRUPTED,
		[FAULT_LASTING] = POINT_REPEATED,
	};
	return !needed[mode] || ways & needed[mode];
}

/* The plans for the fault points of SCENARIO in the MODES that are bits: how many. */
static size_t fill_plans(struct plan plans[], const struct scenario *scenario,
			 unsigned modes)
{
	size_t n = 0;
	for (unsigned point = 1; point <= scenario->points; point++)
		for (int mode = FAULT_ONCE; mode < FAULT_MODES; mode++)
			if (modes & 1u << mode &&
			    is_tried((enum fault_mode)mode,
				     scenario->ways[point - 1]))
				plans[n++] = (struct plan){
					.mode = (enum fault_mode)mode,
					.point = point };
	return n;
}

/* Sweeps the fault points of SUITE in the MODES that are bits. */
static int judge_swept(struct suite *suite, unsigned modes)
{
	size_t most = 1;
	for (size_t i = 0; i < suite->n; i++)
		most += swept(&suite->scenarios[i]) ?
			FAULT_MODES * suite->scenarios[i].points : 0;
	struct plan *plans = calloc(most, sizeof(*plans));
	current.jobs = calloc(most, sizeof(*current.jobs));
	current.n_jobs = current.next = 0;
	Suite *checks = suite_create("survives");
	for (size_t i = 0; plans && current.jobs && i < suite->n; i++) {
		struct scenario *s = &suite->scenarios[i];
		size_t n = swept(s) ? fill_plans(plans, s, modes) : 0;
		if (n > 0)
			add_jobs(checks, s, plans, (int)n);
	}
	int rc = plans && current.jobs ? run_jobs(checks) : -ENOMEM;
	free(plans);
	free(current.jobs);
	return rc;
}

/* Sets up what the fixtures share. */
static void prepare(const struct judging *judging, struct job *jobs)
{
	memset(&current, 0, sizeof(current));
	current.judging = judging;
	current.jobs = jobs;
	current.stop_at = judging->session->patience_ms < 0 ? LONG_MAX :
		      monotonic_ms() + (judging->sweep_ms ? judging->sweep_ms :
				     SWEEP_MS);
}

int judge(const struct judging *judging, struct suite *suite)
{
	struct job jobs[SCENARIOS_MAX];
	if (suite->overflows)
		return -E2BIG;
	prepare(judging, jobs);
	int rc = judge_plain(suite);
	current.jobs = NULL;
	if (rc < 0 || !judging->sweep || current.enough)
		return rc;
	unsigned lasting = judging->modes & 1u << FAULT_LASTING;
	rc = judge_swept(suite, judging->modes & ~lasting);
	return rc < 0 ? rc : judge_swept(suite, lasting);
}

int judge_replay(const struct judging *judging, struct suite *suite,
		 struct plan plan, json_t **ret_finding, char **ret_steps)
{
	static const struct plan plain = { .mode = FAULT_NONE };
	struct job jobs[SCENARIOS_MAX];
	prepare(judging, jobs);
	current.ret_finding = ret_finding;
	current.ret_steps = ret_steps;
	Suite *checks = suite_create("replay");
	/* The driver of a PLAIN scenario makes its fault itself, in each run. */
	for (size_t i = 0; i < suite->n; i++)
		if (wanted(&suite->scenarios[i]) && current.n_jobs == 0)
			add_jobs(checks, &suite->scenarios[i],
				 suite->scenarios[i].sweeping == SWEPT ? &plan :
				 &plain, 1);
	bool found = current.n_jobs == 1;
	int rc = run_jobs(checks);
	current.jobs = NULL;
	return rc < 0 ? rc : found ? 0 : -ENOENT;
}

void suite_release(struct suite *suite)
{
	for (size_t i = 0; i < suite->n; i++) {
		struct scenario *s = &suite->scenarios[i];
		json_decref(s->wrong);
		json_decref(s->findings);
		json_decref(s->exits);
		free(s->ways);
		json_decref(s->breaks);
		free(s->out);
		free(s->err);
		*s = (struct scenario){ .test = s->test, .name = s->name,
					.sweeping = s->sweeping };
	}
}
