/* test_runner.h - what the grader and the test runner agree on. */
#ifndef PROTOCOL_TEST_RUNNER_H
#define PROTOCOL_TEST_RUNNER_H

enum {
	TEST_RUNNER_RESULTS = 3,	/* the descriptors: for results, */
	TEST_RUNNER_ORDERS,		/* with orders, */
	TEST_RUNNER_COUNTERS,	/* and the first of the folders for counters */
	TEST_RUNNER_SKIP_MAX = 1024,	/* bytes of the list of tests left out */
	TEST_RUNNER_TESTS_MAX = 200,	/* tests that are run */
	TEST_RUNNER_NAME_MAX = 80,	/* bytes of a test's name */
	/* What tests may cost, which brakes.h tells: processor time and time to wait
	 * of one test, and processor time of all tests on one version. */
	TEST_RUNNER_TEST_CPU_MS = 1000,
	TEST_RUNNER_TEST_MS = 4000,
	TEST_RUNNER_VERSION_CPU_MS = 2000,
	TEST_RUNNER_FILE_MAX = 1 << 20,	/* bytes of a file */
	TEST_RUNNER_LOST = 121,	/* exit statuses */
	TEST_RUNNER_NO_TESTS,
	TEST_RUNNER_NO_CODE,
};

#endif
