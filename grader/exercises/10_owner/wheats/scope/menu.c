/* menu.c - the open stands in a scope, and what succeeds is taken out of it. */
#include "menu.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>

static const char query[] = "SELECT name FROM dish ORDER BY name ASC";

struct menu {
	FILE *paper;
	sqlite3 *db;
	sqlite3_stmt *stmt;
};

/* Takes a menu out of a scope, which then ends nothing. */
static struct menu *take(struct menu **menu)
{
	struct menu *taken = *menu;

	*menu = NULL;
	return taken;
}

/* Every return but the last leaves the scope to release what there is. */
int menu_open(const char *lend_path, FILE *give_paper, struct menu **ret_menu)
{
	CLOSED_WITH_SCOPE struct menu *menu = calloc(1, sizeof(struct menu));

	if (menu == NULL)
		return -ENOMEM;
	if (sqlite3_open(lend_path, &menu->db))
		return -EIO;
	if (sqlite3_prepare_v3(menu->db, query, sizeof(query), 0, &menu->stmt,
			       NULL))
		return -EIO;
	menu->paper = give_paper;
	*ret_menu = take(&menu);
	return 0;
}

/* Prints the next name and, in a second call, its newline. */
int menu_print(struct menu *lend_menu)
{
	int code = sqlite3_step(lend_menu->stmt);
	const char *name;

	if (code == SQLITE_DONE)
		return 0;
	if (code != SQLITE_ROW)
		return -EIO;
	name = (const char *)sqlite3_column_text(lend_menu->stmt, 0);
	if (fputs(name, lend_menu->paper) == EOF ||
	    fputc('\n', lend_menu->paper) == EOF)
		return -EIO;
	return 1;
}

/* Takes it from the caller; close_v2 may come before the statement ends. */
int menu_close(struct menu **menu)
{
	struct menu *mine = take(menu);
	int rc = 0;

	if (mine == NULL)
		return 0;
	sqlite3_close_v2(mine->db);
	sqlite3_finalize(mine->stmt);
	if (mine->paper != NULL)
		rc = fclose(mine->paper);
	rc = rc == 0 ? 0 : -errno;
	free(mine);
	return rc;
}
