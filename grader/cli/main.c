/* main.c - the command line: what may be typed, and who does it. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "sandbox/cell.h"
#include "base/path.h"
#include "base/files.h"
#include "grading/grade.h"
#include "grading/grader_child.h"
#include "base/supervisor.h"
#include "grading/batch.h"
#include "commands.h"
#include "report/formats.h"
#include "suggest.h"
#include "progress.h"
#include "request.h"
#include "sandbox/sandbox.h"
#include "base/process.h"
#include "grading/unpack.h"
#include "grading/unpack_child.h"
#include "verdict/verdict.h"

enum { DEFAULT_SEED = 1, MOST_OPTIONS = 16, MOST_COMMANDS = 24 };

/* Which options a command takes. */
enum takes {
	TAKES_ALL = 1, TAKES_FROM = 2, TAKES_FORMAT = 4, TAKES_OUT = 8,
	TAKES_FAIL = 16, TAKES_DEBUG = 32, TAKES_SEED = 64, TAKES_JOBS = 128,
	TAKES_SANDBOX = 256, TAKES_TRUST = 512, TAKES_LEVEL = 1024,
	TAKES_TO_GRADE = 1023,
};

/* How many exercises a command wants named. */
enum wants { WANTS_NONE, WANTS_ONE, WANTS_SOME, WANTS_ANY };

struct option {
	const char *name;
	const char *value;	/* what follows it; NULL for nothing */
	enum takes who;
	size_t place;		/* of its member in struct request */
	bool number;
	const char *help;
};

struct command {
	const char *name;
	const char *arguments;
	enum wants wants;
	unsigned takes;
	int (*run)(struct request *r);
	const char *help;	/* NULL hides it */
};

#define AT(member) offsetof(struct request, member)

static const struct option options[] = {
	{ "all", NULL, TAKES_ALL, AT(all), false, "every exercise" },
	{ "from", "DIR|FILE", TAKES_FROM, AT(from_typed), false,
	  "a folder shaped like exercises/, or a zip or tar of it" },
	{ "format", "F", TAKES_FORMAT, AT(format), false,
	  "terminal (what you get without it) or json" },
	{ "out", "FILE", TAKES_OUT, AT(out), false,
	  "where to write it, whole or not at all" },
	{ "fail", "SCENARIO:K[:on]", TAKES_FAIL, AT(fail), false,
	  "let call K fail, once or from there on, and tell that story" },
	{ "debug", NULL, TAKES_DEBUG, AT(debug), false,
	  "with --fail: in gdb, at the call that fails" },
	{ "sandbox", "S", TAKES_SANDBOX, AT(sandbox), false,
	  "bubblewrap, landlock or limits; without it the first that works" },
	{ "i-trust-this-code", NULL, TAKES_TRUST, AT(trust), false,
	  "grade others' code with limits alone, where no sandbox works" },
	{ "seed", "N", TAKES_SEED, AT(seed), true,
	  "draw the inputs anew; a verdict names its seed" },
	{ "jobs", "N", TAKES_JOBS, AT(jobs), true,
	  "how many exercises at a time" },
	{ "level", "N", TAKES_LEVEL, AT(level), true, "that hint again" },
};

static int run_grade(struct request *r);
static int run_next(struct request *r);
static int run_judge(struct request *r);
static int run_check(struct request *r);
static int run_unpack(struct request *r);
static int run_help(struct request *r);
static int run_map(struct request *r) { return command_map(r); }
static int run_hint(struct request *r) { return command_hint(r); }
static int run_lesson(struct request *r) { return command_lesson(r); }
static int run_try(struct request *r) { return command_try(r); }
static int run_reset(struct request *r) { return command_reset(r); }
static int run_solution(struct request *r) { return command_solution(r); }

static const struct command commands[] = {
	{ "", "", WANTS_NONE, TAKES_SANDBOX, run_next,
	  "the map, and the verdict on your next exercise" },
	{ "grade", "[NN|NAME]...", WANTS_SOME, TAKES_TO_GRADE, run_grade,
	  "judge these exercises, or --all" },
	{ "hint", "NN", WANTS_ONE, TAKES_LEVEL, run_hint,
	  "a hint, then a stronger one" },
	{ "lesson", "NN", WANTS_ONE, 0, run_lesson, "read and run a lesson" },
	{ "try", "NN", WANTS_ONE, 0, run_try,
	  "an experiment: your guesses beside what happens" },
	{ "reset", "NN", WANTS_ONE, 0, run_reset,
	  "the starter again; what you have is kept" },
	{ "solution", "NN", WANTS_ONE, 0, run_solution,
	  "our solution beside yours, once yours is done" },
	{ "map", "", WANTS_NONE, 0, run_map, "where you are" },
	{ "check", "[NN|NAME]...", WANTS_ANY, TAKES_SANDBOX, run_check,
	  "for maintainers: is the workbook itself in order?" },
	{ "help", "", WANTS_NONE, 0, run_help, "this text" },
	{ "judge", "ID", WANTS_ONE, TAKES_FROM | TAKES_SEED | TAKES_FAIL |
	  TAKES_DEBUG | TAKES_SANDBOX, run_judge, NULL },
	{ "unpack", "", WANTS_NONE, 0, run_unpack, NULL },
};

enum {
	N_OPTIONS = sizeof(options) / sizeof(*options),
	N_COMMANDS = sizeof(commands) / sizeof(*commands),
};

_Static_assert((int)N_OPTIONS <= (int)MOST_OPTIONS, "room for their names");
_Static_assert((int)N_COMMANDS <= (int)MOST_COMMANDS, "and for these");

/* --- what is said -------------------------------------------------------- */

/* Says what went wrong, on the side: STATUS. */
__attribute__((format(printf, 2, 3)))
static int say(enum status status, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fputs("brakes: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	return (int)status;
}

/* The options of COMMAND, a line each. */
static void print_options(const struct command *command)
{
	char shown[48];
	for (size_t i = 0; i < N_OPTIONS; i++) {
		const struct option *o = &options[i];
		if (!(command->takes & o->who))
			continue;
		snprintf(shown, sizeof(shown), "--%s %s", o->name,
			 o->value ? o->value : "");
		printf("      %-23s %s\n", shown, o->help);
	}
}

/* Prints what may be typed. */
static int run_help(struct request *r)
{
	char shown[48];
	(void)r;
	puts("brakes - judges cleanup by letting every call fail\n");
	for (size_t i = 0; i < N_COMMANDS; i++) {
		const struct command *c = &commands[i];
		if (!c->help)
			continue;
		snprintf(shown, sizeof(shown), "%s %s", c->name, c->arguments);
		printf("  brakes %-20s %s\n", shown, c->help);
		print_options(c);
	}
	puts("\nNN is an exercise: its number (12) or its name (global).\n"
	     "It ends with 0: full marks; 1: something to fix; 2: not typed "
	     "right;\n3: it could not judge, which is never a grade.");
	return STATUS_FULL;
}

/* Writes the numbers of all exercises into TEXT: "08, 09, 12". */
static void numbers(const struct catalog *catalog, char *text, size_t size)
{
	size_t at = 0;
	text[0] = '\0';
	for (size_t i = 0; i < catalog->n && at < size; i++)
		at += (size_t)snprintf(text + at, size - at, "%s%.2s",
				       i ? ", " : "", catalog->exercises[i].id);
}

/* Says that WORD is no exercise, and which one was probably meant. */
static int no_such_exercise(const struct catalog *catalog, const char *word)
{
	const char *names[ASKED_MAX], *near;
	char list[512];
	size_t n = 0;
	for (; n < catalog->n && n < ASKED_MAX; n++)
		names[n] = catalog->exercises[n].id + 3;
	near = suggest_word(word, names, n);
	numbers(catalog, list, sizeof(list));
	if (near && !isdigit((unsigned char)*word))
		return say(STATUS_USAGE, "no exercise %s: did you mean %s?",
			   word, near);
	return say(STATUS_USAGE, "no exercise %s: there are %s", word, list);
}

/* Says that NAME is no format, and which there are. */
static int no_such_format(const char *name)
{
	char list[256];
	size_t at = 0;
	for (size_t i = 0; formats[i].name && at < sizeof(list); i++)
		at += (size_t)snprintf(list + at, sizeof(list) - at, "%s%s",
				       i ? ", " : "", formats[i].name);
	return say(STATUS_USAGE, "no format %s: there are %s", name, list);
}

/* Says that NAME is no command. */
static int no_such_command(const char *name)
{
	const char *names[MOST_COMMANDS], *near;
	size_t n = 0;
	for (size_t i = 1; i < N_COMMANDS; i++)
		if (commands[i].help)
			names[n++] = commands[i].name;
	near = suggest_word(name, names, n);
	if (isdigit((unsigned char)*name))
		return say(STATUS_USAGE, "to have exercise %s judged, type: "
			   "build/brakes grade %s", name, name);
	if (near)
		return say(STATUS_USAGE, "no command %s: did you mean %s?",
			   name, near);
	return say(STATUS_USAGE, "no command %s; build/brakes help lists them",
		   name);
}

/* Says that NAME, typed after --, is no option of COMMAND. */
static int no_such_option(const struct command *command, const char *name)
{
	const char *names[MOST_OPTIONS], *near;
	size_t n = 0;
	for (size_t i = 0; i < N_OPTIONS; i++)
		if (command->takes & options[i].who)
			names[n++] = options[i].name;
	near = suggest_word(name, names, n);
	if (near)
		return say(STATUS_USAGE, "%s has no option --%s: did you "
			   "mean --%s?", command->name, name, near);
	return say(STATUS_USAGE, "%s has no option --%s; build/brakes help "
		   "lists what it has", command->name, name);
}

/* --- what was typed ------------------------------------------------------ */

/* The arguments, eaten from the front. */
struct typed {
	char **at;		/* NULL-terminated */
	const char *words[ASKED_MAX];
	size_t n_words;
};

/* The option that TEXT (without --) names, up to a '=' if it has one. */
static const struct option *option_find(const struct command *command,
					const char *text)
{
	size_t length = strcspn(text, "=");
	for (size_t i = 0; i < N_OPTIONS; i++)
		if ((command->takes & options[i].who) &&
		    strlen(options[i].name) == length &&
		    strncmp(options[i].name, text, length) == 0)
			return &options[i];
	return NULL;
}

/* Stores VALUE as the number of option O. */
static int take_number(struct request *r, const struct option *o,
		       const char *value)
{
	char *end;
	long number;
	errno = 0;
	number = strtol(value, &end, 10);
	if (errno || end == value || *end || number < 1)
		return say(STATUS_USAGE, "--%s wants a number from 1 on, and "
			   "got \"%s\"", o->name, value);
	memcpy((char *)r + o->place, &number, sizeof(number));
	return 0;
}

/* Stores one option, and its value from the same or the next argument. */
static int take_option(struct request *r, const struct command *command,
		       struct typed *t)
{
	const char *text = *t->at++ + 2, *value = strchr(text, '=');
	const struct option *o = option_find(command, text);
	bool given = true;
	if (!o)
		return no_such_option(command, text);
	if (!o->value && value)
		return say(STATUS_USAGE, "--%s takes no value", o->name);
	if (!o->value) {
		memcpy((char *)r + o->place, &given, sizeof(given));
		return 0;
	}
	value = value ? value + 1 : *t->at ? *t->at++ : NULL;
	if (!value)
		return say(STATUS_USAGE, "--%s wants a value: --%s %s", o->name,
			   o->name, o->value);
	if (o->number)
		return take_number(r, o, value);
	memcpy((char *)r + o->place, &value, sizeof(value));
	return 0;
}

/* Sorts the arguments into options and words. */
static int take_arguments(struct request *r, const struct command *command,
			  struct typed *t)
{
	int status = 0;
	while (*t->at && status == 0) {
		if (strncmp(*t->at, "--", 2) == 0)
			status = take_option(r, command, t);
		else if (t->n_words < ASKED_MAX)
			t->words[t->n_words++] = *t->at++;
		else
			status = say(STATUS_USAGE, "more than %d words",
				     ASKED_MAX);
	}
	return status;
}

/* Adds EXERCISE to what is asked, unless it is there. */
static void ask_for(struct request *r, const struct exercise *exercise)
{
	for (size_t i = 0; i < r->n_asked; i++)
		if (r->asked[i] == exercise)
			return;
	if (r->n_asked < ASKED_MAX)
		r->asked[r->n_asked++] = exercise;
}

/* Whether as many exercises are named as COMMAND wants. */
static int count_asked(const struct request *r, const struct command *command)
{
	char list[512];
	numbers(r->catalog, list, sizeof(list));
	if (command->wants == WANTS_ONE && r->n_asked != 1)
		return say(STATUS_USAGE, "%s wants one exercise, such as: "
			   "build/brakes %s %.2s (there are %s)",
			   command->name, command->name, list, list);
	if (command->wants == WANTS_SOME && r->n_asked == 0)
		return say(STATUS_USAGE, "which exercise? Type for instance: "
			   "build/brakes grade %.2s (there are %s), or "
			   "--all", list, list);
	return 0;
}

/* Turns words into exercises. */
static int find_asked(struct request *r, const struct command *command,
		      const struct typed *t)
{
	if (command->wants == WANTS_NONE)
		return t->n_words == 0 ? 0 :
			say(STATUS_USAGE, "%s takes no more words, and got "
			    "%s", command->name, t->words[0]);
	for (size_t i = 0; i < t->n_words; i++) {
		const char *word = t->words[i];
		const struct exercise *e = catalog_find(r->catalog, word);
		if (!e)
			return no_such_exercise(r->catalog, word);
		ask_for(r, e);
	}
	bool all = r->all || (command->wants == WANTS_ANY && t->n_words == 0);
	for (size_t i = 0; all && i < r->catalog->n; i++)
		ask_for(r, &r->catalog->exercises[i]);
	return count_asked(r, command);
}

/* Says what of the archive was not taken, and whether anything was. */
static void tell_skipped(const struct request *r)
{
	size_t i;
	json_t *entry;
	long more = verdict_number(r->archive, "more");
	json_array_foreach(json_object_get(r->archive, "skipped"), i, entry)
		say(STATUS_FULL, "%s: \"%s\" is left out: %s", r->from_typed,
		    verdict_text(entry, "name"), verdict_text(entry, "why"));
	if (more > 0)
		say(STATUS_FULL, "%s: and %ld more like these", r->from_typed,
		    more);
	if (!verdict_number(r->archive, "taken") && !r->refused)
		say(STATUS_FULL, "%s: no file of an exercise is in it, such as "
		    "%s/%s", r->from_typed, r->catalog->exercises[0].id,
		    r->catalog->exercises[0].hand_in.name[0]);
}

/* Whether the verdict is written for a program to read, which then always has
 * one: a file that is no archive is then a verdict, too. */
static bool wants_data(const struct request *r)
{
	return r->out || (r->format && strcmp(r->format, "terminal") != 0);
}

/* Understands what the unpacking of the archive that was typed has come to. */
static int judge_archive(struct request *r)
{
	const char *failed = verdict_text(r->archive, "failed");
	json_object_set_new(r->archive, "name", verdict_string(r->from_typed));
	if (json_is_true(json_object_get(r->archive, "unknown")) &&
	    !wants_data(r))
		return say(STATUS_USAGE, "%s %s", r->from_typed, failed);
	r->refused = *failed ? failed : NULL;
	tell_skipped(r);
	return 0;
}

/* Has the file FD unpacked into a folder of ours; once more when we fail. */
static int unpack_twice(struct request *r, int fd)
{
	struct sandbox sandbox;
	char *why;
	int rc = make_own_folder(r->unpacked, sizeof(r->unpacked));
	if (rc < 0) {
		r->unpacked[0] = '\0';
		return rc;
	}
	memcpy(r->from, r->unpacked, sizeof(r->from));
	rc = sandbox_choose(r->root, r->sandbox, r->unpacked, &sandbox, &why);
	free(why);
	if (rc == 0)
		rc = unpack_elsewhere(&sandbox, fd, r->unpacked, &r->archive);
	return rc < 0 && rc != -ENOTSUP && rc != -EINVAL ?
	       unpack_elsewhere(&sandbox, fd, r->unpacked, &r->archive) : rc;
}

/* Takes the archive that was typed: what is unpacked of it is to be graded. */
static int take_archive(struct request *r)
{
	int fd = open(r->from, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return say(STATUS_USAGE, "%s cannot be read: %s", r->from_typed,
			   strerror(errno));
	int rc = unpack_twice(r, fd);
	close(fd);
	if (rc == 0)
		return judge_archive(r);
	r->refused = "could not be unpacked, through no fault of its own";
	r->fault = true;
	return 0;
}

/* Removes what was unpacked. */
static void release_archive(struct request *r)
{
	json_decref(r->archive);
	if (r->unpacked[0])
		remove_tree(r->unpacked);
}

/* Finds the folder to grade: from here as typed or, when it is not here, from
 * the workbook. */
static int find_folder(struct request *r)
{
	char path[PATH_MAX], own[PATH_MAX];
	struct stat status = { .st_mode = 0 };
	const char *typed = r->from_typed ? r->from_typed : "exercises";
	bool here = r->from_typed && realpath(typed, r->from);
	if (!here && (path_join(path, sizeof(path), "%s/%s", r->root, typed) < 0
		      || !realpath(path, r->from)))
		return say(STATUS_USAGE, "no folder %s: %s", typed,
			   strerror(errno));
	if (stat(r->from, &status) == 0 && S_ISREG(status.st_mode))
		return take_archive(r);
	if (!S_ISDIR(status.st_mode))
		return say(STATUS_USAGE, "%s is neither a folder nor an "
			   "archive: --from wants a folder shaped like "
			   "exercises/, or a zip or tar of it", typed);
	if (path_join(path, sizeof(path), "%s/exercises", r->root) == 0 &&
	    realpath(path, own))
		r->own = strcmp(own, r->from) == 0;
	if (path_join(path, sizeof(path), "%s/solutions", r->root) == 0 &&
	    realpath(path, own))
		r->ours = r->own || strcmp(own, r->from) == 0;
	return 0;
}

/* Whether the format is one, and whether --fail makes sense. */
static int check_options(struct request *r)
{
	if (!format_find(r->format))
		return no_such_format(r->format);
	if (r->fail && r->n_asked != 1)
		return say(STATUS_USAGE, "--fail replays one call of one "
			   "exercise: name just one");
	struct sandbox sandbox;
	if (r->sandbox && sandbox_named(r->root, r->sandbox, &sandbox) < 0)
		return say(STATUS_USAGE, "no sandbox %s: there are %s, %s and "
			   "%s", r->sandbox, sandbox_name(SANDBOX_BUBBLEWRAP),
			   sandbox_name(SANDBOX_LANDLOCK),
			   sandbox_name(SANDBOX_LIMITS));
	struct replay replay;
	if (r->fail && replay_parse(r->fail, &replay) < 0)
		return say(STATUS_USAGE, "--fail wants SCENARIO:K or "
			   "SCENARIO:K:on, such as one_day:2, and got \"%s\"",
			   r->fail);
	if (r->debug && !r->fail)
		return say(STATUS_USAGE, "--debug stops at the call that "
			   "--fail names: give both");
	return 0;
}

/* --- what is done -------------------------------------------------------- */

static void live_on(int signal)
{
	(void)signal;
}

/* Lets Ctrl-C stop what is debugged, and neither us nor the judge. Not by
 * ignoring it: a program that is started inherits that. */
static void outlive_interrupt(void)
{
	struct sigaction action = { .sa_handler = live_on };
	sigaction(SIGINT, &action, NULL);
}

/* What is to be graded, as grading wants it. */
static struct batch_order order_of(const struct request *r)
{
	return (struct batch_order){
		.root = r->root, .asked = r->asked, .n_asked = r->n_asked,
		.from = r->from, .from_typed = r->from_typed,
		.refused = r->refused, .fault = r->fault, .ours = r->ours,
		.trust = r->trust, .sandbox = r->sandbox, .fail = r->fail,
		.seed = r->seed, .jobs = r->jobs,
	};
}

/* What a report has to know beside the verdict. */
static struct report_context context_of(const struct request *r)
{
	return (struct report_context){
		.root = r->root, .catalog = r->catalog, .from = r->from,
		.from_typed = r->from_typed, .archive = r->archive != NULL,
		.own = r->own, .fail = r->fail,
		.next = progress_next(r->progress, r->catalog),
		.format = r->format, .out = r->out,
	};
}

/* Grades what is asked, remembers the scores, shows the verdict. */
static int run_grade(struct request *r)
{
	json_t *verdict;
	int rc, status;
	if (r->debug)
		outlive_interrupt();
	struct batch_order order = order_of(r);
	if (r->debug && !r->refused && batch_debug(&order) < 0)
		return say(STATUS_FAULT, "the debugger did not run; is gdb "
			   "there?");
	verdict = r->refused ? batch_refuse(&order) : batch_grade(&order);
	if (!verdict)
		return say(STATUS_FAULT, "out of memory");
	if (r->archive)
		json_object_set(verdict, "archive", r->archive);
	if (r->own && !r->fail && progress_keep(r->progress, verdict) < 0)
		say(STATUS_FULL, "your score could not be remembered in "
		    ".brakes-progress");
	struct report_context context = context_of(r);
	rc = format_write(verdict, &context);
	status = verdict_exit_status(verdict);
	json_decref(verdict);
	if (rc < 0)
		return say(STATUS_FAULT, "the verdict could not be written to "
			   "%s: %s", r->out ? r->out : "standard output",
			   strerror(-rc));
	return status;
}

/* The map, then the verdict on the first exercise that is not done. */
static int run_next(struct request *r)
{
	const struct exercise *next = progress_next(r->progress,
						    r->catalog);
	int status = command_map(r);
	if (status != STATUS_FULL || !next)
		return status;
	ask_for(r, next);
	printf("\nAs your files stand now, make %.2s says:\n\n", next->id);
	return run_grade(r);
}

/* Prints the verdict on one exercise, judged in this process. */
static int run_judge(struct request *r)
{
	struct sandbox sandbox;
	struct grading grading = {
		.root = r->root, .from = r->from, .seed = r->seed,
		.sandbox = &sandbox,
	};
	json_t *verdict = NULL;
	char *why = NULL, told[32] = "";
	int rc;
	if (!r->sandbox)
		grader_child_be_told(told, sizeof(told));
	if (sandbox_named(r->root, r->sandbox ? r->sandbox : told, &sandbox) < 0)
		return say(STATUS_USAGE, "a judge is told its sandbox");
	umask(022);	/* whoever runs in the sandbox reads what we write */
	if (r->fail)
		replay_parse(r->fail, &grading.replay);
	grading.replay.debug = r->debug;
	if (r->debug)
		outlive_interrupt();
	rc = grade_exercise(&grading, r->asked[0], &verdict, &why);
	if (rc < 0) {
		say(STATUS_FAULT, "%s", why ? why : strerror(-rc));
		free(why);
		return STATUS_FAULT;
	}
	rc = r->debug ? 0 : json_dumpf(verdict, stdout, 0);
	json_decref(verdict);
	return rc < 0 || fflush(stdout) == EOF ? STATUS_FAULT : STATUS_FULL;
}

/* Unpacks the archive that stands open into the work folder, and prints the
 * report. Names in an archive may be of any alphabet. */
static int run_unpack(struct request *r)
{
	json_t *report = NULL;
	setlocale(LC_CTYPE, "C.UTF-8");
	int here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int rc = here < 0 ? -errno :
		 unpack(UNPACK_FROM, here, r->catalog, &report);
	if (here >= 0)
		close(here);
	if (rc < 0)
		return say(STATUS_FAULT, "%s", strerror(-rc));
	rc = json_dumpf(report, stdout, 0);
	json_decref(report);
	return rc < 0 || fflush(stdout) == EOF ? STATUS_FAULT : STATUS_FULL;
}

/* Becomes the maintainer's self-check, a program of its own. */
static int run_check(struct request *r)
{
	char path[PATH_MAX];
	const char *argv[ASKED_MAX + 4] = { "selfcheck" };
	size_t n = 1;
	if (r->sandbox) {
		argv[n++] = "--sandbox";
		argv[n++] = r->sandbox;
	}
	for (size_t i = 0; i < r->n_asked; i++)
		argv[n++] = r->asked[i]->id;
	if (path_join(path, sizeof(path), "%s/build/selfcheck", r->root) == 0)
		execv(path, (char *const *)argv);
	return say(STATUS_FAULT, "build/selfcheck cannot be run: %s. "
		   "make check builds and runs it", strerror(errno));
}

/* Understands the arguments of COMMAND and runs it. */
static int obey(struct request *r, const struct command *command, char **argv)
{
	struct typed typed = { .at = argv };
	int status = take_arguments(r, command, &typed);
	if (status == 0)
		status = find_asked(r, command, &typed);
	if (status == 0)
		status = find_folder(r);
	if (status == 0)
		status = check_options(r);
	if (r->seed == 0)
		r->seed = DEFAULT_SEED;
	if (status == 0)
		status = command->run(r);
	release_archive(r);
	return status;
}

/* Finds the workbook, and reads its catalog and what the learner has reached:
 * 0, or a negative errno with the reason in *ret_why where there is more to
 * say. A judge reads no progress: it has no learner before it. */
static int find_workbook(struct request *r, struct catalog *catalog,
			 char root[PATH_MAX], char **ret_why)
{
	int rc = workbook_root(root, PATH_MAX);
	if (rc == 0)
		rc = catalog_read(root, catalog, ret_why);
	r->root = root;
	r->catalog = catalog;
	return rc == 0 && r->progress ? progress_read(root, r->progress) : rc;
}

/* Obeys COMMAND in the workbook that this program belongs to. */
static int obey_here(const struct command *command, char **argv)
{
	char root[PATH_MAX];
	struct catalog catalog = { .n = 0 };
	struct progress progress = { .text = NULL };
	struct request r = { .progress = command->help ? &progress : NULL };
	char *why = NULL;
	int rc = find_workbook(&r, &catalog, root, &why);
	int status = rc == 0 ? obey(&r, command, argv) :
		     say(STATUS_FAULT, "%s", why ? why : strerror(-rc));
	free(why);
	progress_release(&progress);
	catalog_release(&catalog);
	return status;
}

/* The command of that name; NULL when there is none. */
static const struct command *command_find(const char *name)
{
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
		name = "help";
	for (size_t i = 0; i < N_COMMANDS; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

/* What was typed, for whoever does it. */
struct errand {
	const struct command *command;
	char **argv;
};

static int run_errand(void *data)
{
	const struct errand *errand = data;
	adopt_orphans();
	int status = obey_here(errand->command, errand->argv);
	reap_descendants();
	return status;
}

/* Does it under a keeper, for it starts others' code: but for a debugger, which
 * needs the terminal for itself. */
static int kept(struct errand *errand)
{
	for (char **at = errand->argv; *at; at++)
		if (strcmp(*at, "--debug") == 0)
			return run_errand(errand);
	int status = supervise(run_errand, errand, STATUS_FAULT);
	return status >= 0 ? status :
	       say(STATUS_FAULT, "nothing could be started: %s",
		   strerror(-status));
}

/* Variables that speak to Check would speak to the judge's suites too. */
static void forget_variables_of_check(void)
{
	static const char prefix[] = "CK_";
	for (char **at = environ; *at;) {
		char name[128];
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(*at, "="), *at);
		if (strncmp(name, prefix, strlen(prefix)) == 0 &&
		    unsetenv(name) == 0 && !getenv(name))
			at = environ;
		else
			at++;
	}
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	const struct command *command = command_find(name);
	if (!command)
		return no_such_command(name);
	if (command->run == run_help)
		return run_help(NULL);
	forget_variables_of_check();
	signal(SIGPIPE, SIG_IGN);	/* a pipe that breaks is an error code */
	struct errand errand = { command, argv + (argc > 1 ? 2 : 1) };
	return command->takes & TAKES_SANDBOX && command->help ?
	       kept(&errand) : run_errand(&errand);
}
