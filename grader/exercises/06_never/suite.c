/* suite.c - holds each line of the learner's table against what happens: ways.c
 * leaves in that way, here and now. Nothing is expected but what is seen; only
 * the reasons are ours, and one is given where it fits what was seen. */
#include "oracle/judge.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char table[] = "table.txt";
static const char between_words[] = " \t\r,;:|";

enum { CLEANUP, ATEXIT, STDIO, MARKS, WORD = 16 };

/* What ways.c prints of each, and how one says that it did, or did not. */
static const struct {
	const char *name, *ran, *did_not;
} marks[MARKS] = {
	{ "cleanup", "the cleanup function runs", "the cleanup function does "
	  "not run" },
	{ "atexit", "the atexit function runs", "the atexit function does not "
	  "run" },
	{ "stdio", "the text in the buffer is written", "the text in the "
	  "buffer is lost" },
};

/* Why a mark is printed, or why it is not. */
struct reason {
	bool ran;
	const char *why;
};

struct way {
	const char *name, *situation;
	struct reason reason[MARKS];
};

#define BY(name) #name, "on leaving by " #name

static const struct way
by_return = { BY(return), {
	{ true, "the scope ends, and gcc has put the call at its end" },
	{ true, "main returns next, and a return from main is an exit" },
	{ true, "main returns next, and an exit flushes every stream" } } },
by_goto = { BY(goto), {
	{ true, "a goto out of a scope ends the scope" },
	{ true, "main returns later, and a return from main is an exit" },
	{ true, "main returns later, and an exit flushes every stream" } } },
by_exit = { BY(exit), {
	{ false, "exit never comes back, so the scope does not end" },
	{ true, "exit calls what was registered with atexit, the last first" },
	{ true, "exit flushes every stream, when atexit's functions are "
	  "done" } } },
by_quick_exit = { BY(quick_exit), {
	{ false, "it never comes back, so the scope does not end" },
	{ false, "quick_exit has a list of its own, at_quick_exit, and calls "
	  "no other" },
	{ false, "quick_exit flushes nothing" } } },
by__Exit = { BY(_Exit), {
	{ false, "it never comes back, so the scope does not end" },
	{ false, "_Exit is the end itself: it goes straight to the kernel" },
	{ false, "the buffer is memory of the process, and the kernel knows "
	  "nothing of it" } } },
by_abort = { BY(abort), {
	{ false, "it never comes back, so the scope does not end" },
	{ false, "abort is for a program that no longer trusts itself: it "
	  "raises SIGABRT, and calls nobody" },
	{ false, "abort flushes nothing" } } },
by_SIGTERM = { BY(SIGTERM), {
	{ false, "nobody handles the signal, so the kernel ends the process "
	  "where it stands" },
	{ false, "the kernel ends the process, and knows no list of atexit" },
	{ false, "the kernel ends the process, and the buffer with it" } } },
by_SIGKILL = { BY(SIGKILL), {
	{ false, "the kernel ends the process where it stands; no handler can "
	  "be set" },
	{ false, "the kernel ends the process, and knows no list of atexit" },
	{ false, "the kernel ends the process, and the buffer with it" } } },
by_execve = { BY(execve), {
	{ false, "another program takes the place of this one, stack and all" },
	{ false, "the list of atexit was memory of the program that is gone" },
	{ false, "the buffer was memory of the program that is gone" } } },
by_longjmp = { BY(longjmp), {
	{ false, "longjmp jumps out of leave_scope, and the compiler has put no "
	  "call there" },
	{ true, "the process goes on, main returns, and that is an exit" },
	{ true, "the process goes on, main returns, and an exit flushes every "
	  "stream" } } },
by_pthread_exit = { BY(pthread_exit), {
	{ false, "it never comes back, and gcc lets it end scopes on its way "
	  "only with -fexceptions" },
	{ true, "when the last thread ends, the process ends as if by exit" },
	{ true, "when the last thread ends, the process ends as if by exit, "
	  "which flushes" } } };

/* --- the learner's table ------------------------------------------------- */

/* One line of it. */
struct row {
	int line;	/* from 1; 0 when there is none */
	int again;	/* another one for the same way; 0 for none */
	int unknown;	/* a line that begins with no way; 0 for none */
	char begins[WORD];	/* with what it begins */
	size_t n;	/* words after the way; only the first few are kept */
	char word[MARKS][WORD];
};

/* Takes the words after the way. */
static void take_words(struct row *row, const char *at, const char *end)
{
	for (;;) {
		at += strspn(at, between_words);
		size_t length = strcspn(at, between_words);
		if (at >= end)
			return;
		length = at + length > end ? (size_t)(end - at) : length;
		if (row->n < MARKS)
			snprintf(row->word[row->n], WORD, "%.*s", (int)length,
				 at);
		row->n++;
		at += length;
	}
}

/* Whether the word of LENGTH at AT is WAY, or a call of it: "exit(0)". */
static bool is_way(const char *at, size_t length, const char *way)
{
	size_t n = strlen(way);
	return length >= n && strncasecmp(at, way, n) == 0 &&
	       (length == n || at[n] == '(');
}

/* Whether the word of LENGTH at AT is any way that is asked for. */
static bool is_any_way(const char *at, size_t length)
{
	static const char *const ways[] = {
		"return", "goto", "exit", "quick_exit", "_Exit", "abort",
		"SIGTERM", "SIGKILL", "execve", "longjmp", "pthread_exit",
	};
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		if (is_way(at, length, ways[i]))
			return true;
	return false;
}

/* Takes the line from AT to END, numbered LINE, if it is about WAY, or about no way. */
static void take_line(struct row *row, const char *at, const char *end,
		      int line, const char *way)
{
	at += strspn(at, between_words);
	size_t length = strcspn(at, between_words);
	if (at >= end)
		return;
	if (!is_way(at, length, way)) {
		if (row->unknown || is_any_way(at, length))
			return;
		row->unknown = line;
		snprintf(row->begins, WORD, "%.*s", (int)strcspn(
			at, " \t\r\n,;:|#"), at);
		return;
	}
	length = at[strlen(way)] == '(' ? strcspn(at, ")\n") : length;
	length += at[length] == ')';
	if (row->line) {
		row->again = line;
		return;
	}
	row->line = line;
	take_words(row, at + length, end);
}

/* Finds the line about WAY; what stands after a # is no guess. */
static struct row find_row(const char *way)
{
	struct row row = { 0 };
	int line = 1;
	for (const char *at = handed_in(table); *at; line++) {
		take_line(&row, at, at + strcspn(at, "\n#"), line, way);
		at += strcspn(at, "\n");
		at += *at == '\n';
	}
	return row;
}

/* Whether WORD says yes, or no: anything else is neither. */
static bool says(const char *word, const char *answer)
{
	return strcasecmp(word, answer) == 0 ||
	       (word[1] == '\0' && strncasecmp(word, answer, 1) == 0);
}

/* Demands a whole line, in words that can be read. */
static void demand_words(const struct row *row, const char *way)
{
	demand(NULL, row->line || !row->unknown, "there is no guess: no line of "
	       "%s begins with %s, and line %d begins with \"%s\", which is no "
	       "way that is asked for", table, way, row->unknown,
	       shown(row->begins));
	demand(NULL, row->line, "there is no guess: no line of %s begins with "
	       "%s", table, way);
	demand(NULL, !row->again, "there are two guesses, in the lines %d and "
	       "%d of %s: which one counts?", row->line, row->again, table);
	demand(NULL, row->n == MARKS, "there %s %zu word%s after %s in %s: it "
	       "takes three, for cleanup, atexit and stdio",
	       row->n == 1 ? "is" : "are", row->n, row->n == 1 ? "" : "s", way,
	       table);
	for (int i = 0; i < MARKS; i++) {
		const char *word = row->word[i];
		demand(NULL, strcmp(word, "?") != 0, "the guess for %s is "
		       "still a ?: write yes or no", marks[i].name);
		demand(NULL, says(word, "yes") || says(word, "no"), "the guess "
		       "for %s is \"%s\": write yes or no", marks[i].name,
		       word);
	}
}

/* --- what happens -------------------------------------------------------- */

/* Whether what was printed on the way out holds NAME. */
static bool printed(const char *name)
{
	return strstr(left_out(), name) != NULL;
}

/* Demands that the guess for MARK is what happened. WRONG guesses of this line
 * are told as a number: only the first is explained. */
static void demand_right(const struct row *row, const struct way *way,
			 int mark, int wrong)
{
	bool ran = printed(marks[mark].name);
	bool explained = way->reason[mark].ran == ran;
	demand(NULL, says(row->word[mark], ran ? "yes" : "no"),
	       "%s, and your table says %s%s%s%s",
	       ran ? marks[mark].ran : marks[mark].did_not,
	       ran ? "no" : "yes", explained ? ": " : "",
	       explained ? way->reason[mark].why : "",
	       wrong > 1 ? " (this line holds another surprise)" : "");
}

/* How many guesses of the line are not what happened. */
static int count_wrong(const struct row *row)
{
	int wrong = 0;
	for (int i = 0; i < MARKS; i++)
		wrong += !says(row->word[i], printed(marks[i].name) ? "yes" :
			       "no");
	return wrong;
}

/* Guess first; only then does it happen. */
static void judge_way(const struct way *way)
{
	struct row row = find_row(way->name);
	situation(way->situation);
	point_at(table, row.line ? row.line : row.unknown ? row.unknown : 1);
	demand_words(&row, way->name);
	ask("choose", "s", way->name);
	leave("leave");
	int wrong = count_wrong(&row);
	for (int i = 0; i < MARKS; i++)
		demand_right(&row, way, i, wrong);
}

#define LEAVING_BY(name) \
	START_TEST(leaving_by_##name) \
	{ \
		judge_way(&by_##name); \
	} \
	END_TEST

LEAVING_BY(return)
LEAVING_BY(goto)
LEAVING_BY(exit)
LEAVING_BY(quick_exit)
LEAVING_BY(_Exit)
LEAVING_BY(abort)
LEAVING_BY(SIGTERM)
LEAVING_BY(SIGKILL)
LEAVING_BY(execve)
LEAVING_BY(longjmp)
LEAVING_BY(pthread_exit)

void judge_suite(struct suite *suite)
{
	add_scenario(suite, leaving_by_return, PLAIN);
	add_scenario(suite, leaving_by_goto, PLAIN);
	add_scenario(suite, leaving_by_exit, PLAIN);
	add_scenario(suite, leaving_by_quick_exit, PLAIN);
	add_scenario(suite, leaving_by__Exit, PLAIN);
	add_scenario(suite, leaving_by_abort, PLAIN);
	add_scenario(suite, leaving_by_SIGTERM, PLAIN);
	add_scenario(suite, leaving_by_SIGKILL, PLAIN);
	add_scenario(suite, leaving_by_execve, PLAIN);
	add_scenario(suite, leaving_by_longjmp, PLAIN);
	add_scenario(suite, leaving_by_pthread_exit, PLAIN);
}
