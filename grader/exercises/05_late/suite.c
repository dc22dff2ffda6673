/* suite.c - what meter.h and round.h promise, asked of the learner's. */
#include "oracle/judge.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { UNTOUCHED = -4711, MANY = 8, A = 0, B = 1, FEW = 4 };

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

/* Opens the meter at PATH in SLOT: whether it is open. */
static bool opened_in(int slot, const char *path)
{
	struct answer a = ask("meter_open", "is", slot, path);
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

/* Reads SLOT, which shows UNITS. */
static void reads_in(int slot, long units)
{
	struct answer a = ask("meter_read", "il", slot, (long)UNTOUCHED);
	if (a.faulted && demand_told("meter_read", "METER 2", a)) {
		insist("METER 2", second(a) == UNTOUCHED, "meter_read failed, "
		       "and *ret_units was changed all the same");
		return;
	}
	insist("METER 2", a.value == 0 && second(a) == units, "meter_read said "
	       "%ld and gave %ld; the meter shows %ld", a.value, second(a),
	       units);
}

/* Closes SLOT, which is open. The driver keeps a pointer of its own to the
 * meter, so that no collector may do it. */
static void closes_in(int slot)
{
	struct answer a = ask("meter_close", "i", slot);
	if (a.faulted)
		demand_told("meter_close", "METER 3", a);
	else
		demand("METER 3", a.value == 0, "meter_close said %ld",
		       a.value);
	demand("METER 3", second(a), "meter_close left *meter as it was");
}

/* The same of slot A, which most scenarios use alone. */
static bool opened(const char *path)
{
	return opened_in(A, path);
}

static void reads(long units)
{
	reads_in(A, units);
}

static void closes(void)
{
	closes_in(A);
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
	demand("ROUND 1", !closed_after_opening("a.meter", "b.meter"), "round_run "
	       "closes a.meter only when it has opened b.meter");
	demand("ROUND 3", a.value == 0, "round_run said %ld", a.value);
	demand("ROUND 3", second(a) == 42, "the meters show 17 and 25, and "
	       "*ret_units is %ld", second(a));
}
END_TEST

/* A round that met a failure, or a bad meter, leaves nothing for the next one. */
START_TEST(a_round_after_bad_ones)
{
	situation("when a good round follows two that went wrong");
	write_file("a.meter", "17\n");
	write_file("b.meter", "out of order\n");
	write_file("c.meter", "25\n");
	ask("round_run", "lss", (long)UNTOUCHED, "a.meter", "b.meter");
	ask("round_run", "lss", (long)UNTOUCHED, "c.meter", "nowhere.meter");
	struct answer a = ask("round_run", "lss", (long)UNTOUCHED, "a.meter",
			      "c.meter");
	demand("ROUND 3", a.value == 0, "round_run said %ld", a.value);
	demand("ROUND 3", second(a) == 42, "the meters show 17 and 25, and "
	       "*ret_units is %ld", second(a));
}
END_TEST

START_TEST(one_meter_twice_on_a_round)
{
	situation("when a round comes to one meter twice");
	write_file("a.meter", "17\n");
	struct answer a = ask("round_run", "lss", (long)UNTOUCHED, "a.meter",
			      "a.meter");
	demand("ROUND 3", a.value == 0, "round_run said %ld", a.value);
	demand("ROUND 3", second(a) == 34, "the meter shows 17 twice, and "
	       "*ret_units is %ld", second(a));
}
END_TEST

START_TEST(two_at_once)
{
	situation("when two meters are open at once");
	write_file("a.meter", "17\n");
	write_file("b.meter", "25\n");
	if (!opened_in(A, "a.meter") || !opened_in(B, "b.meter"))
		return;
	reads_in(A, 17);
	reads_in(B, 25);
	closes_in(A);
	closes_in(B);
}
END_TEST

START_TEST(one_path_twice)
{
	situation("when one meter is opened twice");
	write_file("a.meter", "17\n");
	if (!opened_in(A, "a.meter") || !opened_in(B, "a.meter"))
		return;
	reads_in(A, 17);
	closes_in(A);
	reads_in(B, 17);
	closes_in(B);
}
END_TEST

START_TEST(descriptor_0)
{
	situation("when descriptor 0 is free, and the open gets it");
	write_file("a.meter", "17\n");
	ask("free_descriptor_0", "");
	if (!opened("a.meter"))
		return;
	reads(17);
	closes();
	closes_again();
}
END_TEST

/* A meter whose file has SIZE bytes: its number is at the beginning. */
static void read_sized(size_t size)
{
	static char text[5001];
	memset(text, '.', size);
	memcpy(text, "1042\n", 5);
	text[size] = '\0';
	write_file("a.meter", text);
	if (!opened("a.meter"))
		return;
	reads(1042);
	closes();
}

START_TEST(long_numbers)
{
	static const long numbers[] = { 12345678, 1234567890, 1234567890123 };
	char text[24];
	situation("when a meter shows a long number");
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		snprintf(text, sizeof(text), "%ld\n", numbers[i]);
		write_file("a.meter", text);
		if (!opened("a.meter"))
			return;
		reads(numbers[i]);
		closes();
	}
}
END_TEST

START_TEST(long_files)
{
	situation("when there is more in the file than its number");
	read_sized(31);
	read_sized(32);
	read_sized(33);
	read_sized(64);
	read_sized(256);
	read_sized(5000);
}
END_TEST

/* Reads slot A, which shows no number. */
static void reads_nothing(void)
{
	struct answer a = ask("meter_read", "il", A, (long)UNTOUCHED);
	insist("METER 2", a.value == -EINVAL, "the meter shows no number, and "
	       "meter_read said %ld instead of -EINVAL (%d)", a.value, -EINVAL);
	insist("METER 2", second(a) == UNTOUCHED, "meter_read failed, and "
	       "*ret_units was changed all the same");
}

START_TEST(nothing_to_read)
{
	situation("when a meter that shows no number is read");
	write_file("a.meter", "out of order\n");
	write_file("b.meter", "");
	if (!opened("a.meter"))
		return;
	reads_nothing();
	closes();
	if (!opened("b.meter"))
		return;
	reads_nothing();
	closes();
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

/* A close that fails has closed: there is nothing left for a finalizer. */
START_TEST(the_collector_looks_after_a_failed_close)
{
	situation("when the collector looks after a close that failed");
	write_file("a.meter", "1042\n");
	for (int i = 0; i < MANY; i++) {
		opened("a.meter");
		struct answer a = ask("close_failing", "i", A);
		demand("METER 3", a.value < 0, "the close failed, and meter_close "
		       "said %ld", a.value);
		demand("METER 3", second(a), "the close failed, and *meter is not "
		       "NULL");
	}
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
	add_scenario(suite, nothing_to_read, PLAIN);
	add_scenario(suite, no_number_on_the_second, PLAIN);
	add_scenario(suite, no_such_meter, PLAIN);
	add_scenario(suite, no_meters, PLAIN);
	add_scenario(suite, one_meter_twice_on_a_round, PLAIN);
	add_scenario(suite, a_round_after_bad_ones, PLAIN);
	add_scenario(suite, two_at_once, PLAIN);
	add_scenario(suite, one_path_twice, PLAIN);
	add_scenario(suite, descriptor_0, PLAIN);
	add_scenario(suite, long_numbers, PLAIN);
	add_scenario(suite, long_files, PLAIN);
	add_scenario(suite, the_collector_looks_later, PLAIN);
	add_scenario(suite, the_collector_looks_after_a_failed_close, PLAIN);
	add_scenario(suite, the_collector_looks_in_between, PLAIN);
}
