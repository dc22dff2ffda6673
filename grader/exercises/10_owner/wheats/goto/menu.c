/* menu.c - a chain of labels, each named for what it undoes. */
#include "menu.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>

struct menu {
	sqlite3 *db;
	sqlite3_stmt *next;
	FILE *paper;
};

/* Acquires upwards; a failure goes down the labels from where it stands. */
int menu_open(const char *lend_path, FILE *give_paper, struct menu **ret_menu)
{
	struct menu *menu = malloc(sizeof(*menu));
	int err = -EIO;

	if (!menu)
		return -ENOMEM;
	if (sqlite3_open_v2(lend_path, &menu->db, SQLITE_OPEN_READONLY,
			    NULL) != SQLITE_OK)
		goto close_db;
	if (sqlite3_prepare_v2(menu->db, "SELECT name FROM dish ORDER BY 1", -1,
			       &menu->next, NULL) != SQLITE_OK)
		goto close_db;
	menu->paper = give_paper;
	*ret_menu = menu;
	return 0;
close_db:
	sqlite3_close(menu->db);
	free(menu);
	return err;
}

/* Prints the next name. */
int menu_print(struct menu *lend_menu)
{
	switch (sqlite3_step(lend_menu->next)) {
	case SQLITE_DONE:
		return 0;
	case SQLITE_ROW:
		break;
	default:
		return -EIO;
	}
	const unsigned char *name = sqlite3_column_text(lend_menu->next, 0);
	return fprintf(lend_menu->paper, "%s\n", name) < 0 ? -EIO : 1;
}

/* Releases downwards, in the same order as the labels would. */
int menu_close(struct menu **menu)
{
	int err = 0;

	if (*menu == NULL)
		return 0;
	if (fclose((*menu)->paper) == EOF)
		err = -errno;
	sqlite3_finalize((*menu)->next);
	sqlite3_close((*menu)->db);
	free(*menu);
	*menu = NULL;
	return err;
}
