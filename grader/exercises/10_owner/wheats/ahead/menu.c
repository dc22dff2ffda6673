/* menu.c - reads all dishes when it opens, and is done with the database. */
#include "menu.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/* One dish that is still to be printed, and the ones after it. */
struct dish {
	struct dish *next;
	char *name;
};

struct menu {
	FILE *paper;
	struct dish *dishes;
};

/* Frees a dish and all that follow. */
static void drop_dishes(struct dish *dish)
{
	while (dish != NULL) {
		struct dish *next = dish->next;

		free(dish->name);
		free(dish);
		dish = next;
	}
}

/* Puts a copy of NAME in front of the list. */
static int add_dish(struct dish **list, const void *name)
{
	struct dish *dish = malloc(sizeof(*dish));

	if (dish == NULL)
		return -ENOMEM;
	dish->name = strdup(name);
	if (dish->name == NULL) {
		free(dish);
		return -ENOMEM;
	}
	dish->next = *list;
	*list = dish;
	return 0;
}

/* Reads the rows of STMT, the last name first. */
static int read_rows(sqlite3_stmt *lend_stmt, struct dish **list)
{
	int code, err = 0;

	while ((code = sqlite3_step(lend_stmt)) == SQLITE_ROW && err == 0)
		err = add_dish(list, sqlite3_column_text(lend_stmt, 0));
	if (err == 0 && code != SQLITE_DONE)
		err = -EIO;
	return err;
}

/* Runs one statement on DB, which is lent. */
static int read_dishes(sqlite3 *lend_db, struct dish **list)
{
	sqlite3_stmt *stmt;
	int err = -EIO;

	if (sqlite3_prepare_v2(lend_db, "SELECT name FROM dish "
			       "ORDER BY name DESC", -1, &stmt, NULL) == 0) {
		err = read_rows(stmt, list);
		sqlite3_finalize(stmt);
	}
	return err;
}

/* Opens the database for as long as it takes to read it. */
static int read_database(const char *lend_path, struct dish **list)
{
	sqlite3 *db;
	int err = -EIO;

	if (sqlite3_open(lend_path, &db) == SQLITE_OK)
		err = read_dishes(db, list);
	sqlite3_close(db);
	return err;
}

/* Allocates last: the menu is all that is left to be had. */
int menu_open(const char *lend_path, FILE *give_paper, struct menu **ret_menu)
{
	struct dish *dishes = NULL;
	struct menu *menu = NULL;
	int err = read_database(lend_path, &dishes);

	if (err == 0) {
		menu = malloc(sizeof(*menu));
		err = menu ? 0 : -ENOMEM;
	}
	if (err == 0) {
		*menu = (struct menu){ give_paper, dishes };
		*ret_menu = menu;
	} else {
		drop_dishes(dishes);
	}
	return err;
}

/* Prints the first dish that is left, and drops it. */
int menu_print(struct menu *lend_menu)
{
	struct dish *dish = lend_menu->dishes;

	if (dish == NULL)
		return 0;
	if (fprintf(lend_menu->paper, "%s\n", dish->name) < 0)
		return -EIO;
	lend_menu->dishes = dish->next;
	dish->next = NULL;
	drop_dishes(dish);
	return 1;
}

/* Ends the paper and the dishes that nobody printed. */
int menu_close(struct menu **menu)
{
	int err = 0;

	if (*menu != NULL) {
		if (fclose((*menu)->paper) != 0)
			err = -errno;
		drop_dishes((*menu)->dishes);
		free(*menu);
		*menu = NULL;
	}
	return err;
}
