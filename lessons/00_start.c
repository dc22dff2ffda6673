/* 00 start - One missing close, one test, one verdict.
 *
 * PLACE  This is the first lesson. Lesson 01 comes next: what every open
 * obliges you to do. You will write tests in almost every exercise.
 *
 * CLAIM  A function forgets to close a file on one of its error paths. Nothing
 * happens: no error, no crash, and the result is right. An error path is code
 * that runs only when a call fails, so in daily use it almost never runs.
 * The remedy is a test that forces the error path to run and then checks what
 * is still open. Making a call fail on purpose is called fault injection.
 *
 * EXAMPLE  The function first_byte leaks a file on one of its three returns.
 * Three tests check it. They use Check, a library for unit tests in C. Check
 * runs each test in its own process, so a crash in one test harms no other. */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

/* Returns the first byte of a file, or EOF if the file is empty or cannot be
 * opened. */
static int first_byte(const char *path)
{
	FILE *file = fopen(path, "r");
	int byte;

	if (!file)
		return EOF;
	byte = fgetc(file);
	if (byte == EOF)
		return EOF; /* the leak: the file is still open */
	fclose(file);
	return byte;
}

/* Counts the open files of this process. The kernel gives each open file a
 * small number, its descriptor. F_GETFD fails for a number that is not open. */
static int open_now(void)
{
	int count = 0;

	for (int fd = 0; fd < 256; fd++)
		if (fcntl(fd, F_GETFD) != -1)
			count++;
	return count;
}

/* Each test adds 1 to this variable. Which process holds the variable? */
static int tests_run;

/* A test. START_TEST gives it a name; the test passes if it reaches its end. */
START_TEST(a_byte_is_read)
{
	tests_run++;
	/* An assertion: the two values must be equal. /dev/zero is a device
	 * that returns zero bytes for ever. */
	ck_assert_int_eq(first_byte("/dev/zero"), 0);
}
END_TEST

/* This test takes the path that leaks: /dev/null is always empty. */
START_TEST(an_empty_file_is_closed_too)
{
	int before = open_now();

	ck_assert_int_eq(first_byte("/dev/null"), EOF);
	/* The first assertion that does not hold ends the test. */
	ck_assert_int_eq(open_now() - before, 0);
}
END_TEST

/* This test leaves by exit(0) before its only assertion. */
START_TEST(a_test_that_checks_nothing)
{
	tests_run++;
	exit(0);
	ck_assert_int_eq(open_now(), -1);
}
END_TEST

/* Adds one test to the suite. A suite holds test cases; a test case holds
 * tests. */
static void add(Suite *suite, const char *title, const TTest *test)
{
	TCase *tests = tcase_create(title);

	tcase_add_test(tests, test);
	suite_add_tcase(suite, tests);
}

/* Prints one line for each test: "passed", or the message of the assertion
 * that failed. */
static void show(SRunner *runner)
{
	TestResult **results = srunner_results(runner);

	if (!results)
		return;
	for (int i = 0; i < srunner_ntests_run(runner); i++) {
		int passed = tr_rtype(results[i]) == CK_PASS;

		printf("%s: %s\n", tr_tcname(results[i]),
		       passed ? "passed" : tr_msg(results[i]));
	}
	free(results);
}

/* Runs the three tests. Check starts a new process for each. */
int main(void)
{
	Suite *suite = suite_create("lesson");
	SRunner *runner = srunner_create(suite);

	add(suite, "a byte is read", a_byte_is_read);
	add(suite, "an empty file", an_empty_file_is_closed_too);
	add(suite, "checks nothing", a_test_that_checks_nothing);
	srunner_set_fork_status(runner, CK_FORK);
	srunner_run_all(runner, CK_SILENT);
	show(runner);
	printf("in this process, tests_run is %d\n", tests_run);
	srunner_free(runner);
	return 0;
}
/* BOUNDARY  A test that passes may prove nothing. The first test passes, but it
 * never checks what is open. The third test ends before its assertion, and
 * Check counts exit(0) as success. If no test checks a property, no test fails
 * when it breaks. Exercise 00 therefore tries your tests too: it runs them
 * on copies of the code that are broken on purpose. Such a copy is called a
 * mutant, and the method is called mutation testing.
 *
 * VERIFY  Type `make lesson-00`. Then close the file before the second `return
 * EOF` and run the lesson again. Which line changes, and why does the line of
 * tests_run stay the same?
 *
 * REVIEW QUESTION  Which of the three tests would still pass if first_byte
 * never closed any file?
 *
 * EXERCISE  Type `make 00`: add one line to the code and copy one test. */
