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

/* TODO: this passes, however many meters stay open. Ask what is open. */
START_TEST(a_round_adds_up)
{
	long units = -1;

	put_meter(paths[0], "17\n");
	put_meter(paths[1], "25\n");
	ck_assert_int_eq(round_run(paths, 2, &units), 0);
	ck_assert_int_eq(units, 42);
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

/* TODO: a meter that shows no number, and each call that may fail: write
 * the test of a round that goes wrong. */

/* Names the tests to be run; each runs in a process of its own. */
void learner_tests(TCase *tests)
{
	tcase_add_test(tests, a_round_adds_up);
	tcase_add_test(tests, a_second_close_does_nothing);
}
