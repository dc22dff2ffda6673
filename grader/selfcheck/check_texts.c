/* check_texts.c - the gate over what stands in the files of an exercise. */
#include "base/path.h"
#include "parts.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/files.h"
#include "catalog/hints.h"

enum { TEXT_MAX = 1 << 20, RUNGS_MIN = 3, CODE_LINE_MIN = 12 };

char *selfcheck_read(const struct gate *gate, const char *format, ...)
{
	char name[PLACE_MAX], path[PATH_MAX], *text = NULL;
	size_t size;
	va_list args;
	va_start(args, format);
	vsnprintf(name, sizeof(name), format, args);
	va_end(args);
	if (path_join(path, sizeof(path), "%s/%s", gate->root, name) < 0 ||
	    read_file(path, TEXT_MAX, &text, &size) < 0)
		return NULL;
	return text;
}

int selfcheck_line(const char *text, const char *needle)
{
	const char *found = text ? strstr(text, needle) : NULL;
	int line = 1;
	for (; found && text < found; text++)
		line += *text == '\n';
	return line;
}

/* --- TODO, and why ------------------------------------------------------- */

/* Whether each hand-in file in FOLDER of the workbook holds a TODO, or none does, as
 * WANTED says. A file that is not there is no matter of this. */
static void check_todo(struct gate *gate, enum sort sort, const char *folder,
		       bool wanted)
{
	const struct exercise *e = gate->exercise;
	for (size_t i = 0; i < e->hand_in.n; i++) {
		const char *name = e->hand_in.name[i];
		char *text = selfcheck_read(gate, "%s/%s", folder, name);
		if (text)
			tally_hold(&gate->tally, sort,
				   !strstr(text, "TODO") == !wanted,
				   "%s/%s:%d: %s TODO expected, %s came",
				   folder, name,
				   selfcheck_line(text, "TODO"),
				   wanted ? "a" : "no",
				   wanted ? "none" : "one");
		free(text);
	}
}

/* Code that is ours stands in the exercise to be read, and in the solution to be
 * built: the same. */
static void check_given(struct gate *gate, const struct names *files)
{
	const char *id = gate->exercise->id;
	for (size_t i = 0; i < files->n; i++) {
		const char *name = files->name[i];
		char *read = selfcheck_read(gate, STARTER "/%s", id, name);
		char *built = selfcheck_read(gate, "solutions/%s/%s", id, name);
		tally_hold(&gate->tally, SORT_SOLUTION,
			   read && built && strcmp(read, built) == 0,
			   STARTER "/%s:1: the same expected as in "
			   "solutions/%s, another came", id, name, id);
		free(read);
		free(built);
	}
}

void selfcheck_check_texts(struct gate *gate)
{
	const char *id = gate->exercise->id;
	if (gate->exercise->code_given)
		check_given(gate, &gate->exercise->subject);
	if (gate->exercise->support_given)
		check_given(gate, &gate->exercise->support);
	char *why = selfcheck_read(gate, "solutions/%s/WHY.md", id);
	char starter[PLACE_MAX], solution[PLACE_MAX];
	snprintf(starter, sizeof(starter), STARTER, id);
	snprintf(solution, sizeof(solution), "solutions/%s", id);
	check_todo(gate, SORT_STARTER, starter, true);
	check_todo(gate, SORT_SOLUTION, solution, false);
	tally_hold(&gate->tally, SORT_SOLUTION, why && *why,
		   "solutions/%s/WHY.md:1: why it is so expected, nothing came",
		   id);
	free(why);
}

/* --- hints --------------------------------------------------------------- */

/* Whether LINE is code that tells something: no comment, no #include, and long
 * enough to be nobody else's. */
static bool is_telling(const char *line)
{
	return strlen(line) >= CODE_LINE_MIN && line[0] != '*' &&
	       strncmp(line, "/*", 2) != 0 && strncmp(line, "//", 2) != 0 &&
	       strncmp(line, "#include", 8) != 0;
}

/* Whether a file that the learner starts from holds LINE. */
static bool starter_holds(const struct gate *gate, const char *line)
{
	const struct exercise *e = gate->exercise;
	bool holds = false;
	for (size_t i = 0; !holds && i < e->hand_in.n; i++) {
		char *text = selfcheck_read(gate, STARTER "/%s", e->id,
				       e->hand_in.name[i]);
		holds = text && strstr(text, line);
		free(text);
	}
	return holds;
}

/* Cuts the spaces around LINE: its first letter. */
static char *trim(char *line)
{
	size_t n;
	while (isspace((unsigned char)*line))
		line++;
	n = strlen(line);
	while (n > 0 && isspace((unsigned char)line[n - 1]))
		line[--n] = '\0';
	return line;
}

/* Holds each line of SOLUTION, which is cut up, against the hints. */
static void compare_lines(struct gate *gate, const char *hints,
			  const char *name, char *solution)
{
	const char *id = gate->exercise->id;
	int number = 0;
	for (char *next; solution; solution = next) {
		next = strchr(solution, '\n');
		if (next)
			*next++ = '\0';
		number++;
		char *line = trim(solution);
		if (!is_telling(line) || starter_holds(gate, line))
			continue;
		tally_hold(&gate->tally, SORT_HINT, !strstr(hints, line),
			   "exercises/%s/hints.md:%d: no code of our solution "
			   "expected, solutions/%s/%s:%d came: %s", id,
			   selfcheck_line(hints, line), id, name, number, line);
	}
}

void selfcheck_check_hints(struct gate *gate)
{
	const struct exercise *e = gate->exercise;
	char *hints = selfcheck_read(gate, "exercises/%s/hints.md", e->id);
	long rungs = hints ? hints_count(hints) : 0;
	tally_hold(&gate->tally, SORT_HINT, rungs >= RUNGS_MIN,
		   "exercises/%s/hints.md:1: %d levels (\"## 1 Where to "
		   "look\") or more expected, %ld came", e->id, RUNGS_MIN,
		   rungs);
	for (size_t i = 0; hints && i < e->hand_in.n; i++) {
		char *text = selfcheck_read(gate, "solutions/%s/%s", e->id,
				       e->hand_in.name[i]);
		if (text)
			compare_lines(gate, hints, e->hand_in.name[i], text);
		free(text);
	}
	free(hints);
}
