/* driver.c - lets the judge own papers, give them to menus, and close both. */
#include "menu.h"
#include "paper.h"
#include "runtime/driver.h"

#include <sqlite3.h>
#include <string.h>

enum { SLOTS = 2 };

static FILE *papers[SLOTS];
static struct menu *menus[SLOTS];

/* What *ret_menu points to before each open. */
static char nobody;
#define NOBODY ((struct menu *)&nobody)

/* A copy of the path in memory of its own, which is used for something else
 * when the call is over: whoever kept the pointer reads that. */
static char *lent_path(const char *path)
{
	static char paths[16][128];
	static unsigned next;
	char *copy = paths[next++ % 16];
	snprintf(copy, sizeof(paths[0]), "%s", path);
	return copy;
}

/* cook PATH SQL: makes a database; replies SQLite's code. */
static void cook(struct command_call *c)
{
	sqlite3 *db = NULL;
	int code = sqlite3_open(call_text(c, 0), &db);
	if (code == SQLITE_OK)
		code = sqlite3_exec(db, "PRAGMA journal_mode = OFF;"
				    "PRAGMA synchronous = OFF", NULL, NULL,
				    NULL);
	if (code == SQLITE_OK)
		code = sqlite3_exec(db, call_text(c, 1), NULL, NULL, NULL);
	sqlite3_close(db);
	reply_int(c, code);
}

/* paper_open SLOT PATH: replies what it returned. */
static void open_paper(struct command_call *c)
{
	reply_int(c, paper_open(call_text(c, 1), &papers[call_int(c, 0)]));
}

/* paper_close SLOT: replies what it returned. */
static void close_paper(struct command_call *c)
{
	reply_int(c, paper_close(papers[call_int(c, 0)]));
}

/* menu_open SLOT PATH: gives the paper of SLOT to the menu of SLOT. Replies
 * what it returned, and what became of *ret_menu: 0 untouched, 1 changed, 2
 * NULL. */
static void open_menu(struct command_call *c)
{
	long slot = call_int(c, 0);
	struct menu *menu = NOBODY;
	char *path = lent_path(call_text(c, 1));
	errno = ERRNO_LEFT;
	int rc = menu_open(path, papers[slot], &menu);
	reply_int(c, rc);
	memset(path, 'x', strlen(path));
	reply_int(c, menu == NOBODY ? 0 : menu ? 1 : 2);
	if (rc == 0)
		menus[slot] = menu;
}

/* menu_print SLOT: replies what it returned. */
static void print_menu(struct command_call *c)
{
	errno = ERRNO_LEFT;
	reply_int(c, menu_print(menus[call_int(c, 0)]));
}

/* menu_close SLOT: replies what it returned, and what the pointer is now: 1, or
 * 2 for NULL. */
static void close_menu(struct command_call *c)
{
	struct menu **menu = &menus[call_int(c, 0)];
	errno = ERRNO_LEFT;
	reply_int(c, menu_close(menu));
	reply_int(c, *menu ? 1 : 2);
}

/* Opens, prints one dish, and closes by hand where BY_HAND says so, all in one
 * scope: what the open or the print returned. */
static int live_in_scope(const char *path, FILE *give_paper, long by_hand)
{
	CLOSED_WITH_SCOPE struct menu *menu = NULL;
	int rc = menu_open(path, give_paper, &menu);
	if (rc == 0)
		rc = menu_print(menu);
	if (rc >= 0 && by_hand)
		menu_close(&menu);
	return rc;
}

/* the scope SLOT PATH BY_HAND: replies what live_in_scope returned. */
static void run_scope(struct command_call *c)
{
	reply_int(c, live_in_scope(call_text(c, 1), papers[call_int(c, 0)],
				   call_int(c, 2)));
}

const struct command driver_commands[] = {
	{ "cook", cook },
	{ "paper_open", open_paper },
	{ "paper_close", close_paper },
	{ "menu_open", open_menu },
	{ "menu_print", print_menu },
	{ "menu_close", close_menu },
	{ "the scope", run_scope },
	{ 0 },
};
