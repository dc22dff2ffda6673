/* suite.h - the frame of a test program of the grader: its tests by name, an
 * empty folder for each of them, and a main.
 *
 *	START_TEST(an_empty_word_comes_back_empty)
 *	{
 *		...
 *	}
 *	END_TEST
 *
 *	TEST_PROGRAM("wire", an_empty_word_comes_back_empty, ...)
 *
 * Such a program runs with the workbook's root as its work folder. Check forks
 * a process for each test unless CK_FORK=no.
 */
#ifndef SUITE_H
#define SUITE_H

#include <check.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/files.h"
#include "base/tree.h"

/* How long one test may take before Check ends it. */
enum { TEST_SECONDS = 120 };

/* The folder of the program, and in it the one of the test under way. */
static char suite_folder[] = "/tmp/brakes-test-XXXXXX";
static char own_folder[64];

/* The path of NAME in the folder of this test; good for eight calls more. */
static inline const char *own(const char *name)
{
	static char paths[8][PATH_MAX];
	static unsigned next;
	char *path = paths[next++ % 8];
	snprintf(path, PATH_MAX, "%s/%s", own_folder, name);
	return path;
}

/* Writes TEXT as a file of this test and returns its path. */
static inline const char *own_file(const char *name, const char *text)
{
	const char *path = own(name);
	ck_assert_int_eq(write_text(path, text), 0);
	return path;
}

/* The workbook's root, where every test begins. */
static inline const char *workbook(void)
{
	static char path[PATH_MAX];
	ck_assert_ptr_nonnull(getcwd(path, sizeof(path)));
	return path;
}

/* Makes the folder of a test, in the test's own process. */
static inline void suite_enter(void)
{
	snprintf(own_folder, sizeof(own_folder), "%s/%ld", suite_folder,
		 (long)getpid());
	remove_tree(own_folder);
	ck_assert_int_eq(mkdir(own_folder, 0700), 0);
}

/* Runs the N tests: the exit status for main. What a failed test left behind
 * goes with the folder of the program. */
static inline int suite_main(const char *room, const TTest *const tests[],
			     size_t n)
{
	Suite *suite = suite_create(room);
	TCase *all = tcase_create(room);
	tcase_set_timeout(all, TEST_SECONDS);
	tcase_add_checked_fixture(all, suite_enter, NULL);
	for (size_t i = 0; i < n; i++)
		tcase_add_test(all, tests[i]);
	suite_add_tcase(suite, all);
	SRunner *runner = srunner_create(suite);
	if (!mkdtemp(suite_folder))
		return EXIT_FAILURE;
	srunner_run_all(runner, CK_ENV);
	int ran = srunner_ntests_run(runner);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	remove_tree(suite_folder);
	return failed == 0 && ran == (int)n ? EXIT_SUCCESS : EXIT_FAILURE;
}

#define TEST_PROGRAM(room, ...)						\
	int main(void)							\
	{								\
		const TTest *const tests[] = { __VA_ARGS__ };		\
		return suite_main(room, tests,				\
				  sizeof(tests) / sizeof(*tests));	\
	}

#endif
