/* test_ticket.c - what must be true of a sale, whatever happens in it. */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include "brakes.h"
#include "ticket.h"

/* A hall with LEFT free seats, whose list is at PATH. */
static struct hall hall_with(int left, const char *path)
{
	struct hall hall = { PTHREAD_MUTEX_INITIALIZER, path, left };

	return hall;
}

/* Fails the test unless the list at PATH holds exactly TEXT. */
static void expect_list(const char *path, const char *text)
{
	char held[200];
	size_t len;
	FILE *list = fopen(path, "r");

	ck_assert_ptr_nonnull(list);
	len = fread(held, 1, sizeof held - 1, list);
	fclose(list);
	held[len] = '\0';
	ck_assert_str_eq(held, text);
}

/* Fails the test unless COUNT things are held, and none was ended twice. */
static void expect_held(int count)
{
	ck_assert_int_eq(still_open(), count);
	ck_assert_int_eq(closed_twice(), 0);
}

/* The ticket is the caller's: all that is held after the sale. */
START_TEST(a_sale_gives_a_ticket)
{
	struct hall hall = hall_with(7, "a.list");
	struct ticket *ticket = NULL;

	ck_assert_int_eq(ticket_sell(&hall, "Ada", &ticket), 0);
	expect_held(1);
	ck_assert(ticket != NULL);
	ck_assert_int_eq(ticket->seat, 7);
	ck_assert_str_eq(ticket->who, "Ada");
	ck_assert_int_eq(hall.left, 6);
	ticket_free(ticket);
	expect_held(0);
	expect_list("a.list", "7 Ada\n");
}
END_TEST

/* Who comes too late gets nothing, and holds up nobody. */
START_TEST(when_no_seat_is_left_the_lock_is_free)
{
	struct hall hall = hall_with(0, "b.list");
	struct ticket *ticket = NULL;

	ck_assert_int_eq(ticket_sell(&hall, "Bob", &ticket), -ENOENT);
	ck_assert(ticket == NULL);
	expect_held(0);
}
END_TEST

/* TODO: complete this test. It fails each call in its turn, and then asks
 * only whether the caller was told. What else must be true of a sale that
 * failed? CONTRACT 1, 3 and 6 know. */
START_TEST(whichever_call_fails_the_hall_is_as_before)
{
	for (int nth = 1; nth < 20; nth++) {
		struct hall hall = hall_with(7, "c.list");
		struct ticket *ticket = NULL;
		int err;

		fail_call(nth, ENOSPC);
		err = ticket_sell(&hall, "Eve", &ticket);
		if (!fault_struck()) {
			ticket_free(ticket);
			return;
		}
		ck_assert_int_lt(err, 0);
	}
}
END_TEST

/* Names the tests to be run. */
void learner_tests(TCase *tests)
{
	tcase_add_test(tests, a_sale_gives_a_ticket);
	tcase_add_test(tests, when_no_seat_is_left_the_lock_is_free);
	tcase_add_test(tests, whichever_call_fails_the_hall_is_as_before);
}
