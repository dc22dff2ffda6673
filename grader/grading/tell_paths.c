/* tell_paths.c - see tell_paths.h. */
#include "tell_paths.h"
#include "base/path.h"
#include "ledger/errors.h"
#include "tell_tests.h"
#include "verdict/verdict.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Whether two places are on the same line. */
static bool same_line(const json_t *a, const json_t *b)
{
	if (!a || !b)
		return a == b;
	return verdict_number(a, "line") == verdict_number(b, "line") &&
	       strcmp(verdict_text(a, "file"), verdict_text(b, "file")) == 0;
}

/* Adds ACTION, unless there is one like it. */
static void add_action(struct paths *paths, struct path_action action)
{
	for (size_t i = 0; i < paths->n; i++) {
		const struct path_action *other = &paths->action[i];
		if (same_line(other->exit, action.exit) &&
		    (action.exit || (same_line(other->first, action.first) &&
				     same_line(other->second, action.second))))
			return;
	}
	if (paths->n < PATHS_MAX)
		paths->action[paths->n++] = action;
}

static uint32_t address_of(const json_t *place)
{
	return (uint32_t)verdict_number(place, "at");
}

/* Whether a test that is set aside makes these calls fail; it is noted. */
static bool reached_aside(const struct mutation_test *p, uint32_t first,
			  uint32_t second, struct paths *paths)
{
	const struct test *aside = mutation_test_struck(p, first, second, true);
	if (aside)
		paths->aside = aside;
	return aside != NULL;
}

/* Finds the lines of the own code that are entered when a call fails, and that no test
 * which counts enters. */
static void find_lines(const struct mutation_test *p, struct paths *paths)
{
	size_t i;
	json_t *exit;
	json_array_foreach(p->plan->exits, i, exit) {
		const json_t *fault = json_object_get(exit, "fault");
		char path[PATH_MAX];
		if (!fault || path_join(path, sizeof(path), "%s/%s", p->plan->source,
					verdict_text(exit, "file")) < 0)
			continue;
		const json_t *lines = coverage_lines(p->files, path);
		if (!lines || coverage_line(lines, (int)verdict_number(
						exit, "line")) != 0 ||
		    reached_aside(p, address_of(exit), 0, paths))
			continue;
		add_action(paths, (struct path_action){
			.first = fault, .exit = exit,
			.call = verdict_number(fault, "call"),
			.error = verdict_text(fault, "errno"),
		});
	}
}

/* Whether the line of PLACE has a branch that the tests do not take. */
static bool has_untaken_branch(const struct mutation_test *p, const json_t *place)
{
	char path[PATH_MAX];
	int line = (int)verdict_number(place, "line");
	if (path_join(path, sizeof(path), "%s/%s", p->plan->source,
		      verdict_text(place, "file")) < 0)
		return false;
	const json_t *lines = coverage_lines(p->files, path);
	for (int i = 0; coverage_branch(lines, line, i) >= 0; i++)
		if (coverage_branch(lines, line, i) == 0)
			return true;
	return false;
}

/* Finds calls of the own code that no test which counts makes fail. */
static void find_calls(const struct mutation_test *p, struct paths *paths)
{
	size_t i;
	json_t *one;
	json_array_foreach(p->plan->exits, i, one) {
		const json_t *first = json_object_get(one, "first");
		uint32_t at = address_of(first);
		if (!first || json_object_get(one, "second") ||
		    mutation_test_struck(p, at, 0, false) ||
		    reached_aside(p, at, 0, paths))
			continue;
		add_action(paths, (struct path_action){
			.first = first, .call = verdict_number(one, "call"),
			.error = verdict_text(one, "errno"),
		});
	}
}

/* Whether there is an action whose second call is at PLACE. */
static bool is_second(const struct paths *paths, const json_t *place)
{
	for (size_t i = 0; i < paths->n; i++)
		if (same_line(paths->action[i].second, place))
			return true;
	return false;
}

/* Finds pairs of calls of which no test that counts makes both fail: one for each second
 * call; with UNTAKEN those alone on whose line a branch is not taken. */
static void find_pairs(const struct mutation_test *p, struct paths *paths, bool untaken)
{
	size_t i;
	json_t *one;
	json_array_foreach(p->plan->exits, i, one) {
		const json_t *first = json_object_get(one, "first");
		const json_t *second = json_object_get(one, "second");
		uint32_t at = address_of(first), after = address_of(second);
		if (!second || after == at || is_second(paths, second) ||
		    (untaken && !has_untaken_branch(p, second)) ||
		    mutation_test_struck(p, at, after, false) ||
		    reached_aside(p, at, after, paths))
			continue;
		add_action(paths, (struct path_action){
			.first = first, .second = second,
			.call = verdict_number(one, "call"),
			.error = verdict_text(one, "errno"),
		});
	}
}

/* Writes ACTION as a request, and which line is not entered without it. */
static void say_action(const struct path_action *action, char *ret, size_t size)
{
	const json_t *first = action->first, *second = action->second;
	char then[192] = "", enters[192] = "";
	if (second)
		snprintf(then, sizeof(then), " and %s at %s:%ld after it too",
			 verdict_text(second, "function"), verdict_text(second, "file"),
			 verdict_number(second, "line"));
	if (action->exit)
		snprintf(enters, sizeof(enters), ": no test of yours enters %s:%ld",
			 verdict_text(action->exit, "file"),
			 verdict_number(action->exit, "line"));
	snprintf(ret, size, "make %s at %s:%ld fail%s, for instance by %s(%ld, %s)%s",
		 verdict_text(first, "function"), verdict_text(first, "file"),
		 verdict_number(first, "line"), then,
		 second ? "fail_calls_from" : "fail_call", action->call,
		 error_asked(action->error), enters);
}

/* Writes the sentence of the check: what to do first, then the count. */
static void say_reached(const struct mutation_test *p, size_t reached, size_t all,
			struct paths *paths)
{
	char action[640] = "", aside[192] = "";
	bool given = p->plan->exercise->code_given;
	if (reached == all) {
		snprintf(paths->message, sizeof(paths->message), "your tests reach "
			 "every error path (%zu branches that run only when a call "
			 "fails)", all);
		return;
	}
	if (paths->n)
		say_action(&paths->action[0], action, sizeof(action));
	else if (!paths->aside)
		strcpy(action, "make more calls fail");
	if (paths->aside)
		snprintf(aside, sizeof(aside), "; your test %s may reach more once it "
			 "is not set aside", paths->aside->name);
	snprintf(paths->message, sizeof(paths->message), "%s%syour tests reach %zu of "
		 "the %zu branches that run only when a call fails%s%s", action,
		 action[0] ? "; " : "", reached, all,
		 given ? "" : ", as our solution has them", aside);
}

struct paths paths_find(const struct mutation_test *p, size_t reached, size_t all)
{
	struct paths paths = { .n = 0 };
	bool own = mutation_test_has_own(p) && reached < all;
	/* What a test would reach that stops early is not known. */
	if (reached < all)
		paths.aside = mutation_test_aside(p, true);
	own = own && !paths.aside;
	if (own)
		find_lines(p, &paths);
	if (own && paths.n == 0)
		find_calls(p, &paths);
	if (own && paths.n == 0)
		find_pairs(p, &paths, true);
	if (own && paths.n == 0)
		find_pairs(p, &paths, false);
	say_reached(p, reached, all, &paths);
	return paths;
}

void paths_tell(json_t *verdict, json_t *check, const struct paths *paths)
{
	for (size_t i = 0; i < paths->n; i++) {
		const struct path_action *action = &paths->action[i];
		const json_t *place = action->exit ? action->exit : action->first;
		char message[640];
		say_action(action, message, sizeof(message));
		json_t *told = i == 0 ? check :
			       tell_detail(verdict, "error_paths", "skip", NULL,
					   message);
		tell_place(told, verdict_text(place, "file"),
			   (int)verdict_number(place, "line"));
	}
}
