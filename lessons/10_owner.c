/* 10 owner - One owner, named in the interface.
 *
 * PLACE  Before: 09, the airbag. Next: 11, a unit of work. The
 * courier of 14 reaches its ledger through an adapter.
 *
 * CLAIM  A stream is closed twice, or never, and both authors say
 * that it was the other's to close. FILE * cannot tell whose it
 * is, so a name has to: lend_ stays the caller's, give_ becomes
 * the callee's, ret_ the caller's. There is one owner at any time.
 * An adapter owns what it wraps; an empty one has nothing to end,
 * so a scope may always close it, as Python's context managers do.
 * There a name keeps a thing alive; a pointer here keeps nothing.
 *
 * EXAMPLE  An adapter over FILE *, one over a SQLite statement. */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>

/* As in 03. What CLOSE returns is dropped: nobody hears of it. */
#define IN_SCOPE(close) __attribute__((cleanup(close)))

/* Owns a paper; NULL is none. */
struct pen {
	FILE *paper;
};

/* Closes the paper if there is one: 0, or EOF for lines lost. */
static int pen_close(struct pen *pen)
{
	FILE *last = pen->paper;

	pen->paper = NULL;
	return last ? fclose(last) : 0;
}

/* Takes a paper for the one that it had, whose close may fail. */
static int pen_replace(struct pen *pen, FILE *give_paper)
{
	int rc = pen_close(pen);

	pen->paper = give_paper;
	return rc;
}

/* Owns a statement; the database that it reads is borrowed. */
struct query {
	sqlite3_stmt *rows;
};

/* To finalize NULL is to do nothing. */
static int query_close(struct query *query)
{
	sqlite3_stmt *last = query->rows;

	query->rows = NULL;
	return sqlite3_finalize(last);
}

/* Says of two descriptors whether they are open. */
static void tell(const char *whose, const int fd[2])
{
	printf("%-37s", whose);
	for (int i = 0; i < 2; i++)
		printf(fcntl(fd[i], F_GETFD) < 0 ? " closed" : "   open");
	putchar('\n');
}

/* Takes both papers, even when it fails: its pen ends them. */
static int write_on(FILE *give_one, FILE *give_two, const int fd[2])
{
	IN_SCOPE(pen_close) struct pen pen = { give_one };

	tell("given: one the pen's, two this call's", fd);
	int rc = pen_replace(&pen, give_two);
	tell("replaced: two is the pen's", fd);
	return rc;
}

/* Closes a database while a statement of it lives: the code. */
static int close_too_soon(sqlite3 *db)
{
	IN_SCOPE(query_close) struct query query = { NULL };

	sqlite3_prepare_v2(db, "SELECT 1", -1, &query.rows, 0);
	return sqlite3_close(db);
}

/* Lends, gives, replaces; then meets SQLite's own two answers. */
int main(void)
{
	FILE *one = tmpfile(), *two = tmpfile();
	sqlite3 *db = NULL;

	if (!one || !two)
		return 1; /* the end of a process closes the other */
	const int fd[2] = { fileno(one), fileno(two) };
	fputs("dear you,\n", one);
	tell("lent to fputs: both main's", fd);
	int rc = write_on(one, two, fd);
	tell("the scope has ended", fd);
	if (sqlite3_open("/nowhere/a.db", &db) != SQLITE_OK)
		printf("open fails, handle: %s\n", db ? "yes" : "no");
	sqlite3_close(db);
	if (sqlite3_open(":memory:", &db) == SQLITE_OK &&
	    close_too_soon(db) == SQLITE_BUSY)
		printf("too soon: busy; then: %d\n", sqlite3_close(db));
	return rc != 0;
}
/* BOUNDARY  Who frees when it fails halfway? Read each manual: of
 * fdopen, the descriptor is still yours. sqlite3_open gives you a
 * handle all the same. sqlite3_bind_text has freed what you gave.
 * PEM_read_bio_ex of OpenSSL failed and left *header pointing at
 * what it had freed; callers freed it again (CVE-2022-4450).
 *
 * VERIFY  make lesson-10. In close_too_soon put sqlite3_close_v2,
 * made for languages with a collector: it refuses nothing.
 *
 * REVIEW QUESTION  Who frees on failure?
 *
 * EXERCISE  make 10: a menu whose open fails halfway. */
