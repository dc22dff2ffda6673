/* menu.h - the dishes of a database, printed on a paper: an adapter that
 * owns a SQLite database, a statement and a stream behind one close.
 *
 * The parameters' names say who owns. What is lent (lend_) stays the
 * caller's; what is given (give_) becomes the menu's, and what is returned
 * (ret_) the caller's, but only when the call returns 0.
 *
 * CONTRACT 1  menu_open returns 0, and the caller has to close *ret_menu;
 *             or it returns a negative errno, and *ret_menu is what it was
 *             before the call.
 * CONTRACT 2  A menu_open that fails has released all that it acquired,
 *             whichever step failed.
 * CONTRACT 3  The paper becomes the menu's when menu_open returns 0. When
 *             it fails, the paper is still the caller's, and open.
 * CONTRACT 4  menu_print prints the next dish, its name and a newline, and
 *             returns 1; or 0 when there is none left; or a negative errno.
 *             The dishes come in the order of their names.
 * CONTRACT 5  menu_close releases all that the menu owns, the paper too,
 *             and sets *menu to NULL, whatever fails on the way. It returns
 *             0, or, when the paper could not be closed, the errno of that
 *             close, negated.
 * CONTRACT 6  When *menu is NULL, menu_close does nothing and returns 0. So
 *             a scope may close what was closed, or never opened.
 */
#ifndef MENU_H
#define MENU_H

#include <stdio.h>

struct menu;

/* Opens the database at PATH, which has a table `dish` with a column
 * `name`, to print on PAPER. */
int menu_open(const char *lend_path, FILE *give_paper, struct menu **ret_menu);

/* Prints the next dish: 1, 0 at the end, or a negative errno. A menu that
 * could not print has still to be closed. */
int menu_print(struct menu *lend_menu);

/* Ends the ownership, at any time: 0 or a negative errno, ended either way. */
int menu_close(struct menu **menu);

/* Has a menu closed where its scope ends; what menu_close returns there is
 * dropped.
 *
 *	CLOSED_WITH_SCOPE struct menu *menu = NULL;
 */
#define CLOSED_WITH_SCOPE __attribute__((cleanup(menu_close)))

#endif
