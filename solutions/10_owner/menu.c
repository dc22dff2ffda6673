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

/* Takes the paper and gives the menu last, when nothing more can fail. Until
 * then the close releases what there is: an adapter that owns no paper. */
int menu_open(const char *lend_path, FILE *give_paper, struct menu **ret_menu)
{
	struct menu *menu = calloc(1, sizeof(*menu));

	if (!menu)
		return -ENOMEM;
	if (sqlite3_open(lend_path, &menu->db) != SQLITE_OK ||
	    sqlite3_prepare_v2(menu->db, by_name, -1, &menu->dishes,
			       NULL) != SQLITE_OK) {
		menu_close(&menu);
		return -EIO;
	}
	menu->paper = give_paper;
	*ret_menu = menu;
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

/* Clears the handle first, then releases in reverse: the statement before
 * the database that it belongs to. */
int menu_close(struct menu **menu)
{
	struct menu *last = *menu;
	int err = 0;

	if (!last)
		return 0;
	*menu = NULL;
	sqlite3_finalize(last->dishes);
	sqlite3_close(last->db);
	if (last->paper && fclose(last->paper) != 0)
		err = -errno;
	free(last);
	return err;
}
