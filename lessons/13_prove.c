/* 13 prove - Test cleanup with instruments, on success and on failure.
 *
 * PLACE  Lesson 12 removed the globals. The capstone (14) comes next; there the
 * tests weigh more than half.
 *
 * CLAIM  Every line was run, every test passes, and the program leaks. A leak
 * changes no result, so a test sees it only with an instrument, such as a count
 * of what is held. And a leak is on one path, so a test sees it only if it
 * forces that path to run. How good is a set of tests? Break the code on
 * purpose, one fault at a time, and count how many of these broken versions the
 * tests reject. Such a broken version is a mutant, a rejected mutant is killed,
 * and the share of killed mutants is the mutation score.
 *
 * EXAMPLE  The function serve has four calls that can fail and nine places that
 * release a cup. Mutants 1 to 9 each leave out the release at one place. Mutant
 * 10 returns success for a failure. Three sets of tests try to kill them. */
#include <stdio.h>
#include <string.h>

enum { CUPS = 3, CALLS = CUPS + 1, PLACES = 9, MUTANTS = 10 };

static struct {
	int mutant;		/* which one is running; 0: the correct code */
	int fail_at;		/* the call that fails; 0: none */
	int calls;		/* how many calls there were */
	int held;		/* the instrument: cups that are held */
	char covered[PLACES];	/* the places that were run: the coverage */
} kitchen;

/* Pours. Fails if this is the call that was chosen. */
static int pour(void)
{
	kitchen.calls++;
	return kitchen.calls == kitchen.fail_at ? -1 : 0;
}

/* Acquires a cup. Fails in the same way. */
static int take(void)
{
	int rc = pour();

	if (rc == 0)
		kitchen.held++;
	return rc;
}

/* Releases a cup, unless the mutant leaves out the release at this place. */
static void give(int place)
{
	kitchen.covered[place - 1] = 1;
	if (place != kitchen.mutant)
		kitchen.held--;
}

/* Releases a cup at each of the places FIRST to LAST. */
static void give_all(int first, int last)
{
	for (int place = first; place <= last; place++)
		give(place);
}

/* Acquires three cups, pours, and releases as many cups as it holds. */
static int serve(void)
{
	int error = kitchen.mutant == 10 ? 0 : -1;

	if (take() < 0)
		return error;
	if (take() < 0) {
		give_all(1, 1);
		return error;
	}
	if (take() < 0) {
		give_all(2, 3);
		return error;
	}
	if (pour() < 0) {
		give_all(4, 6);
		return error;
	}
	give_all(7, 9);
	return 0;
}

/* Runs one test: call FAIL_AT fails. It checks the result of serve and, if
 * asked to, the instrument. Returns whether the test passes. */
static int passes(int fail_at, int check_held)
{
	int expected = fail_at == 0 ? 0 : -1;

	kitchen.fail_at = fail_at;
	kitchen.calls = 0;
	kitchen.held = 0;
	if (serve() != expected)
		return 0;
	return !check_held || kitchen.held == 0;
}

/* Runs a set of tests on one version: no call fails, then each of the calls 1
 * to LAST. Returns whether all of them pass. */
static int accepts(int mutant, int last, int check_held)
{
	kitchen.mutant = mutant;
	for (int fail_at = 0; fail_at <= last; fail_at++)
		if (!passes(fail_at, check_held))
			return 0;
	return 1;
}

/* Prints what a set of tests covers and how many mutants it kills. */
static void weigh(const char *suite, int last, int check_held)
{
	int covered = 0, killed = 0;

	memset(kitchen.covered, 0, sizeof kitchen.covered);
	if (!accepts(0, last, check_held))
		printf("%s rejects the correct code\n", suite);
	for (int i = 0; i < PLACES; i++)
		covered += kitchen.covered[i];
	for (int mutant = 1; mutant <= MUTANTS; mutant++)
		if (!accepts(mutant, last, check_held))
			killed++;
	printf("%-22s places %d of %d   caught %2d of %d\n", suite, covered,
	       PLACES, killed, MUTANTS);
}

int main(void)
{
	weigh("asks, nothing fails:", 0, 1);
	weigh("all fails, no asking:", CALLS, 0);
	weigh("all fails, asks:", CALLS, 1);
	return 0;
}
/* BOUNDARY  Covered is not checked: the second set runs as many places as the
 * third and kills one mutant. A high score is no proof either: mutants that
 * were never made stay alive. Check at once and never "after a while": a test
 * that waits for a collector depends on when the collector ran.
 *
 * VERIFY  Type `make lesson-13`. Then rewrite serve with one exit path, as in
 * lesson 02. How many places are left at which a release can be forgotten?
 * SQLite's tests and the Linux kernel make each allocation fail in turn, too
 * (sqlite.org/testing.html; Linux Documentation/fault-injection).
 *
 * REVIEW QUESTION  Why does the first set kill the mutants 7 to 9 and no other?
 *
 * EXERCISE  Type `make 13`: the code is correct; write tests that would notice
 * if it were not. */
