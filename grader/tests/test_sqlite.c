/* test_sqlite.c - the wrappers of SQLite's calls and of locks: result codes, what a
 * COMMIT leaves that fails, a transaction as a resource, a close that is refused.
 *
 * This program is its own code under test: all of its text is watched.
 */
#include <errno.h>
#include <stdarg.h>
#include "suite.h"
#include "ledger/errors.h"
#include "runtime/wrap.h"

/* Each wrapper has the type of its call. */
#define CALL(name, ...) extern __typeof__(name) brakes_##name;
#define PRETEND(id, ...)
#define ALIAS(other, name)
#define HARMLESS(name)
#include "ledger/calls.def"
#undef CALL
#undef PRETEND
#undef ALIAS
#undef HARMLESS

/* Where the linker says that this program's text begins and ends. */
extern char __executable_start, etext;

static void begin(void)
{
	uintptr_t start = (uintptr_t)&__executable_start;
	injection_module(0, start, start, (uintptr_t)&etext);
	injection_start((struct listener){ NULL, NULL });
}

/* How many resources of KIND are live. */
static size_t live(enum kind kind)
{
	const struct ledger *ledger = injection_ledger();
	size_t n = 0;
	for (size_t i = 0; i < ledger->n; i++)
		n += ledger->entries[i].live && ledger->entries[i].kind == kind;
	return n;
}

static void fail_next(enum fault_mode mode)
{
	injection_plan((struct plan){ .mode = mode, .point = 1 });
}

static void fail_none(void)
{
	injection_plan((struct plan){ .mode = FAULT_NONE });
}

/* --- every call ------------------------------------------------------------ */

/* What the calls of one row are made with. */
struct stage {
	sqlite3 *db, *opened;
	sqlite3_stmt *insert, *made;
	void *block;
};

static void set_stage(struct stage *s)
{
	memset(s, 0, sizeof(*s));
	begin();
	ck_assert_int_eq(brakes_sqlite3_open(":memory:", &s->db), SQLITE_OK);
	ck_assert_int_eq(brakes_sqlite3_exec(s->db, "CREATE TABLE t(x)", NULL,
					     NULL, NULL), SQLITE_OK);
	ck_assert_int_eq(brakes_sqlite3_prepare_v2(s->db, "INSERT INTO t "
		"VALUES(?1)", -1, &s->insert, NULL), SQLITE_OK);
}

/* Ends what is alive, and demands that the ledger then holds nothing. */
static void clear_stage(struct stage *s)
{
	fail_none();
	brakes_sqlite3_finalize(s->made);
	brakes_sqlite3_finalize(s->insert);
	if (s->opened)
		ck_assert_int_eq(brakes_sqlite3_close(s->opened), SQLITE_OK);
	ck_assert_int_eq(brakes_sqlite3_close(s->db), SQLITE_OK);
	brakes_sqlite3_free(s->block);
	ck_assert_uint_eq(ledger_live(injection_ledger()), 0);
	ck_assert_uint_eq(injection_ledger()->wrong, 0);
}

static char *print(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *text = brakes_sqlite3_vmprintf(format, args);
	va_end(args);
	return text;
}

/* A dynamic string of SQLite's that holds TEXT. */
static sqlite3_str *string_of(const char *text)
{
	sqlite3_str *string = sqlite3_str_new(NULL);
	sqlite3_str_appendall(string, text);
	return string;
}

/* SQLITE_NOMEM for NULL, which is what these calls have to say. */
static int made(struct stage *s, void *block)
{
	s->block = block;
	return block ? SQLITE_OK : SQLITE_NOMEM;
}

/* One row for each call that can fail: the call, and what it answers when all
 * is well. */
#define ROWS(ROW) \
	ROW(sqlite3_open, SQLITE_OK, brakes_sqlite3_open(":memory:", \
		&s->opened)) \
	ROW(sqlite3_open_v2, SQLITE_OK, brakes_sqlite3_open_v2(":memory:", \
		&s->opened, SQLITE_OPEN_READWRITE, NULL)) \
	ROW(sqlite3_exec, SQLITE_OK, brakes_sqlite3_exec(s->db, \
		"INSERT INTO t VALUES(9)", NULL, NULL, NULL)) \
	ROW(sqlite3_prepare, SQLITE_OK, brakes_sqlite3_prepare(s->db, \
		"SELECT 1", -1, &s->made, NULL)) \
	ROW(sqlite3_prepare_v2, SQLITE_OK, brakes_sqlite3_prepare_v2(s->db, \
		"SELECT 1", -1, &s->made, NULL)) \
	ROW(sqlite3_prepare_v3, SQLITE_OK, brakes_sqlite3_prepare_v3(s->db, \
		"SELECT 1", -1, 0, &s->made, NULL)) \
	ROW(sqlite3_step, SQLITE_DONE, brakes_sqlite3_step(s->insert)) \
	ROW(sqlite3_bind_text, SQLITE_OK, brakes_sqlite3_bind_text(s->insert, \
		1, "a", -1, SQLITE_STATIC)) \
	ROW(sqlite3_bind_blob, SQLITE_OK, brakes_sqlite3_bind_blob(s->insert, \
		1, "a", 1, SQLITE_STATIC)) \
	ROW(sqlite3_malloc, SQLITE_OK, made(s, brakes_sqlite3_malloc(8))) \
	ROW(sqlite3_malloc64, SQLITE_OK, made(s, brakes_sqlite3_malloc64(8))) \
	ROW(sqlite3_str_finish, SQLITE_OK, made(s, brakes_sqlite3_str_finish( \
		string_of("a")))) \
	ROW(sqlite3_expanded_sql, SQLITE_OK, made(s, \
		brakes_sqlite3_expanded_sql(s->insert))) \
	ROW(sqlite3_vmprintf, SQLITE_OK, made(s, print("%d", 1))) \
	ROW(sqlite3_mprintf, SQLITE_OK, made(s, brakes_sqlite3_mprintf("%d", 1)))

#define DEFINE(name, well, answer) \
	static int make_##name(struct stage *s) { return answer; }
ROWS(DEFINE)

#define LIST(name, well, answer) [CALL_##name] = { make_##name, well },
static const struct {
	int (*make)(struct stage *);
	int well;
} rows[CALL_COUNT] = { ROWS(LIST) };

START_TEST(every_call_that_can_fail_is_tried_here)
{
	int tried = 0;
	for (int i = 0; i < CALL_COUNT; i++) {
		bool can = calls[i].fails && speaks_sqlite((enum call)i);
		ck_assert_msg(can == (rows[i].make != NULL), "%s",
			      calls[i].name);
		tried += can;
	}
	ck_assert_int_ge(tried, 12);
}
END_TEST

START_TEST(every_call_fails_with_its_code_and_not_otherwise)
{
	for (int i = 0; i < CALL_COUNT; i++) {
		for (int mode = FAULT_NONE; rows[i].make && mode <= FAULT_ON;
		     mode++) {
			struct stage stage;
			int want = mode == FAULT_NONE ? rows[i].well :
				   calls[i].errnos[mode == FAULT_ON];
			set_stage(&stage);
			fail_next((enum fault_mode)mode);
			errno = 0;
			int rc = rows[i].make(&stage);
			ck_assert_msg(rc == want, "%s: %d", calls[i].name, rc);
			ck_assert_int_eq(errno, 0);
			ck_assert(injection_struck() == (mode != FAULT_NONE));
			clear_stage(&stage);
		}
	}
}
END_TEST

START_TEST(an_errno_that_is_asked_for_becomes_the_code_for_it)
{
	static const struct { int err, code; } asked[] = {
		{ ENOSPC, SQLITE_FULL }, { ENOMEM, SQLITE_NOMEM },
		{ EBUSY, SQLITE_BUSY }, { EIO, SQLITE_IOERR },
		{ EPIPE, SQLITE_IOERR },
	};
	for (size_t i = 0; i < sizeof(asked) / sizeof(*asked); i++) {
		struct stage stage;
		set_stage(&stage);
		injection_plan((struct plan){ .mode = FAULT_ONCE, .point = 1,
					      .err = asked[i].err });
		ck_assert_int_eq(brakes_sqlite3_step(stage.insert),
				 asked[i].code);
		clear_stage(&stage);
	}
}
END_TEST

START_TEST(what_failed_is_told_again_by_errcode_reset_and_finalize)
{
	struct stage stage;
	set_stage(&stage);
	fail_next(FAULT_ONCE);
	ck_assert_int_eq(brakes_sqlite3_step(stage.insert), SQLITE_FULL);
	ck_assert_int_eq(brakes_sqlite3_errcode(stage.db), SQLITE_FULL);
	ck_assert_str_eq(brakes_sqlite3_errmsg(stage.db),
			 sqlite3_errstr(SQLITE_FULL));
	ck_assert_int_eq(brakes_sqlite3_reset(stage.insert), SQLITE_FULL);
	ck_assert_int_eq(brakes_sqlite3_step(stage.insert), SQLITE_DONE);
	ck_assert_int_eq(brakes_sqlite3_errcode(stage.db),
			 sqlite3_errcode(stage.db));
	brakes_sqlite3_reset(stage.insert);
	fail_next(FAULT_ONCE);
	brakes_sqlite3_step(stage.insert);
	ck_assert_int_eq(brakes_sqlite3_finalize(stage.insert), SQLITE_FULL);
	stage.insert = NULL;
	clear_stage(&stage);
}
END_TEST

static int times_ended;

static void count_end(void *bytes)
{
	(void)bytes;
	times_ended++;
}

START_TEST(a_bind_that_fails_ends_what_it_was_handed)
{
	struct stage stage;
	char text[] = "a";
	set_stage(&stage);
	times_ended = 0;
	fail_next(FAULT_ONCE);
	ck_assert_int_eq(brakes_sqlite3_bind_text(stage.insert, 1, text, -1,
						  count_end), SQLITE_NOMEM);
	ck_assert_int_eq(times_ended, 1);
	clear_stage(&stage);
}
END_TEST

/* --- databases and statements ---------------------------------------------- */

START_TEST(an_open_that_failed_leaves_a_handle_to_be_closed)
{
	sqlite3 *db = NULL;
	begin();
	ck_assert_int_ne(brakes_sqlite3_open_v2(own("none.db"), &db,
		SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	ck_assert_ptr_nonnull(db);
	ck_assert_uint_eq(live(KIND_DATABASE), 1);
	ck_assert_int_eq(brakes_sqlite3_close(db), SQLITE_OK);
	ck_assert_uint_eq(live(KIND_DATABASE), 0);
}
END_TEST

START_TEST(a_close_is_refused_while_a_statement_lives)
{
	struct stage stage;
	set_stage(&stage);
	ck_assert_int_eq(brakes_sqlite3_close(stage.db), SQLITE_BUSY);
	ck_assert_uint_eq(live(KIND_DATABASE), 1);
	ck_assert_uint_eq(injection_ledger()->wrong, 0);
	clear_stage(&stage);
}
END_TEST

START_TEST(a_second_close_or_finalize_is_told_and_not_performed)
{
	struct stage stage;
	set_stage(&stage);
	brakes_sqlite3_finalize(stage.insert);
	brakes_sqlite3_finalize(stage.insert);
	ck_assert_uint_eq(injection_ledger()->wrong, 1);
	ck_assert_int_eq(brakes_sqlite3_close(stage.db), SQLITE_OK);
	ck_assert_int_eq(brakes_sqlite3_close(stage.db), SQLITE_MISUSE);
	ck_assert_uint_eq(injection_ledger()->wrong, 2);
}
END_TEST

START_TEST(nothing_is_released_by_handing_over_null)
{
	begin();
	ck_assert_int_eq(brakes_sqlite3_close(NULL), SQLITE_OK);
	ck_assert_int_eq(brakes_sqlite3_finalize(NULL), SQLITE_OK);
	brakes_sqlite3_free(NULL);
	ck_assert_uint_eq(injection_ledger()->wrong, 0);
}
END_TEST

START_TEST(the_message_of_a_failed_exec_is_to_be_freed)
{
	struct stage stage;
	char *message = NULL;
	set_stage(&stage);
	brakes_sqlite3_exec(stage.db, "no sql", NULL, NULL, &message);
	ck_assert_uint_eq(live(KIND_MESSAGE), 1);
	brakes_sqlite3_free(message);
	fail_next(FAULT_ONCE);
	brakes_sqlite3_exec(stage.db, "SELECT 1", NULL, NULL, &message);
	ck_assert_uint_eq(live(KIND_MESSAGE), 1);
	brakes_sqlite3_free(message);
	clear_stage(&stage);
}
END_TEST

/* --- transactions ---------------------------------------------------------- */

static int run(struct stage *s, const char *sql)
{
	return brakes_sqlite3_exec(s->db, sql, NULL, NULL, NULL);
}

/* Runs SQL as a statement of its own. */
static int run_prepared(struct stage *s, const char *sql)
{
	sqlite3_stmt *statement;
	brakes_sqlite3_prepare_v2(s->db, sql, -1, &statement, NULL);
	int rc = brakes_sqlite3_step(statement);
	brakes_sqlite3_finalize(statement);
	return rc;
}

/* How many rows the table holds. */
static int rows_held(struct stage *s)
{
	sqlite3_stmt *statement;
	sqlite3_prepare_v2(s->db, "SELECT count(*) FROM t", -1, &statement,
			   NULL);
	sqlite3_step(statement);
	int n = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	return n;
}

START_TEST(a_transaction_lives_from_begin_to_commit_or_rollback)
{
	static const char *const ends[] = { "COMMIT", "END", "ROLLBACK",
					    " commit ;" };
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		struct stage stage;
		set_stage(&stage);
		run(&stage, "BEGIN");
		ck_assert_uint_eq(live(KIND_TRANSACTION), 1);
		run(&stage, "INSERT INTO t VALUES(1)");
		run(&stage, ends[i]);
		ck_assert_uint_eq(live(KIND_TRANSACTION), 0);
		run_prepared(&stage, "BEGIN IMMEDIATE");
		ck_assert_uint_eq(live(KIND_TRANSACTION), 1);
		run_prepared(&stage, ends[i]);
		ck_assert_uint_eq(live(KIND_TRANSACTION), 0);
		clear_stage(&stage);
	}
}
END_TEST

START_TEST(closing_the_database_ends_its_transaction)
{
	struct stage stage;
	set_stage(&stage);
	run(&stage, "BEGIN");
	clear_stage(&stage);
}
END_TEST

/* Makes a transaction with a row, and SQL in it fail in MODE by RUN: what it
 * answered. */
static int fail_in_transaction(struct stage *s, const char *sql,
			       enum fault_mode mode,
			       int (*run_it)(struct stage *, const char *))
{
	set_stage(s);
	run(s, "BEGIN");
	run(s, "INSERT INTO t VALUES(1)");
	if (run_it == run_prepared)
		injection_plan((struct plan){ .mode = mode, .point = 2 });
	else
		fail_next(mode);
	int rc = run_it(s, sql);
	fail_none();
	return rc;
}

START_TEST(a_commit_that_fails_once_is_busy_and_leaves_it_open)
{
	struct stage stage;
	ck_assert_int_eq(fail_in_transaction(&stage, "COMMIT", FAULT_ONCE, run),
			 SQLITE_BUSY);
	ck_assert_uint_eq(live(KIND_TRANSACTION), 1);
	ck_assert_int_eq(run(&stage, "ROLLBACK"), SQLITE_OK);
	ck_assert_int_eq(rows_held(&stage), 0);
	clear_stage(&stage);
	ck_assert_int_eq(fail_in_transaction(&stage, "COMMIT", FAULT_ONCE,
					     run_prepared), SQLITE_BUSY);
	ck_assert_uint_eq(live(KIND_TRANSACTION), 1);
	clear_stage(&stage);
}
END_TEST

START_TEST(a_commit_that_fails_for_good_has_rolled_back)
{
	struct stage stage;
	ck_assert_int_eq(fail_in_transaction(&stage, "COMMIT", FAULT_ON, run),
			 SQLITE_IOERR);
	ck_assert_uint_eq(live(KIND_TRANSACTION), 0);
	ck_assert_int_eq(rows_held(&stage), 0);
	ck_assert_int_ne(run(&stage, "ROLLBACK"), SQLITE_OK);
	clear_stage(&stage);
}
END_TEST

START_TEST(a_rollback_that_fails_has_rolled_back)
{
	struct stage stage;
	ck_assert_int_eq(fail_in_transaction(&stage, "ROLLBACK", FAULT_ONCE,
					     run), SQLITE_FULL);
	ck_assert_uint_eq(live(KIND_TRANSACTION), 0);
	ck_assert_int_eq(rows_held(&stage), 0);
	clear_stage(&stage);
	ck_assert_int_eq(fail_in_transaction(&stage, "ROLLBACK", FAULT_ONCE,
					     run_prepared), SQLITE_FULL);
	ck_assert_uint_eq(live(KIND_TRANSACTION), 0);
	clear_stage(&stage);
}
END_TEST

START_TEST(a_rollback_that_cannot_be_prepared_has_rolled_back)
{
	struct stage stage;
	sqlite3_stmt *none;
	set_stage(&stage);
	run(&stage, "BEGIN");
	run(&stage, "INSERT INTO t VALUES(1)");
	fail_next(FAULT_ONCE);
	ck_assert_int_eq(brakes_sqlite3_prepare_v2(stage.db, "ROLLBACK", -1,
						   &none, NULL), SQLITE_NOMEM);
	fail_none();
	ck_assert_ptr_null(none);
	ck_assert_uint_eq(live(KIND_TRANSACTION), 0);
	ck_assert_int_eq(rows_held(&stage), 0);
	clear_stage(&stage);
}
END_TEST

START_TEST(no_later_database_bears_the_address_of_a_closed_one)
{
	sqlite3 *db, *others;
	begin();
	ck_assert_int_eq(brakes_sqlite3_open(":memory:", &db), SQLITE_OK);
	ck_assert_int_eq(brakes_sqlite3_close(db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_open(":memory:", &others), SQLITE_OK);
	ck_assert_ptr_ne(db, others);
	ck_assert_int_eq(brakes_sqlite3_exec(others, "CREATE TABLE t(x)", NULL,
					     NULL, NULL), SQLITE_OK);
	ck_assert_int_eq(sqlite3_close(others), SQLITE_OK);
}
END_TEST

START_TEST(an_insert_that_fails_leaves_the_transaction_to_its_owner)
{
	struct stage stage;
	ck_assert_int_eq(fail_in_transaction(&stage, "INSERT INTO t VALUES(2)",
					     FAULT_ONCE, run), SQLITE_FULL);
	ck_assert_uint_eq(live(KIND_TRANSACTION), 1);
	ck_assert_int_eq(run(&stage, "COMMIT"), SQLITE_OK);
	ck_assert_int_eq(rows_held(&stage), 1);
	clear_stage(&stage);
}
END_TEST

/* --- locks ----------------------------------------------------------------- */

START_TEST(a_lock_lives_until_it_is_given_back)
{
	pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	begin();
	ck_assert_int_eq(brakes_pthread_mutex_lock(&lock), 0);
	ck_assert_uint_eq(live(KIND_LOCK), 1);
	ck_assert_int_eq(brakes_pthread_mutex_unlock(&lock), 0);
	ck_assert_uint_eq(live(KIND_LOCK), 0);
	ck_assert_int_eq(brakes_pthread_mutex_trylock(&lock), 0);
	ck_assert_int_eq(brakes_pthread_mutex_trylock(&lock), EBUSY);
	ck_assert_uint_eq(live(KIND_LOCK), 1);
	ck_assert_int_eq(brakes_pthread_mutex_unlock(&lock), 0);
	ck_assert_uint_eq(injection_ledger()->wrong, 0);
}
END_TEST

START_TEST(taking_a_lock_twice_is_answered_and_does_not_hang)
{
	pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	begin();
	brakes_pthread_mutex_lock(&lock);
	ck_assert_int_eq(brakes_pthread_mutex_lock(&lock), EDEADLK);
	ck_assert_int_eq(brakes_pthread_mutex_unlock(&lock), 0);
	ck_assert_uint_eq(live(KIND_LOCK), 0);
}
END_TEST

START_TEST(a_recursive_lock_may_be_taken_twice)
{
	pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
	begin();
	ck_assert_int_eq(brakes_pthread_mutex_lock(&lock), 0);
	ck_assert_int_eq(brakes_pthread_mutex_lock(&lock), 0);
	ck_assert_int_eq(brakes_pthread_mutex_unlock(&lock), 0);
	ck_assert_uint_eq(live(KIND_LOCK), 1);
	ck_assert_int_eq(brakes_pthread_mutex_unlock(&lock), 0);
	ck_assert_uint_eq(live(KIND_LOCK), 0);
	ck_assert_uint_eq(injection_ledger()->wrong, 0);
}
END_TEST

START_TEST(giving_back_a_lock_twice_is_told)
{
	pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	begin();
	brakes_pthread_mutex_lock(&lock);
	brakes_pthread_mutex_unlock(&lock);
	ck_assert_int_eq(brakes_pthread_mutex_unlock(&lock), EPERM);
	ck_assert_uint_eq(injection_ledger()->wrong, 1);
	ck_assert_int_eq(brakes_pthread_mutex_lock(&lock), 0);
}
END_TEST

TEST_PROGRAM("sqlite", every_call_that_can_fail_is_tried_here,
	     every_call_fails_with_its_code_and_not_otherwise,
	     an_errno_that_is_asked_for_becomes_the_code_for_it,
	     what_failed_is_told_again_by_errcode_reset_and_finalize,
	     a_bind_that_fails_ends_what_it_was_handed,
	     an_open_that_failed_leaves_a_handle_to_be_closed,
	     a_close_is_refused_while_a_statement_lives,
	     a_second_close_or_finalize_is_told_and_not_performed,
	     nothing_is_released_by_handing_over_null,
	     the_message_of_a_failed_exec_is_to_be_freed,
	     a_transaction_lives_from_begin_to_commit_or_rollback,
	     closing_the_database_ends_its_transaction,
	     a_commit_that_fails_once_is_busy_and_leaves_it_open,
	     a_commit_that_fails_for_good_has_rolled_back,
	     a_rollback_that_fails_has_rolled_back,
	     a_rollback_that_cannot_be_prepared_has_rolled_back,
	     no_later_database_bears_the_address_of_a_closed_one,
	     an_insert_that_fails_leaves_the_transaction_to_its_owner,
	     a_lock_lives_until_it_is_given_back,
	     taking_a_lock_twice_is_answered_and_does_not_hang,
	     a_recursive_lock_may_be_taken_twice,
	     giving_back_a_lock_twice_is_told)
