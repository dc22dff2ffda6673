/* 10 owner - One owner, named in the interface.
 *
 * PLACE  Lesson 09 warned of closes that were forgotten. Lesson 11 ends several
 * changes together. The courier of the capstone (14) reaches its ledger through
 * an adapter.
 *
 * CLAIM  A stream is closed twice, or never, and the authors of caller and
 * callee each say that the close was the other's duty. The type FILE * does not
 * tell who has to close. So a name has to tell: here a parameter called lend_
 * stays the caller's, a parameter called give_ becomes the callee's (ownership
 * transfer, or a move), and ret_ becomes the caller's. At any time a resource
 * has exactly one owner. An adapter is an object that makes one resource usable
 * as another and owns what it wraps. An empty adapter has nothing to release,
 * so a scope may always close it, as in Python's context managers. In Python a
 * reference keeps an object alive; a pointer in C keeps nothing alive.
 *
 * EXAMPLE  An adapter over FILE *, and one over an SQLite statement. */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>

/* As in lesson 03. The result of CLOSE is ignored. */
#define IN_SCOPE(close) __attribute__((cleanup(close)))

/* Owns a paper, which is a stream. NULL: it has none. */
struct pen {
	FILE *paper;
};

/* Closes the paper if there is one. Returns 0, or EOF if data was lost. */
static int pen_close(struct pen *pen)
{
	FILE *last = pen->paper;

	pen->paper = NULL;
	return last ? fclose(last) : 0;
}

/* Closes the paper that the pen has and takes over another. Returns the result
 * of that close. */
static int pen_replace(struct pen *pen, FILE *give_paper)
{
	int rc = pen_close(pen);

	pen->paper = give_paper;
	return rc;
}

/* Owns a statement. It borrows the database that the statement reads. */
struct query {
	sqlite3_stmt *rows;
};

/* Finalizes the statement. SQLite ignores NULL. */
static int query_close(struct query *query)
{
	sqlite3_stmt *last = query->rows;

	query->rows = NULL;
	return sqlite3_finalize(last);
}

/* Prints for two descriptors whether each is open. */
static void show(const char *when, const int fd[2])
{
	printf("%-37s", when);
	for (int i = 0; i < 2; i++)
		printf(" %6s", fcntl(fd[i], F_GETFD) < 0 ? "closed" : "open");
	putchar('\n');
}

/* Takes ownership of both papers, also when it fails: its pen closes them. */
static int write_on(FILE *give_one, FILE *give_two, const int fd[2])
{
	IN_SCOPE(pen_close) struct pen pen = { give_one };

	show("given: one the pen's, two this call's", fd);
	int rc = pen_replace(&pen, give_two);
	show("replaced: two is the pen's", fd);
	return rc;
}

/* Closes a database that still has a statement. Returns SQLite's code. */
static int close_too_soon(sqlite3 *db)
{
	IN_SCOPE(query_close) struct query query = { NULL };
	int rc = sqlite3_prepare_v2(db, "SELECT 1", -1, &query.rows, NULL);

	return rc == SQLITE_OK ? sqlite3_close(db) : rc;
}

/* Lends, gives and replaces papers. Returns 0, or -1 if a call failed. */
static int show_papers(void)
{
	FILE *one = tmpfile(), *two;
	int rc, fd[2];

	if (!one)
		return -1;
	two = tmpfile();
	if (!two) {
		fclose(one);
		return -1;
	}
	fd[0] = fileno(one);
	fd[1] = fileno(two);
	rc = fputs("dear you,\n", one) < 0 ? -1 : 0; /* one is lent to fputs */
	show("lent to fputs: both main's", fd);
	if (write_on(one, two, fd) != 0)
		rc = -1;
	show("the scope has ended", fd);
	return rc;
}

/* Shows two answers of SQLite on ownership. */
static void show_databases(void)
{
	sqlite3 *db = NULL;

	if (sqlite3_open("/nowhere/a.db", &db) != SQLITE_OK)
		printf("open fails, handle: %s\n", db ? "yes" : "no");
	sqlite3_close(db);
	if (sqlite3_open(":memory:", &db) == SQLITE_OK &&
	    close_too_soon(db) == SQLITE_BUSY)
		printf("too soon: busy; ");
	printf("then: %d\n", sqlite3_close(db));
}

int main(void)
{
	int rc = show_papers();

	show_databases();
	return rc < 0;
}
/* BOUNDARY  Who frees when a call fails halfway? Each manual has its own
 * answer. If fdopen fails, you still own the descriptor. If sqlite3_open fails,
 * you still get a handle and must close it. If sqlite3_bind_text fails,
 * SQLite has already called your destructor. PEM_read_bio_ex of OpenSSL failed
 * and left *header pointing at memory that it had freed; callers freed that
 * memory again, a double free (CVE-2022-4450).
 *
 * VERIFY  Type `make lesson-10`. Then let pen_replace overwrite pen->paper
 * without the close. Which words of the output change, and which variable could
 * still close the first paper?
 *
 * REVIEW QUESTION  In write_on, who closes the second paper if pen_replace
 * returns EOF?
 *
 * EXERCISE  Type `make 10`: a menu whose open fails halfway. */
