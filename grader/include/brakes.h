/* brakes.h - what a test can call.
 *
 * These functions watch the calls of the code under test only. What the test
 * itself opens or allocates is not counted and not made to fail. Each Check
 * test runs in its own process and folder, and so does each round of a loop
 * test (tcase_add_loop_test), so nothing of an earlier test is left. A test may
 * start threads that call the code under test; it has to join them before it
 * ends.
 *
 * The output of a test is printed below the verdict. A test may use one second
 * of processor time, and all tests together two seconds on one version of the
 * code. A test that waits is ended after four seconds.
 *
 * Correct programs make different numbers of calls, so do not rely on a number:
 * count up until no fault strikes.
 *
 *	START_TEST(whichever_call_fails_nothing_stays_open)
 *	{
 *		for (int nth = 1; nth < 50; nth++) {
 *			long cents = -1;
 *			fail_call(nth, ENOSPC);
 *			int rc = day_run("a.book", sales, 2, &cents);
 *			if (!fault_struck())
 *				return;
 *			ck_assert_int_lt(rc, 0);
 *			ck_assert_int_eq(still_open(), 0);
 *			ck_assert_int_eq(closed_twice(), 0);
 *		}
 *	}
 *	END_TEST
 *
 * A fallible call is one that may report a failure: malloc, fopen, fprintf,
 * write, fclose and similar calls. These never fail here: input from stdin and
 * output to stdout and stderr; free, setvbuf, sqlite3_finalize and
 * sqlite3_close; locking and unlocking a mutex; and calls that only look
 * something up (ferror, fileno). A release that is made to fail has released
 * nevertheless, as on a full disk. A call that succeeds may change errno here,
 * as it may everywhere: save errno before you release.
 */
#ifndef BRAKES_H
#define BRAKES_H

/* Makes the NTH fallible call from now (1 is the next) fail with errno ERR,
 * once. This replaces a fault that was requested before; nth 0 requests no
 * fault. */
void fail_call(int nth, int err);

/* Does the same, and makes every later fallible call fail, too: the NTH with
 * ERR, and those after it with other errors, so that you see which of them your
 * code returns. A call fails with another error than the call before it if its
 * manual page lists two; a call that only allocates memory fails with ENOMEM.
 */
void fail_calls_from(int nth, int err);

/* Makes a transfer move only BYTES bytes, once: the NTH from now of those that
 * move more than BYTES bytes. read, write and similar calls then return BYTES,
 * which is a success. (fread and fwrite fail when they have moved BYTES bytes:
 * they return the number of whole objects in them, and ferror is set.) This
 * replaces a fault that was requested before; nth 0 requests no fault. */
void shorten_call(int nth, int bytes);

/* Returns 1 if the fault that was requested last has struck, else 0. */
int fault_struck(void);

/* Returns how many resources the code under test has acquired and neither
 * released nor given away: heap blocks, descriptors, streams, directories,
 * locks, the sinks of exercise 08, and of SQLite databases, statements,
 * transactions and the memory that sqlite3_free frees. */
int still_open(void);

/* Returns how many releases were of a resource that was not open: a second
 * close, or the close of something that was never opened. Such a release is not
 * performed. */
int closed_twice(void);

#endif
