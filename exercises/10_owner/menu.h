/* menu.h - the dishes of a database, printed on a paper: an adapter that owns a
 * SQLite database, a statement and a stream. One close releases all three.
 *
 * The names of the parameters show who owns. What is lent (lend_) stays the
 * caller's. What is given (give_) becomes the menu's, and what is returned
 * (ret_) becomes the caller's, but only when the call returns 0.
 *
 * CONTRACT 1  menu_open returns 0, and the caller has to close *ret_menu; or
 *             it returns a negative errno, never just -1, and *ret_menu is
 *             what it was before the call.
 * CONTRACT 2  A menu_open that fails has released all that it acquired, no
 *             matter which step failed.
 * CONTRACT 3  The paper becomes the menu's when menu_open returns 0. When it
 *             fails, the paper is still the caller's, and open.
 * CONTRACT 4  menu_print prints the next dish, its name and a newline, and
 *             returns 1; or it returns 0 when there is none left; or a
 *             negative errno, never just -1. The dishes come in the order of
 *             their names.
 * CONTRACT 5  menu_close releases all that the menu owns, also the paper, and
 *             sets *menu to NULL, no matter what fails on the way. It returns
 *             0; or, if the paper could not be closed, the negative errno of
 *             that close.
 * CONTRACT 6  When *menu is NULL, menu_close does nothing and returns 0. So a
 *             scope may close a menu that was closed already, or never opened.
 */
#ifndef MENU_H
#define MENU_H

#include <stdio.h>

struct menu;

/* Opens the database at PATH, to print on PAPER. It has a table `dish` with a
 * column `name`, in which no value is NULL. */
int menu_open(const char *lend_path, FILE *give_paper, struct menu **ret_menu);

/* Prints the next dish. Returns 1, 0 at the end, or a negative errno. After an
 * error the menu still has to be closed. */
int menu_print(struct menu *lend_menu);

/* Closes the menu, at any time. Returns 0 or a negative errno; the menu is
 * closed either way. */
int menu_close(struct menu **menu);

/* Closes a menu where its scope ends. The result of that menu_close is ignored.
 *
 *	CLOSED_WITH_SCOPE struct menu *menu = NULL;
 */
#define CLOSED_WITH_SCOPE __attribute__((cleanup(menu_close)))

#endif
