/* test_airbag.c - does the airbag warn, and only when somebody forgot? */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "airbag.h"
#include "brakes.h"
#include "journal.h"

/* Fails the test unless the airbag, asked now, tells COUNT notes and has
 * written TEXT among them. expect_told(0, "") expects silence. */
static void expect_told(int count, const char *text)
{
	char *told = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&told, &size);
	int lines = 0;

	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(airbag_report(out), count);
	ck_assert_int_eq(fclose(out), 0);
	for (const char *at = told; *at; at++)
		lines += *at == '\n';
	ck_assert_int_eq(lines, count);
	ck_assert_msg(strstr(told, text), "\"%s\" is not in \"%s\"", text,
		      told);
	free(told);
}

/* TODO: this passes while nothing ever warns. Forget to close, here and on
 * purpose; then expect_told(1, ...). */
START_TEST(what_was_closed_is_not_told)
{
	struct journal *j = NULL;

	ck_assert_int_eq(journal_open("/dev/null", &j), 0);
	ck_assert_int_eq(journal_close(&j), 0);
	expect_told(0, "");
}
END_TEST

/* Names the tests to be run; each runs in a process of its own. */
void learner_tests(TCase *tests)
{
	tcase_add_test(tests, what_was_closed_is_not_told);
}
