/* suite.c - what menu.h promises, asked of the learner's. When the dishes are
 * read, and by which calls, is nobody's promise: what is demanded follows from
 * what was said, and from what the paper holds in the end. */
#include "oracle/judge.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The driver's slots; the dishes of day.db. */
enum { A, B, DISHES = 2 };

static const char two_dishes[] = "CREATE TABLE dish (name TEXT);"
				 "INSERT INTO dish VALUES ('soup'), ('pie')";
static const char no_dish[] = "CREATE TABLE drink (name TEXT)";

/* What a paper holds after so many dishes. */
static const char *const printed[DISHES + 1] = { "", "pie\n", "pie\nsoup\n" };

/* --- words --------------------------------------------------------------- */

/* What the call did to the pointer: the second value of its answer. */
enum { UNTOUCHED, CHANGED, NULLED };
static int pointer(struct answer a)
{
	return a.n > 1 ? atoi(a.text[1]) : UNTOUCHED;
}

/* --- the caller ---------------------------------------------------------- */

/* Makes the database at PATH. Our own fault if it cannot. */
static void cook(const char *path, const char *sql)
{
	struct answer a = ask("cook", "ss", path, sql);
	insist(NULL, a.value == 0, "the workbook could not prepare %s: SQLite "
	       "said %ld", path, a.value);
}

/* Demands that what FUNCTION said is no -1, which many say for any failure: as an
 * errno it is -EPERM, and no call here is refused for want of permission. */
static void demand_errno(const char *clause, const char *function, long value)
{
	insist(clause, value != -EPERM, "%s said -1, which is -EPERM: it returns "
	       "a negative errno that says what failed", function);
}

/* Demands what an open owes that could not open. PAPERS were open before. */
static void demand_no_menu(struct answer a, size_t papers)
{
	insist("CONTRACT 1", a.value < 0, "menu_open said %ld: an SQLite code "
	       "is no negative errno", a.value);
	demand_errno("CONTRACT 1", "menu_open", a.value);
	insist("CONTRACT 1", pointer(a) != NULLED, "menu_open failed, and set "
	       "*ret_menu to NULL: what stood there is lost to the caller");
	insist("CONTRACT 1", pointer(a) == UNTOUCHED, "menu_open failed, and "
	       "*ret_menu was changed all the same: the end of a scope would "
	       "now close what it points to");
	insist("CONTRACT 3", live_now(KIND_STREAM) >= papers,
	       "menu_open failed and closed the paper: it is still the "
	       "caller's, who is going to close it");
}

/* Gives the paper of SLOT to a menu on the database at PATH: what was said. On
 * failure the paper is still ours, and is closed. */
static struct answer open_menu(int slot, const char *path)
{
	size_t papers = live_now(KIND_STREAM);
	struct answer a = ask("menu_open", "is", slot, path);
	if (a.value != 0) {
		demand_no_menu(a, papers);
		ask("paper_close", "i", slot);
	} else {
		insist("CONTRACT 1", pointer(a) == CHANGED, "menu_open said 0, "
		       "and *ret_menu was not filled");
	}
	return a;
}

/* Prints up to MOST dishes: how many were. *WELL says whether no call has been
 * made to fail so far: a failure may be kept, and said one print later. */
static int print_dishes(int slot, int most, bool *well)
{
	int n = 0;
	while (n < most) {
		struct answer a = ask("menu_print", "i", slot);
		*well = *well && !a.faulted;
		demand_errno("CONTRACT 4", "menu_print", a.value);
		insist("CONTRACT 4", a.value <= 1 && (!*well || a.value >= 0),
		       "menu_print said %ld", a.value);
		insist("CONTRACT 4", a.value != 1 || n < DISHES, "menu_print "
		       "said 1 for dish %d of %d", n + 1, DISHES);
		insist("CONTRACT 4", a.value != 0 || n == DISHES, "menu_print "
		       "said 0 after %d of %d dishes: half a menu passes for a "
		       "whole one", n, DISHES);
		if (a.value != 1)
			return n;
		n++;
	}
	return n;
}

/* Closes SLOT, the last that is open: what was said. WELL as above. */
static struct answer close_menu(int slot, bool well)
{
	struct answer a = ask("menu_close", "i", slot);
	demand("CONTRACT 5", a.value <= 0, "menu_close said %ld: an SQLite "
	       "code is no negative errno", a.value);
	demand("CONTRACT 5", pointer(a) == NULLED, "menu_close left *menu as it "
	       "was: a second close would meet what is gone");
	demand("CONTRACT 5", !a.faulted || a.fault_call != CALL_fclose ||
	       a.value < 0, "fclose said that it failed, and menu_close said 0:"
	       " dishes may be lost, and nobody hears of it");
	demand("CONTRACT 5", !a.faulted || a.fault_call != CALL_fclose ||
	       tells_errno(a), "fclose left an errno of %d, and menu_close said "
	       "%ld instead of %d: take the errno at once, before another call "
	       "overwrites it", a.fault_err, a.value, -a.fault_err);
	demand("CONTRACT 5", a.faulted || !well || a.value == 0, "menu_close "
	       "said %ld, and nothing had failed", a.value);
	return a;
}

/* Demands, where nothing is open any more, that the paper at PATH holds N
 * dishes; and more, the half of one, only if not WELL. */
static void demand_printed(const char *path, int n, bool well)
{
	const char *text = file_text(path);
	size_t compared = strlen(printed[n]) + well;
	demand("CONTRACT 4", text != NULL, "there is no paper at %s", path);
	demand("CONTRACT 4", strncmp(text, printed[n], compared) == 0,
	       "menu_print said 1 for %d dish%s, and the paper holds \"%s\"", n,
	       n == 1 ? "" : "es", shown(text));
}

/* --- when nothing fails, and when anything does -------------------------- */

/* The whole life of the menu in SLOT: a paper is opened, given, printed on with
 * up to MOST dishes, and closed. */
static void live(int slot, const char *paper, int most)
{
	if (ask("paper_open", "is", slot, paper).value != 0)
		return;
	struct answer opened = open_menu(slot, "day.db");
	insist("CONTRACT 1", opened.faulted || opened.value == 0, "menu_open "
	       "said %ld, and nothing had failed", opened.value);
	if (opened.value != 0)
		return;
	bool well = !opened.faulted;
	int n = print_dishes(slot, most, &well);
	if (close_menu(slot, well).value == 0)
		demand_printed(paper, n, well);
}

START_TEST(a_menu)
{
	cook("day.db", two_dishes);
	live(A, "day.txt", DISHES + 1);
}
END_TEST

START_TEST(half_read)
{
	situation("when a menu is closed after the first of two dishes");
	cook("day.db", two_dishes);
	live(A, "day.txt", 1);
}
END_TEST

START_TEST(closed_again)
{
	situation("when a menu is closed twice");
	cook("day.db", two_dishes);
	live(A, "day.txt", DISHES + 1);
	struct answer a = ask("menu_close", "i", A);
	demand("CONTRACT 6", a.value == 0, "the second menu_close said %ld",
	       a.value);
}
END_TEST

START_TEST(one_after_another)
{
	cook("day.db", two_dishes);
	for (int i = 0; i < 5; i++)
		live(i % 2 ? A : B, i % 2 ? "odd.txt" : "even.txt", DISHES + 1);
}
END_TEST

START_TEST(two_at_a_time)
{
	bool well = true;
	situation("when one of two open menus is closed");
	cook("day.db", two_dishes);
	ask("paper_open", "is", A, "a.txt");
	open_menu(A, "day.db");
	ask("paper_open", "is", B, "b.txt");
	open_menu(B, "day.db");
	print_dishes(B, 1, &well);
	ask("menu_close", "i", B);
	int n = print_dishes(A, DISHES + 1, &well);
	close_menu(A, well);
	demand_printed("a.txt", n, well);
}
END_TEST

/* The driver holds the longest name that is asked for. */
START_TEST(odd_names)
{
	char name[301], sql[512], expected[512];
	situation("when a dish has a name of 300 bytes, and one is \"50%s off\"");
	memset(name, 'z', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	snprintf(sql, sizeof(sql), "CREATE TABLE dish (name TEXT); INSERT INTO "
		 "dish VALUES ('%s'), ('50%%s off')", name);
	snprintf(expected, sizeof(expected), "50%%s off\n%s\n", name);
	cook("day.db", sql);
	ask("paper_open", "is", A, "day.txt");
	open_menu(A, "day.db");
	bool well = true;
	print_dishes(A, DISHES + 1, &well);
	close_menu(A, well);
	const char *text = file_text("day.txt");
	demand("CONTRACT 4", text && strcmp(text, expected) == 0, "the paper "
	       "does not hold these two names as they are: it holds \"%s\"",
	       shown(text ? text : ""));
}
END_TEST

START_TEST(no_dishes)
{
	situation("when there are no dishes");
	cook("day.db", "CREATE TABLE dish (name TEXT)");
	ask("paper_open", "is", A, "day.txt");
	open_menu(A, "day.db");
	struct answer a = ask("menu_print", "i", A);
	insist("CONTRACT 4", a.value == 0, "menu_print said %ld", a.value);
	close_menu(A, true);
	demand_printed("day.txt", 0, true);
}
END_TEST

/* One open fails and leaves alone the menu that is open beside it. */
START_TEST(another_open_fails)
{
	bool well = true;
	situation("when a second menu cannot be opened beside one that is open");
	cook("day.db", two_dishes);
	cook("bar.db", no_dish);
	ask("paper_open", "is", A, "a.txt");
	open_menu(A, "day.db");
	ask("paper_open", "is", B, "b.txt");
	insist("CONTRACT 1", open_menu(B, "bar.db").value < 0, "menu_open said "
	       "0 for a database without dishes");
	int n = print_dishes(A, DISHES + 1, &well);
	close_menu(A, well);
	demand_printed("a.txt", n, well);
}
END_TEST

/* --- what fails by itself ------------------------------------------------ */

/* Has a menu fail to open on the database at PATH. */
static void fail_to_open(const char *path)
{
	ask("paper_open", "is", A, "day.txt");
	struct answer a = open_menu(A, path);
	insist("CONTRACT 1", a.value < 0, "menu_open said %ld", a.value);
}

START_TEST(no_such_folder)
{
	situation("when the folder of the database is not there");
	fail_to_open("nowhere/day.db");
}
END_TEST

START_TEST(no_such_table)
{
	situation("when the database has no table of dishes");
	cook("bar.db", no_dish);
	fail_to_open("bar.db");
}
END_TEST

START_TEST(full_disk)
{
	situation("when the disk is full (the paper is /dev/full)");
	cook("day.db", two_dishes);
	ask("paper_open", "is", A, "/dev/full");
	open_menu(A, "day.db");
	bool told = ask("menu_print", "i", A).value < 0;
	struct answer a = close_menu(A, false);
	demand("CONTRACT 5", told || a.value < 0, "the dishes are lost, and "
	       "menu_close said %ld: only the close could tell", a.value);
	demand("CONTRACT 5", told || a.value == -ENOSPC, "menu_close said %ld "
	       "instead of -ENOSPC (%d), the error of the paper's close",
	       a.value, -ENOSPC);
}
END_TEST

/* --- in a scope ---------------------------------------------------------- */

/* Opens in a scope on the database at PATH, with a paper of ours. */
static struct answer run_scope(const char *path, bool by_hand)
{
	ask("paper_open", "is", A, "day.txt");
	return ask("the scope", "isi", A, path, by_hand);
}

START_TEST(scope_ends)
{
	situation("when the scope of a menu ends");
	cook("day.db", two_dishes);
	struct answer a = run_scope("day.db", false);
	demand("CONTRACT 4", a.value == 1, "the first menu_print in it said "
	       "%ld", a.value);
	demand_printed("day.txt", 1, true);
}
END_TEST

START_TEST(scope_ends_after_the_close)
{
	situation("when the scope of a menu ends that was closed in it");
	cook("day.db", two_dishes);
	run_scope("day.db", true);
	demand_printed("day.txt", 1, true);
}
END_TEST

START_TEST(scope_ends_after_a_failed_open)
{
	situation("when the scope of a menu ends whose open failed");
	struct answer a = run_scope("nowhere/day.db", false);
	demand("CONTRACT 3", live_now(KIND_STREAM) == 1, "the paper was "
	       "closed: it is still the caller's");
	ask("paper_close", "i", A);
	demand("CONTRACT 1", a.value < 0, "menu_open said %ld", a.value);
}
END_TEST

void judge_suite(struct suite *suite)
{
	add_scenario(suite, a_menu, SWEPT);
	add_scenario(suite, half_read, PLAIN);
	add_scenario(suite, closed_again, PLAIN);
	add_scenario(suite, one_after_another, PLAIN);
	add_scenario(suite, two_at_a_time, PLAIN);
	add_scenario(suite, odd_names, PLAIN);
	add_scenario(suite, no_dishes, PLAIN);
	add_scenario(suite, another_open_fails, PLAIN);
	add_scenario(suite, no_such_folder, PLAIN);
	add_scenario(suite, no_such_table, PLAIN);
	add_scenario(suite, full_disk, PLAIN);
	add_scenario(suite, scope_ends, PLAIN);
	add_scenario(suite, scope_ends_after_the_close, PLAIN);
	add_scenario(suite, scope_ends_after_a_failed_open, PLAIN);
}
