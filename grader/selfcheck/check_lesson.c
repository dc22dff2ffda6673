/* check_lesson.c - the gate over a lesson: what it says that it prints, it
 * prints; and by the word of ASan, UBSan and valgrind it is clean and leaks
 * nothing. */
#include "base/path.h"
#include "parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include "base/tree.h"
#include "build/run_program.h"

enum { COMPILE_MS = 60 * 1000, RUN_MS = 30 * 1000, SAYS_MAX = 1 << 16,
       ARGUMENTS_MAX = 20 + LIST_MAX };

/* The ways in which a lesson is run: with what it is compiled, and beneath
 * what. */
static const struct way {
	const char *name;
	const char *flag;
	const char *beneath[10];
} ways[] = {
	{ "by itself", "-O0", { NULL } },
	{ "under ASan and UBSan", "-fsanitize=address,undefined", { NULL } },
	/* A collector reads what was never written: that is no fault. */
	{ "under valgrind", "-O0",
	  { "valgrind", "-q", "--command-line-only=yes",
	    "--undef-value-errors=no", "--leak-check=full",
	    "--errors-for-leak-kinds=definite", "--error-exitcode=99", NULL } },
};

/* Compiles the lesson for WAY into FOLDER/program, with every warning that we
 * ask of our own code: as for process_run. */
static int compile(const struct gate *gate, const struct way *way,
		   const char *folder, struct ended *ret_ended)
{
	const struct exercise *e = gate->exercise;
	const char *argv[ARGUMENTS_MAX] = {
		"gcc", "-g", way->flag, "-Wall", "-Wextra", "-Wpedantic", "-Wshadow",
		"-Wstrict-prototypes", "-fdiagnostics-color=never", "-o",
	};
	char source[PATH_MAX], program[PATH_MAX];
	char libraries[LIST_MAX][NAME_MAX_LENGTH];
	struct program gcc = {
		.argv = argv, .dir = gate->root, .deadline_ms = COMPILE_MS,
		.output_max = SAYS_MAX,
	};
	size_t n = 10;
	int rc = path_join(source, sizeof(source), "lessons/%s.c", e->id);
	if (rc == 0)
		rc = path_join(program, sizeof(program), "%s/program", folder);
	argv[n++] = program;
	argv[n++] = source;
	for (size_t i = 0; i < e->lesson_libraries.n; i++) {
		snprintf(libraries[i], sizeof(libraries[i]), "-l%s",
			 e->lesson_libraries.name[i]);
		argv[n++] = libraries[i];
	}
	return rc < 0 ? rc : process_run(&gcc, ret_ended);
}

/* The place of a difference between two texts: its line and what stands
 * there in each. */
struct difference {
	int line;
	int expected_length, came_length;
	const char *expected, *came;
};

/* Finds the first line in which two texts differ. */
static struct difference differ(const char *expected, const char *came)
{
	struct difference d = { .line = 1, .expected = expected, .came = came };
	for (size_t i = 0; expected[i] && expected[i] == came[i]; i++) {
		if (expected[i] != '\n')
			continue;
		d.line++;
		d.expected = expected + i + 1;
		d.came = came + i + 1;
	}
	d.expected_length = (int)strcspn(d.expected, "\n");
	d.came_length = (int)strcspn(d.came, "\n");
	return d;
}

/* Runs FOLDER/program as WAY says: as for process_run. */
static int run(const struct way *way, const char *folder,
	       struct ended *ret_ended)
{
	const char *argv[ARGUMENTS_MAX] = { NULL };
	struct program program = {
		.argv = argv, .dir = folder, .deadline_ms = RUN_MS,
		.output_max = SAYS_MAX,
	};
	size_t n = 0;
	for (; way->beneath[n]; n++)
		argv[n] = way->beneath[n];
	argv[n] = "./program";
	return process_run(&program, ret_ended);
}

/* Whether the lesson could not be run for want of the tool beneath it. */
static bool tool_missing(const struct way *way, const struct ended *ran)
{
	return way->beneath[0] && WIFEXITED(ran->status) &&
	       WEXITSTATUS(ran->status) == PROCESS_NOT_STARTED;
}

/* Compares what the lesson printed, to the letter. */
static void compare(struct gate *gate, const struct way *way,
		    const struct ended *ran)
{
	const char *id = gate->exercise->id;
	char *expected = selfcheck_read(gate, "lessons/%s.out", id), ending[64];
	const char *said = ran->err + strspn(ran->err, "\n=");
	run_program_ending(ran, ending, sizeof(ending));
	tally_hold(&gate->tally, SORT_LESSON, ended_well(ran),
		   "lessons/%s.c:1: %s: exit status 0 expected, %s came: %.*s",
		   id, way->name, ending, (int)strcspn(said, "\n"), said);
	struct difference d = differ(expected ? expected : "", ran->out);
	tally_hold(&gate->tally, SORT_LESSON,
		   expected && strcmp(expected, ran->out) == 0,
		   "lessons/%s.out:%d: %s: \"%.*s\" expected, \"%.*s\" came",
		   id, d.line, way->name, d.expected_length, d.expected,
		   d.came_length, d.came);
	free(expected);
}

/* The first line of what the compiler said that names a fault, cut in place;
 * it begins with file and line. */
static const char *first_fault(char *said)
{
	char *at = strstr(said, ": warning:");
	char *error = strstr(said, ": error:");
	if (!at || (error && error < at))
		at = error;
	while (at && at > said && at[-1] != '\n')
		at--;
	at = at ? at : said;
	at[strcspn(at, "\n")] = '\0';
	return at;
}

/* Builds and runs the lesson in FOLDER as WAY says: 0 or a negative errno. */
static int try_lesson(struct gate *gate, const struct way *way,
		      const char *folder)
{
	struct ended built, ran;
	int rc = compile(gate, way, folder, &built);
	if (rc < 0)
		return rc;
	bool runs = ended_well(&built);
	tally_hold(&gate->tally, SORT_LESSON, runs && !*built.err,
		   "%s (no word of the compiler expected)",
		   *built.err ? first_fault(built.err) :
		   "lessons/: the compiler did not run; is gcc missing?");
	ended_release(&built);
	rc = runs ? run(way, folder, &ran) : 0;
	if (rc < 0 || !runs)
		return rc;
	if (tool_missing(way, &ran))
		tally_skip(&gate->tally, SORT_LESSON, "skipped: lessons/%s.c "
			   "%s, which is not here", gate->exercise->id,
			   way->name);
	else
		compare(gate, way, &ran);
	ended_release(&ran);
	return 0;
}

void selfcheck_check_lesson(struct gate *gate)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		char folder[PATH_MAX];
		int rc = path_join(folder, sizeof(folder), "%s/lesson",
				   gate->work);
		if (rc == 0)
			rc = make_folders(folder);
		if (rc == 0)
			rc = try_lesson(gate, &ways[i], folder);
		if (rc < 0)
			tally_fault(&gate->tally, "lessons/%s.c:1: could not be "
				    "tried: %s", gate->exercise->id,
				    strerror(-rc));
		remove_tree(folder);
	}
}
