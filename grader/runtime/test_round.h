/* test_round.h - one round of one of the learner's tests, run under Check in the process
 * that was forked for it, and what can be said of it when it rejects.
 *
 * A test that loops (tcase_add_loop_test) has a round for each of its numbers; any other
 * test has one.
 */
#ifndef RUNTIME_TEST_ROUND_H
#define RUNTIME_TEST_ROUND_H

#include <check.h>
#include <stdbool.h>
#include "protocol/plan.h"
#include "protocol/test_runner.h"
#include "protocol/wire.h"

/* One test as it was registered: its rounds are START to END - 1. */
struct registered_test {
	const TTest *test;
	int start, end;
};

/* What learner_tests registers. */
struct test_suite {
	void (*register_tests)(TCase *tests);
	int n;
	struct registered_test test[TEST_RUNNER_TESTS_MAX];
};

/* Has SUITE's tests registered, and notes them; those beyond the most are left out. */
void test_suite_read(struct test_suite *suite);

/* Whether TEST was registered as one that loops. */
bool test_loops(const struct registered_test *test);

/* Starts the watch over the code under test anew, for the round of this process. */
void test_round_begin(void);

/* Notes that the test asked for the fault PLAN. */
void test_round_armed(struct plan plan);

/* Notes that the test asked whether the fault has struck, and was told STRUCK. */
void test_round_asked(bool struck);

/* Runs ROUND of test NUMBER, and writes the line of its result without a number into
 * LINE, as test_runner.c describes it. */
void test_round_run(const struct test_suite *suite, int number, int round,
		    char line[WIRE_LINE_MAX]);

/* Writes into LINE, which gets no newline, the pairs of calls of which this round made
 * both fail under one plan. */
void test_round_pairs(char line[WIRE_LINE_MAX]);

#endif
