/* test_recorder.c - what send_lines does to its sink, told by a recorder. */
#include <check.h>
#include <errno.h>

#include "brakes.h"
#include "recorder.h"
#include "send.h"

static const char *const lines[] = { "one", "two", "three" };
enum { LINES = 3 };

/* Whatever happened in between: one open, one close, nothing after it. */
static void expect_one_opening(const struct recorder *r)
{
	ck_assert_uint_eq(r->opens, 1);
	ck_assert_uint_eq(r->closes, 1);
	ck_assert(recorder_settled(r));
}

START_TEST(the_recorder_tells_what_comes_after_the_close)
{
	struct recorder r = {0};
	struct sink sink;
	ck_assert_int_eq(recorder_open(&r, &sink), 0);
	ck_assert_int_eq(sink.close(sink.self), 0);
	ck_assert(recorder_settled(&r));
	ck_assert_int_eq(sink.put(sink.self, "late"), -EBADF);
	ck_assert_int_eq(sink.close(sink.self), -EBADF);
	ck_assert_uint_eq(r.late_puts, 1);
	ck_assert_uint_eq(r.extra_closes, 1);
	ck_assert_uint_eq(r.closes, 1);
	ck_assert(!recorder_settled(&r));
}
END_TEST

START_TEST(three_good_lines_are_put_and_the_sink_closed)
{
	struct recorder r = {0};
	ck_assert_int_eq(send_lines(recorder_open, &r, lines, LINES), 0);
	ck_assert_uint_eq(r.puts, LINES);
	expect_one_opening(&r);
}
END_TEST

START_TEST(when_open_fails_nothing_is_put_and_nothing_closed)
{
	struct recorder r = { .fail_open = EMFILE };
	ck_assert_int_eq(send_lines(recorder_open, &r, lines, LINES), -EMFILE);
	ck_assert_uint_eq(r.puts + r.closes, 0);
	ck_assert(recorder_settled(&r));
}
END_TEST

START_TEST(whichever_put_fails_is_the_last_and_the_sink_is_closed)
{
	for (unsigned at = 1; at <= LINES; at++) {
		struct recorder r = { .fail_put = ENOSPC, .fail_put_at = at };
		int rc = send_lines(recorder_open, &r, lines, LINES);
		ck_assert_int_eq(rc, -ENOSPC);
		ck_assert_uint_eq(r.puts, at);
		expect_one_opening(&r);
	}
}
END_TEST

START_TEST(a_close_that_fails_is_reported)
{
	struct recorder r = { .fail_close = EIO };
	ck_assert_int_eq(send_lines(recorder_open, &r, lines, LINES), -EIO);
	expect_one_opening(&r);
}
END_TEST

START_TEST(the_error_of_a_put_outlives_the_error_of_the_close)
{
	struct recorder r = {
		.fail_put = ENOSPC, .fail_put_at = 2, .fail_close = EIO,
	};
	ck_assert_int_eq(send_lines(recorder_open, &r, lines, LINES), -ENOSPC);
	expect_one_opening(&r);
}
END_TEST

/* Hands the tests to the workbook, which runs each in its own process. */
void learner_tests(TCase *tests)
{
	tcase_add_test(tests, the_recorder_tells_what_comes_after_the_close);
	tcase_add_test(tests, three_good_lines_are_put_and_the_sink_closed);
	tcase_add_test(tests,
		       when_open_fails_nothing_is_put_and_nothing_closed);
	tcase_add_test(tests,
		       whichever_put_fails_is_the_last_and_the_sink_is_closed);
	tcase_add_test(tests, a_close_that_fails_is_reported);
	tcase_add_test(tests,
		       the_error_of_a_put_outlives_the_error_of_the_close);
}
