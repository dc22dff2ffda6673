/* menu.c - prints the dishes of a database on a paper that it was given. */
#include "menu.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>

static const char by_name[] = "SELECT name FROM dish ORDER BY name";

struct menu {
	FILE *paper;
	sqlite3 *db;
	sqlite3_stmt *dishes;
};

/* TODO: each step may fail. What does this function own by then, what does
 * it owe the caller, and what does the caller find in *ret_menu? */
int menu_open(const char *lend_path, FILE *give_paper, struct menu **ret_menu)
{
	struct menu *menu = calloc(1, sizeof(*menu));

	if (!menu)
		return -ENOMEM;
	*ret_menu = menu;
	menu->paper = give_paper;
	if (sqlite3_open(lend_path, &menu->db) != SQLITE_OK) {
		free(menu);
		return -EIO;
	}
	if (sqlite3_prepare_v2(menu->db, by_name, -1, &menu->dishes,
			       NULL) != SQLITE_OK) {
		free(menu);
		return -EIO;
	}
	return 0;
}

/* Prints the name that the next step comes to, if it comes to one. */
int menu_print(struct menu *lend_menu)
{
	int code = sqlite3_step(lend_menu->dishes);

	if (code != SQLITE_ROW)
		return code == SQLITE_DONE ? 0 : -EIO;
	if (fprintf(lend_menu->paper, "%s\n",
		    sqlite3_column_text(lend_menu->dishes, 0)) < 0)
		return -EIO;
	return 1;
}

/* TODO: the database stays open, and nobody hears why. What does a second
 * close do, and what becomes of the rest when the paper's close fails? */
int menu_close(struct menu **menu)
{
	sqlite3_close((*menu)->db);
	sqlite3_finalize((*menu)->dishes);
	if (fclose((*menu)->paper) != 0)
		return -errno;
	free(*menu);
	return 0;
}
