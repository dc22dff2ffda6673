/* suite.c - what meter.h and round.h promise, asked of the learner's. */
#include "oracle/judge.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { UNTOUCHED = -4711, MANY = 8, A = 0, FEW = 4 };

/* The second value of an answer. */
static long second(struct answer a)
{
	return a.n > 1 ? strtol(a.text[1], NULL, 10) : 0;
}

/* Whether the call that failed opened a meter, or closed one: its error has to
 * come back as it was. */
static bool tells(struct answer a)
{
	enum kind got = calls[a.fault_call].got;
	return got == KIND_STREAM || got == KIND_DESCRIPTOR ||
	       calls[a.fault_call].role == ROLE_RELEASE;
}

/* Demands what FUNCTION owes when a call in it has failed: true when it said
 * so. Memory that was refused may have been done without. */
static bool demand_told(const char *function, const char *clause,
			struct answer a)
{
	const char *name = calls[a.fault_call].name;
	if (calls[a.fault_call].got == KIND_HEAP && a.value == 0)
		return false;
	demand(clause, a.value < 0, "%s said that it failed, and %s said %ld",
	       name, function, a.value);
	demand(clause, !tells(a) || tells_errno(a), "%s left an errno of %d, "
	       "and %s said %ld instead of %d", name, a.fault_err, function,
	       a.value, -a.fault_err);
	return true;
}

/* Opens the meter at PATH in slot A: whether it is open. */
static bool opened(const char *path)
{
	struct answer a = ask("meter_open", "is", A, path);
	if (a.faulted && demand_told("meter_open", "METER 1", a)) {
		demand("METER 1", !second(a), "meter_open failed, and "
		       "*ret_meter was changed all the same");
		return false;
	}
	demand("METER 1", a.value == 0, "meter_open said %ld", a.value);
	demand("METER 1", second(a), "meter_open said 0, and *ret_meter was "
	       "not filled");
	return true;
}

/* Reads slot A, which shows UNITS. */
static void reads(long units)
{
	struct answer a = ask("meter_read", "il", A, (long)UNTOUCHED);
	if (a.faulted && demand_told("meter_read", "METER 2", a)) {
		demand("METER 2", second(a) == UNTOUCHED, "meter_read failed, "
		       "and *ret_units was changed all the same");
		return;
	}
	demand("METER 2", a.value == 0 && second(a) == units, "meter_read said "
	       "%ld and gave %ld; the meter shows %ld", a.value, second(a),
	       units);
}

/* Closes slot A, which is open. The driver keeps a pointer of its own to the
 * meter, so that no collector may do it. */
static void closes(void)
{
	struct answer a = ask("meter_close", "i", A);
	if (a.faulted)
		demand_told("meter_close", "METER 3", a);
	else
		demand("METER 3", a.value == 0, "meter_close said %ld",
		       a.value);
	demand("METER 3", second(a), "meter_close left *meter as it was");
}

/* Closes slot A, which is closed. */
static void closes_again(void)
{
	struct answer a = ask("meter_close", "i", A);
	demand("METER 4", a.value == 0, "a second meter_close said %ld instead "
	       "of 0", a.value);
	demand("METER 4", second(a), "after a second meter_close *meter is not "
	       "NULL");
}

START_TEST(one_meter)
{
	write_file("a.meter", "1042\n");
	if (!opened("a.meter"))
		return;
	reads(1042);
	closes();
	closes_again();
}
END_TEST

START_TEST(a_round)
{
	write_file("a.meter", "17\n");
	write_file("b.meter", "25\n");
	struct answer a = ask("round_run", "lss", (long)UNTOUCHED, "a.meter",
			      "b.meter");
	if (a.faulted && demand_told("round_run", "ROUND 2", a)) {
		demand("ROUND 3", second(a) == UNTOUCHED, "the round failed, "
		       "and *ret_units was changed all the same");
		return;
	}
	demand("ROUND 3", a.value == 0, "round_run said %ld", a.value);
	demand("ROUND 3", second(a) == 42, "the meters show 17 and 25, and "
	       "*ret_units is %ld", second(a));
}
END_TEST

START_TEST(a_long_round)
{
	situation("on a round of 12 meters, with room for 4 descriptors");
	for (int i = 0; i < 12; i++) {
		char path[16];
		snprintf(path, sizeof(path), "%d.meter", i);
		write_file(path, "10 units\n");
	}
	ask("few_descriptors", "i", FEW);
	struct answer a = ask("round_run", "lssssssssssss", (long)UNTOUCHED,
			      "0.meter", "1.meter", "2.meter", "3.meter",
			      "4.meter", "5.meter", "6.meter", "7.meter",
			      "8.meter", "9.meter", "10.meter", "11.meter");
	demand("ROUND 1", a.value != -EMFILE, "round_run said %ld (EMFILE): "
	       "meters that are no longer read hold the descriptors", a.value);
	demand("ROUND 3", a.value == 0, "round_run said %ld", a.value);
	demand("ROUND 3", second(a) == 120, "the sum should be 120, and is %ld",
	       second(a));
}
END_TEST

/* Demands that a round over a good meter, and a second one that is bad, ended
 * with ERR, which is called SAYS. */
static void demand_cut_short(struct answer a, int err, const char *says)
{
	demand("ROUND 2", a.value == -err, "round_run said %ld instead of %s "
	       "(%d)", a.value, says, -err);
	demand("ROUND 3", second(a) == UNTOUCHED, "the round failed, and "
	       "*ret_units was changed all the same");
}

START_TEST(no_number)
{
	situation("when a meter shows no number");
	write_file("a.meter", "out of order\n");
	struct answer a = ask("round_run", "ls", (long)UNTOUCHED, "a.meter");
	bool at_close = a.faulted &&
			calls[a.fault_call].role == ROLE_RELEASE;
	if (a.faulted && !at_close && demand_told("round_run", "ROUND 2", a))
		return;
	demand("ROUND 2", !at_close || a.value == -EINVAL, "the meter showed "
	       "no number (-EINVAL, %d) before its close failed, and round_run "
	       "said %ld: the first error is the one to return", -EINVAL,
	       a.value);
	demand_cut_short(a, EINVAL, "-EINVAL");
}
END_TEST

START_TEST(no_number_on_the_second)
{
	situation("when the second meter of a round shows no number");
	write_file("a.meter", "17\n");
	write_file("b.meter", "out of order\n");
	demand_cut_short(ask("round_run", "lss", (long)UNTOUCHED, "a.meter",
			     "b.meter"), EINVAL, "-EINVAL");
}
END_TEST

START_TEST(no_such_meter)
{
	situation("when the second meter of a round is not there");
	write_file("a.meter", "17\n");
	demand_cut_short(ask("round_run", "lss", (long)UNTOUCHED, "a.meter",
			     "b.meter"), ENOENT, "-ENOENT");
}
END_TEST

START_TEST(no_meters)
{
	situation("when a round has no meters");
	struct answer a = ask("round_run", "l", (long)UNTOUCHED);
	demand("ROUND 3", a.value == 0 && second(a) == 0, "round_run said %ld "
	       "and the sum is %ld, which should both be 0", a.value,
	       second(a));
}
END_TEST

/* Several, since the collector may take old memory for pointers to some. */
START_TEST(the_collector_looks_later)
{
	situation("when the collector looks after the close");
	write_file("a.meter", "1042\n");
	for (int i = 0; i < MANY; i++) {
		opened("a.meter");
		closes();
	}
	demand("METER 3", live_now(KIND_DESCRIPTOR) + live_now(KIND_STREAM) ==
	       0, "what meter_close should have closed waits for a collector");
	ask("collector_looks", "");
}
END_TEST

START_TEST(the_collector_looks_in_between)
{
	situation("when the collector looks while a meter is open");
	write_file("a.meter", "1042\n");
	opened("a.meter");
	ask("collector_looks", "");
	reads(1042);
	closes();
}
END_TEST

void judge_suite(struct suite *suite)
{
	add_scenario(suite, a_round, SWEPT);
	add_scenario(suite, one_meter, SWEPT);
	add_scenario(suite, no_number, SWEPT);
	add_scenario(suite, a_long_round, PLAIN);
	add_scenario(suite, no_number_on_the_second, PLAIN);
	add_scenario(suite, no_such_meter, PLAIN);
	add_scenario(suite, no_meters, PLAIN);
	add_scenario(suite, the_collector_looks_later, PLAIN);
	add_scenario(suite, the_collector_looks_in_between, PLAIN);
}
