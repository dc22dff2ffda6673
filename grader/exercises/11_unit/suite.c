/* suite.c - what seat.h promises, asked of seat_party.
 *
 * How a unit is written is free: BEGIN or SAVEPOINT, one statement or many, a
 * commit that is tried again. So only what is true afterwards is held against
 * what was said. */
#include "ledger/errors.h"
#include "oracle/judge.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What each house holds at first. Ada has a seat already: an undo that takes
 * all of her seats away would take this one too. */
static const char at_first[] = "5 Bo, 9 Ada";

/* "SQLITE_BUSY (5)", or the number when it is none that learners meet. */
static const char *code(long value, char text[40])
{
	int primary = (int)value & 0xff;
	const char *name = value == SQLITE_OK ? "SQLITE_OK" :
			   value == SQLITE_DONE ? "SQLITE_DONE" :
			   value == SQLITE_ROW ? "SQLITE_ROW" : value < 0 ? "0" :
			   error_name(CALL_sqlite3_exec, primary);
	if (strcmp(name, "0") == 0)
		snprintf(text, 40, "%ld", value);
	else
		snprintf(text, 40, "%s (%ld)", name, value);
	return text;
}

/* Whether VALUE, which may be an extended code, is the primary code WANTED. */
static bool is_code(long value, int wanted)
{
	return value > 0 && (value & 0xff) == (wanted & 0xff);
}

/* Whether a transaction was open when the call was over. */
static bool left_in_transaction(struct answer a)
{
	return a.n > 1 && strtol(a.text[1], NULL, 10) != 0;
}

/* The seats that were taken when the call was over, "5 Bo, 9 Ada". */
static const char *seats_of(struct answer a)
{
	return a.n > 2 ? a.text[2] : "";
}

/* Demands that all was done, or nothing, and that the answer says which. */
static void demand_all_or_nothing(struct answer a, const char *before,
				  const char *after)
{
	char said[40];
	if (a.value == SQLITE_OK)
		demand("CONTRACT 1", strcmp(seats_of(a), after) == 0,
		       "seat_party said SQLITE_OK, and the seats are \"%s\" "
		       "instead of \"%s\"", seats_of(a), after);
	else
		demand("CONTRACT 1", strcmp(seats_of(a), before) == 0,
		       "seat_party said %s, and the seats, which were \"%s\", "
		       "are now \"%s\"", code(a.value, said), before,
		       seats_of(a));
}

/* Demands that a failure was told by the code that the failed call gave. Of
 * memory, which has no such code, only that it was told. */
static void demand_first_code(struct answer a)
{
	char said[40], wanted[40];
	if (speaks_sqlite(a.fault_call))
		demand("CONTRACT 3", is_code(a.value, a.fault_err), "%s answered "
		       "%s, and seat_party said %s", calls[a.fault_call].name,
		       code(a.fault_err, wanted), code(a.value, said));
}

/* Demands that a party for which all seats are free has them. */
static void demand_seated(struct answer a, const char *before,
			  const char *after)
{
	char said[40];
	demand("CONTRACT 1", a.value == SQLITE_OK || a.faulted,
	       "seat_party said %s instead of SQLITE_OK", code(a.value, said));
	demand_all_or_nothing(a, before, after);
	if (a.value != SQLITE_OK)
		demand_first_code(a);
}

START_TEST(a_party)
{
	ask("house", "");
	demand_seated(ask("seat_party", "sii", "Ada", 4, 6), at_first,
		      "4 Ada, 5 Bo, 6 Ada, 9 Ada");
}
END_TEST

START_TEST(a_party_of_nobody)
{
	ask("house", "");
	demand_seated(ask("seat_party", "s", "Cy"), at_first, at_first);
}
END_TEST

/* Whether A tells what failed first: the seat, or the call that was made to
 * fail before it. SQLITE_ERROR is what sqlite3_prepare's statements answer. */
static bool tells_taken(struct answer a)
{
	return is_code(a.value, SQLITE_CONSTRAINT) ||
	       a.value == SQLITE_ERROR ||
	       (a.faulted && (!speaks_sqlite(a.fault_call) ||
			      is_code(a.value, a.fault_err)));
}

START_TEST(a_taken_seat)
{
	char said[40];
	situation("when one of the seats is taken");
	ask("house", "");
	struct answer a = ask("seat_party", "siii", "Ada", 4, 5, 6);
	demand("CONTRACT 1", a.value != SQLITE_OK, "seat_party said SQLITE_OK: "
	       "seat 5 was Bo's, and the seats are now \"%s\"", seats_of(a));
	demand_all_or_nothing(a, at_first, at_first);
	demand("CONTRACT 3", tells_taken(a), "the code is SQLITE_CONSTRAINT "
	       "(%d), and seat_party said %s", SQLITE_CONSTRAINT,
	       code(a.value, said));
}
END_TEST

START_TEST(the_first_seat_is_taken)
{
	situation("when the first of the seats is taken");
	ask("house", "");
	struct answer a = ask("seat_party", "sii", "Cy", 5, 6);
	demand("CONTRACT 1", a.value != SQLITE_OK, "seat_party said SQLITE_OK: "
	       "seat 5 was Bo's, and the seats are now \"%s\"", seats_of(a));
	demand_all_or_nothing(a, at_first, at_first);
	situation("after a party for which a seat was taken");
	demand_seated(ask("seat_party", "sii", "Cy", 6, 7), at_first,
		      "5 Bo, 6 Cy, 7 Cy, 9 Ada");
}
END_TEST

START_TEST(the_commit_is_refused)
{
	char said[40];
	situation("when the database refuses the commit");
	ask("house", "");
	ask("refuse", "");
	struct answer a = ask("seat_party", "sii", "Cy", 4, 6);
	demand("CONTRACT 3", a.value != SQLITE_OK, "seat_party said SQLITE_OK, "
	       "and the seats are \"%s\": nobody is told that the commit failed",
	       seats_of(a));
	demand_all_or_nothing(a, at_first, at_first);
	demand("CONTRACT 3", is_code(a.value, SQLITE_CONSTRAINT), "the commit "
	       "answered SQLITE_CONSTRAINT (%d), and seat_party said %s",
	       SQLITE_CONSTRAINT, code(a.value, said));
}
END_TEST

/* The savepoint that was still open when the call was over, "" when none was. */
static const char *savepoint_of(struct answer a)
{
	return a.n > 3 ? a.text[3] : "";
}

/* Demands of a call inside the caller's transaction that it is still open, and
 * nothing else is. */
static void demand_still_begun(struct answer a)
{
	demand("CONTRACT 4", strstr(seats_of(a), "30 Host") != NULL, "what the "
	       "caller had written in it is gone: the seats are \"%s\"",
	       seats_of(a));
	demand("CONTRACT 4", left_in_transaction(a), "that transaction was "
	       "ended, and its owner has not ended it");
	demand("CONTRACT 2", !*savepoint_of(a), "the savepoint %s is still open "
	       "in the caller's transaction: ROLLBACK TO goes back to it and "
	       "keeps it, only RELEASE ends it", savepoint_of(a));
}

START_TEST(in_a_transaction_of_the_caller)
{
	situation("when the caller has a transaction open");
	ask("house", "");
	ask("begin", "");
	struct answer a = ask("seat_party", "sii", "Ada", 4, 6);
	demand_still_begun(a);
	demand_all_or_nothing(a, "5 Bo, 9 Ada, 30 Host",
			      "4 Ada, 5 Bo, 6 Ada, 9 Ada, 30 Host");
}
END_TEST

START_TEST(two_parties_in_a_transaction_of_the_caller)
{
	situation("when the caller has a transaction open and seats two "
		  "parties, and a seat of the first is taken");
	ask("house", "");
	ask("begin", "");
	demand_still_begun(ask("seat_party", "sii", "Ada", 4, 5));
	struct answer a = ask("seat_party", "sii", "Cy", 6, 7);
	demand_still_begun(a);
	demand_all_or_nothing(a, "5 Bo, 9 Ada, 30 Host",
			      "5 Bo, 6 Cy, 7 Cy, 9 Ada, 30 Host");
}
END_TEST

START_TEST(a_party_of_nine)
{
	situation("when a party takes nine seats");
	ask("house", "");
	demand_seated(ask("seat_party", "siiiiiiiii", "Ada", 11, 12, 13, 14, 15,
			  16, 17, 18, 19), at_first, "5 Bo, 9 Ada, 11 Ada, "
		      "12 Ada, 13 Ada, 14 Ada, 15 Ada, 16 Ada, 17 Ada, 18 Ada, "
		      "19 Ada");
}
END_TEST

START_TEST(a_taken_seat_in_a_transaction_of_the_caller)
{
	situation("when the caller has a transaction open and a seat is taken");
	ask("house", "");
	ask("begin", "");
	struct answer a = ask("seat_party", "sii", "Ada", 4, 5);
	demand_still_begun(a);
	demand("CONTRACT 1", a.value != SQLITE_OK, "seat_party said SQLITE_OK: "
	       "seat 5 was Bo's, and the seats are now \"%s\"", seats_of(a));
	demand_all_or_nothing(a, "5 Bo, 9 Ada, 30 Host",
			      "5 Bo, 9 Ada, 30 Host");
}
END_TEST

void judge_suite(struct suite *suite)
{
	add_scenario(suite, a_party, SWEPT);
	add_scenario(suite, a_taken_seat, SWEPT);
	add_scenario(suite, a_party_of_nobody, SWEPT);
	add_scenario(suite, the_first_seat_is_taken, PLAIN);
	add_scenario(suite, the_commit_is_refused, PLAIN);
	add_scenario(suite, in_a_transaction_of_the_caller, PLAIN);
	add_scenario(suite, a_taken_seat_in_a_transaction_of_the_caller, PLAIN);
	add_scenario(suite, two_parties_in_a_transaction_of_the_caller, PLAIN);
	add_scenario(suite, a_party_of_nine, PLAIN);
}
