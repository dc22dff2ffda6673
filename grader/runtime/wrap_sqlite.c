/* wrap_sqlite.c - SQLite's calls. They fail with a result code, and set no
 * errno.
 *
 * A transaction is a resource too, and found by what the database says of
 * itself: acquired when it leaves autocommit mode, released when it is back in
 * it. A COMMIT that is made to fail once says SQLITE_BUSY and leaves the
 * transaction open; one that fails for good has rolled it back by itself; a
 * ROLLBACK has rolled back whatever it says, also when it is its prepare that
 * fails. Source: "Transaction" in SQLite's documentation, 3.2 and "Response To
 * Errors".
 */
#include "wrap.h"

#include <ctype.h>
#include <strings.h>

enum { FAILURES = 32 };

/* The code that a database or a statement failed with by plan, which SQLite
 * itself knows nothing of. */
static struct {
	const void *of;
	int code;
} failures[FAILURES];

/* Keeps CODE for OF, SQLITE_OK for none; the oldest makes room. */
static void note_code(const void *of, int code)
{
	static unsigned next;
	injection_lock();
	for (int i = 0; i < FAILURES; i++)
		if (failures[i].of == of)
			failures[i].of = NULL;
	if (code != SQLITE_OK) {
		failures[next % FAILURES].of = of;
		failures[next++ % FAILURES].code = code;
	}
	injection_unlock();
}

/* The code kept for OF, or REAL when there is none. */
static int code_of(const void *of, int real)
{
	int code = real;
	injection_lock();
	for (int i = 0; of && i < FAILURES; i++)
		if (failures[i].of == of)
			code = failures[i].code;
	injection_unlock();
	return code;
}

/* Whether RC tells of a failure. */
static bool is_failure(int rc)
{
	return rc != SQLITE_OK && rc != SQLITE_ROW && rc != SQLITE_DONE;
}

/* Ends a call on DB, and on STATEMENT if it is about one, that answered RC. */
static int ended(struct watched *w, sqlite3 *db, sqlite3_stmt *statement, int rc)
{
	int planned = w->step.faulted ? rc : SQLITE_OK;
	if (is_failure(rc) && !w->step.failed) {
		w->step.failed = true;
		w->step.err = rc;
	}
	if (!w->quiet) {
		note_code(db, planned);
		note_code(statement, planned);
	}
	injection_end(w);
	return rc;
}

/* --- databases ------------------------------------------------------------- */

/* Ends an open of *DB that answered RC; a failed one, too, leaves a handle that
 * is to be closed. */
static int opened(struct watched *w, sqlite3 **db, int rc)
{
	w->step.got[0] = ID(*db);
	return ended(w, *db, NULL, rc);
}

int brakes_sqlite3_open(const char *path, sqlite3 **ret_db)
{
	struct watched w = BEGIN(sqlite3_open, 0, path);
	int rc = sqlite3_open(w.step.failed ? ":memory:" : path, ret_db);
	return opened(&w, ret_db, w.step.failed ? w.step.err : rc);
}

int brakes_sqlite3_open_v2(const char *path, sqlite3 **ret_db, int flags,
			   const char *vfs)
{
	struct watched w = BEGIN(sqlite3_open_v2, 0, path);
	int rc = w.step.failed ? sqlite3_open(":memory:", ret_db) :
		 sqlite3_open_v2(path, ret_db, flags, vfs);
	return opened(&w, ret_db, w.step.failed ? w.step.err : rc);
}

/* A transaction as the ledger counts it: its database has the even number. */
static uint64_t transaction_id(const sqlite3 *db)
{
	return ID(db) + 1;
}

/* Whether DB is in a transaction. */
static bool in_transaction(sqlite3 *db)
{
	return db && !sqlite3_get_autocommit(db);
}

/* Whether the call that W is, which has ended a transaction, has rolled it back: because
 * it says so, or since it failed. */
static bool rolled_back(const struct watched *w)
{
	return w->step.failed || strcasestr(w->step.detail, "ROLLBACK");
}

/* Reports that a transaction of DB began or ended in the call that W is. */
static void tell_transaction(const struct watched *w, const sqlite3 *db,
			     bool began)
{
	struct watched also = *w;
	also.step = (struct step){
		.call = began ? CALL_sql_begin : rolled_back(w) ?
			CALL_sql_rollback : CALL_sql_end, .beneath = -1,
		.gone = began ? 0 : transaction_id(db),
		.got = { began ? transaction_id(db) : 0 },
		.site = w->step.site,
	};
	injection_end(&also);
}

/* Whether the ledger has a transaction of DB open. */
static bool transaction_live(const sqlite3 *db)
{
	bool known;
	return injection_ask(CALL_sql_end, transaction_id(db), &known) ==
	       RULING_FINE;
}

/* Takes the memory, SIZE bytes, that a closed database stood in, if it is to be
 * had, and keeps it: no database that others open is to bear its address. */
static void keep_address(const sqlite3 *db, sqlite3_uint64 size)
{
	void *block = sqlite3_malloc64(size);
	if (block != db)
		sqlite3_free(block);
}

/* Closes DB by CLOSE, once however often it is released: SQLite rolls back what
 * is under way, and refuses while a statement is alive. */
static int close_database(struct watched *w, sqlite3 *db,
			  int (*close)(sqlite3 *db))
{
	int rc = w->refused ? SQLITE_MISUSE : SQLITE_OK;
	bool live = db && transaction_live(db);
	if (db && !w->refused && injection_times(w) > 0) {
		sqlite3_uint64 size = sqlite3_msize(db);
		rc = close(db);
		if (rc == SQLITE_OK)
			keep_address(db, size);
	}
	if (rc == SQLITE_OK && live && !w->quiet)
		tell_transaction(w, db, false);
	if (!db) {
		w->step.gone = 0;
		return rc;
	}
	return ended(w, rc == SQLITE_OK ? NULL : db, NULL, rc);
}

int brakes_sqlite3_close(sqlite3 *db)
{
	struct watched w = BEGIN(sqlite3_close, ID(db), NULL);
	return close_database(&w, db, sqlite3_close);
}

int brakes_sqlite3_close_v2(sqlite3 *db)
{
	struct watched w = BEGIN(sqlite3_close_v2, ID(db), NULL);
	return close_database(&w, db, sqlite3_close_v2);
}

int brakes_sqlite3_errcode(sqlite3 *db)
{
	struct watched w = BEGIN(sqlite3_errcode, ID(db), NULL);
	injection_end(&w);
	return code_of(db, w.refused ? SQLITE_MISUSE : sqlite3_errcode(db));
}

int brakes_sqlite3_extended_errcode(sqlite3 *db)
{
	struct watched w = BEGIN(sqlite3_extended_errcode, ID(db), NULL);
	injection_end(&w);
	return code_of(db, w.refused ? SQLITE_MISUSE :
		       sqlite3_extended_errcode(db));
}

const char *brakes_sqlite3_errmsg(sqlite3 *db)
{
	struct watched w = BEGIN(sqlite3_errmsg, ID(db), NULL);
	injection_end(&w);
	int code = code_of(db, w.refused ? SQLITE_MISUSE : SQLITE_OK);
	return code ? sqlite3_errstr(code) : sqlite3_errmsg(db);
}

/* --- what runs ------------------------------------------------------------- */

/* Whether SQL begins with WORD. */
static bool begins(const char *sql, const char *word)
{
	size_t n = strlen(word);
	while (sql && *sql && strchr(" \t\n;", *sql))
		sql++;
	return sql && strncasecmp(sql, word, n) == 0 &&
	       !isalnum((unsigned char)sql[n]) && sql[n] != '_';
}

/* What becomes of SQL that is made to fail: the code to answer. Of a
 * transaction that it ends no more is left than SQLite would leave. */
static int fail_sql(struct watched *w, sqlite3 *db, const char *sql)
{
	bool once = !w->for_good &&
		    w->step.err == calls[w->step.call].errnos[0];
	bool commits = begins(sql, "COMMIT") || begins(sql, "END");
	if ((commits || begins(sql, "RELEASE")) && once)
		w->step.err = SQLITE_BUSY;
	else if (commits && w->step.err != SQLITE_BUSY)
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	else if (begins(sql, "ROLLBACK"))
		sqlite3_exec(db, sql, NULL, NULL, NULL);
	return w->step.err;
}

/* Tells whether the call that W is began or ended a transaction of DB. */
static void compare_transaction(const struct watched *w, sqlite3 *db, bool was)
{
	if (!w->quiet && in_transaction(db) != was)
		tell_transaction(w, db, !was);
}

int brakes_sqlite3_exec(sqlite3 *db, const char *sql, sqlite3_callback each,
			void *data, char **ret_message)
{
	struct watched w = BEGIN(sqlite3_exec, db ? ID(db) : LEDGER_NULL, sql);
	bool was = !w.refused && in_transaction(db);
	int rc = w.refused ? SQLITE_MISUSE :
		 w.step.faulted ? fail_sql(&w, db, sql) :
		 sqlite3_exec(db, sql, each, data, ret_message);
	if (ret_message && (w.step.faulted || w.refused))
		*ret_message = sqlite3_mprintf("%s", sqlite3_errstr(rc));
	if (ret_message && rc != SQLITE_OK)
		w.step.got[0] = ID(*ret_message);
	rc = ended(&w, db, NULL, rc);
	if (!w.refused)
		compare_transaction(&w, db, was);
	return rc;
}

/* Ends what the N bytes of SQL would have ended, all of them when N is negative:
 * a ROLLBACK whose prepare fails is no less sure than one that is run at once. */
static void fail_prepare(struct watched *w, sqlite3 *db, const char *sql, int n)
{
	char text[DETAIL];
	snprintf(text, sizeof(text), "%.*s", n < 0 ? DETAIL : n, sql);
	if (begins(text, "ROLLBACK"))
		fail_sql(w, db, text);
}

/* Prepares SQL by whichever of SQLite's three ways W is. */
static int prepared(struct watched *w, sqlite3 *db, const char *sql, int n,
		    unsigned flags, sqlite3_stmt **ret_statement,
		    const char **ret_tail)
{
	bool was = !w->refused && in_transaction(db);
	*ret_statement = NULL;
	if (w->step.faulted && !w->refused)
		fail_prepare(w, db, sql, n);
	int rc = w->step.failed ? w->step.err :
		 w->step.call == CALL_sqlite3_prepare ?
		 sqlite3_prepare(db, sql, n, ret_statement, ret_tail) :
		 sqlite3_prepare_v3(db, sql, n, flags, ret_statement, ret_tail);
	w->step.got[0] = ID(*ret_statement);
	rc = ended(w, db, NULL, rc);
	if (!w->refused)
		compare_transaction(w, db, was);
	return rc;
}

int brakes_sqlite3_prepare(sqlite3 *db, const char *sql, int n,
			   sqlite3_stmt **ret_statement, const char **ret_tail)
{
	struct watched w = BEGIN(sqlite3_prepare, ID(db), sql);
	return prepared(&w, db, sql, n, 0, ret_statement, ret_tail);
}

int brakes_sqlite3_prepare_v2(sqlite3 *db, const char *sql, int n,
			      sqlite3_stmt **ret_statement,
			      const char **ret_tail)
{
	struct watched w = BEGIN(sqlite3_prepare_v2, ID(db), sql);
	return prepared(&w, db, sql, n, 0, ret_statement, ret_tail);
}

int brakes_sqlite3_prepare_v3(sqlite3 *db, const char *sql, int n,
			      unsigned flags, sqlite3_stmt **ret_statement,
			      const char **ret_tail)
{
	struct watched w = BEGIN(sqlite3_prepare_v3, ID(db), sql);
	return prepared(&w, db, sql, n, flags, ret_statement, ret_tail);
}

/* --- statements ------------------------------------------------------------ */

/* A statement as the ledger counts it. */
static uint64_t statement_id(const sqlite3_stmt *statement)
{
	return statement ? ID(statement) : LEDGER_NULL;
}

int brakes_sqlite3_step(sqlite3_stmt *statement)
{
	struct watched w = BEGIN(sqlite3_step, statement_id(statement), NULL);
	if (w.refused)
		return ended(&w, NULL, NULL, SQLITE_MISUSE);
	const char *sql = sqlite3_sql(statement);
	sqlite3 *db = sqlite3_db_handle(statement);
	bool was = in_transaction(db);
	if (!w.quiet)
		snprintf(w.step.detail, DETAIL, "%s", sql ? sql : "");
	int rc = w.step.faulted ? fail_sql(&w, db, sql) : sqlite3_step(statement);
	rc = ended(&w, db, statement, rc);
	compare_transaction(&w, db, was);
	return rc;
}

/* Both tell once more how the last step went. */
int brakes_sqlite3_reset(sqlite3_stmt *statement)
{
	struct watched w = BEGIN(sqlite3_reset, ID(statement), NULL);
	int rc = w.refused ? SQLITE_MISUSE :
		 code_of(statement, sqlite3_reset(statement));
	note_code(statement, SQLITE_OK);
	injection_end(&w);
	return rc;
}

int brakes_sqlite3_finalize(sqlite3_stmt *statement)
{
	struct watched w = BEGIN(sqlite3_finalize, ID(statement), NULL);
	sqlite3 *db = NULL;
	bool was = false;
	int rc = w.refused ? SQLITE_MISUSE : code_of(statement, SQLITE_OK);
	if (!statement)
		return rc;
	if (!w.refused && injection_times(&w) > 0) {
		db = sqlite3_db_handle(statement);
		was = in_transaction(db);
		int real = sqlite3_finalize(statement);
		rc = rc ? rc : real;
		note_code(statement, SQLITE_OK);
	}
	injection_end(&w);
	if (db)
		compare_transaction(&w, db, was);
	return rc;
}

/* A use of a statement: the call when it may be made, else its code, and what is
 * to be done then. */
#define USE_STATEMENT(name, params, args, otherwise) \
	int brakes_##name params \
	{ \
		struct watched w = BEGIN(name, statement_id(s), NULL); \
		int rc = !w.step.failed ? name args : \
			 (otherwise) ? SQLITE_OK : w.step.err; \
		return ended(&w, w.refused || !s ? NULL : \
			     sqlite3_db_handle(s), NULL, rc); \
	}

USE_STATEMENT(sqlite3_bind_int, (sqlite3_stmt *s, int at, int n), (s, at, n), 0)
USE_STATEMENT(sqlite3_bind_int64, (sqlite3_stmt *s, int at, sqlite3_int64 n),
	      (s, at, n), 0)
USE_STATEMENT(sqlite3_bind_double, (sqlite3_stmt *s, int at, double n),
	      (s, at, n), 0)
USE_STATEMENT(sqlite3_bind_null, (sqlite3_stmt *s, int at), (s, at), 0)

/* Fails in the place of SQLite, which hands BYTES to END also when it fails:
 * always false. Source: "Binding Values To Prepared Statements". */
static bool end_bytes(const void *bytes, void (*end)(void *))
{
	if (end != SQLITE_STATIC && end != SQLITE_TRANSIENT)
		end((void *)(uintptr_t)bytes);
	return false;
}

USE_STATEMENT(sqlite3_bind_text, (sqlite3_stmt *s, int at, const char *text,
	      int n, void (*end)(void *)), (s, at, text, n, end),
	      end_bytes(text, end))
USE_STATEMENT(sqlite3_bind_blob, (sqlite3_stmt *s, int at, const void *bytes,
	      int n, void (*end)(void *)), (s, at, bytes, n, end),
	      end_bytes(bytes, end))

/* --- memory ---------------------------------------------------------------- */

void *brakes_sqlite3_malloc(int n)
{
	struct watched w = BEGIN(sqlite3_malloc, 0, NULL);
	return got_pointer(&w, w.step.failed ? NULL : sqlite3_malloc(n));
}

void *brakes_sqlite3_malloc64(sqlite3_uint64 n)
{
	struct watched w = BEGIN(sqlite3_malloc64, 0, NULL);
	return got_pointer(&w, w.step.failed ? NULL : sqlite3_malloc64(n));
}

/* A string that is made to fail is gone as well. Source: "Finalize A Dynamic
 * String" in SQLite's documentation. */
char *brakes_sqlite3_str_finish(sqlite3_str *string)
{
	struct watched w = BEGIN(sqlite3_str_finish, 0, NULL);
	char *text = sqlite3_str_finish(string);
	if (w.step.failed) {
		sqlite3_free(text);
		text = NULL;
	}
	return got_pointer(&w, text);
}

char *brakes_sqlite3_expanded_sql(sqlite3_stmt *statement)
{
	struct watched w = BEGIN(sqlite3_expanded_sql, ID(statement), NULL);
	return got_pointer(&w, w.step.failed ? NULL :
			   sqlite3_expanded_sql(statement));
}

char *brakes_sqlite3_vmprintf(const char *format, va_list args)
{
	struct watched w = BEGIN(sqlite3_vmprintf, 0, NULL);
	return got_pointer(&w, w.step.failed ? NULL :
			   sqlite3_vmprintf(format, args));
}

char *brakes_sqlite3_mprintf(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	struct watched w = BEGIN(sqlite3_mprintf, 0, NULL);
	char *text = got_pointer(&w, w.step.failed ? NULL :
				 sqlite3_vmprintf(format, args));
	va_end(args);
	return text;
}

void brakes_sqlite3_free(void *block)
{
	if (!block)
		return;
	struct watched w = BEGIN(sqlite3_free, ID(block), NULL);
	if (!w.refused && !w.unwatched && injection_times(&w) > 0)
		sqlite3_free(block);
	injection_end(&w);
}
