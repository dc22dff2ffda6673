/* test_recorder.c - what send_lines does to its sink, told by a recorder. */
#include <check.h>

#include "brakes.h"
#include "recorder.h"
#include "send.h"

static const char *const lines[] = { "one", "two", "three" };
enum { LINES = 3 };

START_TEST(three_good_lines_are_put)
{
	struct recorder r = {0};
	ck_assert_int_eq(send_lines(recorder_open, &r, lines, LINES), 0);
	ck_assert_uint_eq(r.puts, LINES);
}
END_TEST

/* TODO: ask about the close, here and wherever something fails: the open,
 * each of the puts, the close, a put and the close together. */

/* Hands the tests to the workbook, which runs each in its own process. */
void learner_tests(TCase *tests)
{
	tcase_add_test(tests, three_good_lines_are_put);
}
