/* 00 start - One missing close, one test, one verdict.
 *
 * PLACE  The first lesson. Next: 01, what each open obliges you to.
 * You are asked for tests in nearly all exercises, up to 14.
 *
 * CLAIM  A program forgets a close, and nothing happens: no error,
 * no crash, the right answer. So ask, by a test: take the way out
 * that is never taken, then look at what is open. Here is such a
 * function, with tests written for Check, a library that runs each
 * of them in a process of its own.
 *
 * EXAMPLE  A function that leaks on one of its three ways out. */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

/* The first byte of a file; EOF when it has none. */
static int first_byte(const char *path)
{
	FILE *file = fopen(path, "r");
	int byte;

	if (!file)
		return EOF;
	byte = fgetc(file);
	if (byte == EOF)
		return EOF; /* leaves, and the file stays open */
	fclose(file);
	return byte;
}

/* How many files are open: each has a number, its descriptor. */
static int open_now(void)
{
	int count = 0;

	for (int fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) != -1; /* -1: none */
	return count;
}

static int tests_run; /* counts, but in which process? */

/* A test, read line by line. It passes if it gets to its end. */
START_TEST(a_byte_is_read)	/* a function, and its name */
{
	tests_run++;
	/* First what is asked, then what it must be equal to. */
	ck_assert_int_eq(first_byte("/dev/zero"), 0); /* all 0s */
}
END_TEST			/* closes what START_TEST began */

/* The same, on the way out that leaks: /dev/null is empty. */
START_TEST(an_empty_file_is_closed_too)
{
	int before = open_now();

	ck_assert_int_eq(first_byte("/dev/null"), EOF);
	/* The first assertion that does not hold ends the test. */
	ck_assert_int_eq(open_now() - before, 0);
}
END_TEST

/* Leaves by exit(0) before it has asked anything. */
START_TEST(a_test_that_asks_nothing)
{
	tests_run++;
	exit(0);
	ck_assert_int_eq(open_now(), -1);
}
END_TEST

/* Adds one test: a suite has cases, and a case has tests. */
static void add(Suite *suite, const char *title, const TTest *test)
{
	TCase *tests = tcase_create(title);

	tcase_add_test(tests, test);
	suite_add_tcase(suite, tests);
}

/* Prints a line for each test, and why a test has failed. */
static void show(SRunner *runner)
{
	TestResult **said = srunner_results(runner);

	for (int i = 0; i < srunner_ntests_run(runner); i++)
		printf("%s: %s\n", tr_tcname(said[i]),
		       tr_rtype(said[i]) == CK_PASS ? "passed" :
		       tr_msg(said[i]));
	free(said);
}

/* Runs the three tests, each in a fork of this process. */
int main(void)
{
	Suite *suite = suite_create("lesson");
	SRunner *runner = srunner_create(suite);

	add(suite, "a byte is read", a_byte_is_read);
	add(suite, "an empty file", an_empty_file_is_closed_too);
	add(suite, "asks nothing", a_test_that_asks_nothing);
	srunner_set_fork_status(runner, CK_FORK);
	srunner_run_all(runner, CK_SILENT);
	show(runner);
	printf("here, tests_run is %d\n", tests_run);
	srunner_free(runner);
	return 0;
}
/* BOUNDARY  A passing test may prove nothing. The first passes and
 * never asks what is open; the third is over before it asks, and
 * Check takes exit(0) for success. What no test asks, none knows.
 *
 * VERIFY  make lesson-00. Close the file before the second `return
 * EOF`; run it again. Which line changes, and why not tests_run?
 *
 * REVIEW QUESTION  In the exercise: what did the verdict name?
 *
 * EXERCISE  make 00: add one line, copy one test. */
