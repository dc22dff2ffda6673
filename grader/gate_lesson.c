/* gate_lesson.c - the gate over a lesson: what it says that it prints, it
 * prints. */
#include "gate_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "folder.h"
#include "report/scratch.h"

enum { COMPILE_MS = 60 * 1000, COMPILER_SAYS = 1 << 16,
       ARGUMENTS_MAX = 16 + LIST_MAX };

/* Compiles the lesson into FOLDER/program, with every warning that we ask of
 * our own code: as for spawn_run. */
static int compile(const struct gate *gate, const char *folder,
		   struct ended *ret_ended)
{
	const struct exercise *e = gate->exercise;
	const char *argv[ARGUMENTS_MAX] = {
		"gcc", "-g", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow",
		"-Wstrict-prototypes", "-fdiagnostics-color=never", "-o",
	};
	char source[PATH_MAX], program[PATH_MAX];
	char libraries[LIST_MAX][NAME_MAX_LENGTH];
	struct program gcc = {
		.argv = argv, .dir = gate->root, .deadline_ms = COMPILE_MS,
		.output_max = COMPILER_SAYS,
	};
	size_t n = 9;
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
	return rc < 0 ? rc : spawn_run(&gcc, ret_ended);
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

/* Compares what the lesson printed, to the letter. */
static void compare(struct gate *gate, const struct ended *ran)
{
	const char *id = gate->exercise->id;
	char *expected = gate_read(gate, "lessons/%s.out", id), ending[64];
	scratch_ending(ran, ending, sizeof(ending));
	tally_hold(&gate->tally, SORT_LESSON, ended_well(ran),
		   "lessons/%s.c:1: exit status 0 expected, %s came", id,
		   ending);
	struct difference d = differ(expected ? expected : "", ran->out);
	tally_hold(&gate->tally, SORT_LESSON,
		   expected && strcmp(expected, ran->out) == 0,
		   "lessons/%s.out:%d: \"%.*s\" expected, \"%.*s\" came", id,
		   d.line, d.expected_length, d.expected, d.came_length,
		   d.came);
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

/* Builds and runs the lesson in FOLDER: 0 or a negative errno. */
static int try_lesson(struct gate *gate, const char *folder)
{
	struct ended built, ran;
	int rc = compile(gate, folder, &built);
	if (rc < 0)
		return rc;
	bool runs = ended_well(&built);
	tally_hold(&gate->tally, SORT_LESSON, runs && !*built.err,
		   "%s (no word of the compiler expected)",
		   *built.err ? first_fault(built.err) :
		   "lessons/: the compiler did not run; is gcc missing?");
	ended_release(&built);
	rc = runs ? scratch_run(folder, NULL, &ran) : 0;
	if (rc < 0 || !runs)
		return rc;
	compare(gate, &ran);
	ended_release(&ran);
	return 0;
}

void gate_check_lesson(struct gate *gate)
{
	char folder[PATH_MAX];
	int rc = path_join(folder, sizeof(folder), "%s/lesson", gate->work);
	if (rc == 0)
		rc = make_folders(folder);
	if (rc == 0)
		rc = try_lesson(gate, folder);
	if (rc < 0)
		tally_fault(&gate->tally, "lessons/%s.c:1: could not be tried: "
			    "%s", gate->exercise->id, strerror(-rc));
	remove_tree(folder);
}
