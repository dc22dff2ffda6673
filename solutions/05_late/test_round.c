/* test_round.c - what must be true of a round, whatever happens on it. */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include "brakes.h"
#include "meter.h"
#include "round.h"

static const char *const paths[] = { "hall.meter", "cellar.meter" };

/* Has the meter at PATH show TEXT. */
static void put_meter(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
}

/* Fails the test unless all that was opened is closed, and closed once. */
static void expect_all_closed(void)
{
	ck_assert_int_eq(still_open(), 0);
	ck_assert_int_eq(closed_twice(), 0);
}

/* A round that went wrong says so, gives no sum and leaves nothing open. */
static void expect_a_failed_round(int err, long units)
{
	ck_assert_int_lt(err, 0);
	ck_assert_int_eq(units, -1);
	expect_all_closed();
}

/* When it is over, no meter is open: no collector is waited for. */
START_TEST(a_round_adds_up)
{
	long units = -1;

	put_meter(paths[0], "17\n");
	put_meter(paths[1], "25\n");
	ck_assert_int_eq(round_run(paths, 2, &units), 0);
	ck_assert_int_eq(units, 42);
	expect_all_closed();
}
END_TEST

/* Closing twice is safe: the second close has nothing to do. */
START_TEST(a_second_close_does_nothing)
{
	struct meter *meter = NULL;

	put_meter(paths[0], "17\n");
	ck_assert_int_eq(meter_open(paths[0], &meter), 0);
	ck_assert_int_eq(meter_close(&meter), 0);
	ck_assert_ptr_null(meter);
	ck_assert_int_eq(meter_close(&meter), 0);
	ck_assert_int_eq(closed_twice(), 0);
}
END_TEST

/* The meter is open by the time that it proves to show no number. */
START_TEST(a_meter_without_a_number_is_closed)
{
	long units = -1;
	int err;

	put_meter(paths[0], "17\n");
	put_meter(paths[1], "out of order\n");
	err = round_run(paths, 2, &units);
	ck_assert_int_eq(err, -EINVAL);
	expect_a_failed_round(err, units);
}
END_TEST

/* One call fails, each in its turn, the closes included. */
START_TEST(whichever_call_fails_no_meter_stays_open)
{
	put_meter(paths[0], "17\n");
	put_meter(paths[1], "25\n");
	for (int nth = 1; nth < 50; nth++) {
		long units = -1;
		int err;

		fail_call(nth, EIO);
		err = round_run(paths, 2, &units);
		if (!fault_struck())
			return;
		expect_a_failed_round(err, units);
	}
}
END_TEST

/* Names the tests to be run; each runs in a process of its own. */
void learner_tests(TCase *tests)
{
	tcase_add_test(tests, a_round_adds_up);
	tcase_add_test(tests, a_second_close_does_nothing);
	tcase_add_test(tests, a_meter_without_a_number_is_closed);
	tcase_add_test(tests, whichever_call_fails_no_meter_stays_open);
}
