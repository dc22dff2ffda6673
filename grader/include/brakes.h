/* brakes.h - what a test of yours may ask of the workbook.
 *
 * Only calls made by the code under test are seen: what your test itself
 * opens or allocates is neither counted nor made to fail. Each Check test runs
 * in a process and a folder of its own, and so does each round of a loop test
 * (tcase_add_loop_test): nothing of the test before is left. A test may
 * start threads that call the code under test; it joins them before it ends.
 *
 * What a test prints is shown below the verdict. A test may take one second of
 * processor time, all tests together two on one version of the code; a test
 * that waits is given up after four seconds.
 *
 * Correct programs differ in how many calls they make, so never count them:
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
 * A fallible call is one that may report failure: malloc, fopen, fprintf,
 * write, fclose and their kin. Output to stdout and stderr, free, and calls
 * that only look (ferror, fileno) never fail here. A release that is made to
 * fail has released all the same, as on a full disk. A call that succeeds may
 * change errno here, as it may everywhere: keep errno before you release.
 */
#ifndef BRAKES_H
#define BRAKES_H

/* Makes the NTH fallible call from now (1 is the next) fail with errno ERR,
 * once. It replaces a fault asked for before; nth 0 asks for none. */
void fail_call(int nth, int err);

/* The same, and every fallible call after it fails too: the NTH with ERR, and
 * those after it with other errors of their own, so that you see which of them
 * is returned. A call has another error than the one before it, if its manual
 * page has two; a call that only asks for memory has ENOMEM. */
void fail_calls_from(int nth, int err);

/* Lets the NTH transfer from now, of those of more than BYTES bytes, move only
 * BYTES bytes, once: read, write and their kin then return BYTES, which is a
 * success. (fread and fwrite fail in that case: they have moved BYTES bytes,
 * return the whole objects among them, and ferror is set.) It replaces a fault
 * asked for before; nth 0 asks for none. */
void shorten_call(int nth, int bytes);

/* Returns 1 when the fault asked for last has struck, else 0. */
int fault_struck(void);

/* Returns how many resources the code under test has acquired and neither
 * released nor given away: heap blocks, descriptors, streams, sinks. */
int still_open(void);

/* Returns how many releases were of something not open: a second close, or
 * the close of what was never opened. Such a release is not performed. */
int closed_twice(void);

#endif
