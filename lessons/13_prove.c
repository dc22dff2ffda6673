/* 13 prove - Test cleanup by instruments, on success and failure.
 *
 * PLACE  Before: 12, which left no global to hide behind. Next: 14,
 * the courier, where tests weigh more than half.
 *
 * CLAIM  Every line was run, every test is green, and the program
 * leaks. For a leak changes no result: a test sees it only if it
 * asks an instrument, such as a count of what is held. And it sits
 * on one way out: a test sees it only if it makes that way happen.
 * So how good are the tests? Break the code on purpose, one fault
 * at a time, and count how many broken versions they catch.
 *
 * EXAMPLE  serve() can fail in four ways; it gives back at nine
 * places. Broken versions 1 to 9 leave out the giving back at one
 * place each; number 10 tells a failure as a success. */
#include <stdio.h>
#include <string.h>

enum { CUPS = 3, CALLS = CUPS + 1, PLACES = 9, VERSIONS = 10 };

static struct {
	int broken;		/* the version; 0 is the correct one */
	int fail_at;		/* the call that fails; 0 for none */
	int calls;
	int held;		/* the instrument: cups that are out */
	char passed[PLACES];	/* what coverage would tell */
} kitchen;

/* Pours, or fails when its turn to fail has come. */
static int pour(void)
{
	return ++kitchen.calls == kitchen.fail_at ? -1 : 0;
}

/* Takes a cup, which may fail in the same way. */
static int take(void)
{
	int rc = pour();

	kitchen.held += rc == 0;
	return rc;
}

/* Gives a cup back, unless the version is broken at that place. */
static void give(int place)
{
	kitchen.passed[place - 1] = 1;
	kitchen.held -= place != kitchen.broken;
}

/* Takes three cups, pours, and gives back as many as it has. */
static int serve(void)
{
	if (take() < 0)
		return -1;
	if (take() < 0) {
		give(1);
	} else if (take() < 0) {
		give(2), give(3);
	} else if (pour() < 0) {
		give(4), give(5), give(6);
	} else {
		give(7), give(8), give(9);
		return 0;
	}
	return kitchen.broken == 10 ? 0 : -1;
}

/* Runs a suite: each of the calls up to LAST fails in its turn; it
 * looks at the result and, if it ASKS, at the instrument. */
static int accepts(int broken, int last, int asks)
{
	int good = 1;

	kitchen.broken = broken;
	for (int at = 0; at <= last; at++) {
		kitchen.fail_at = at;
		kitchen.calls = kitchen.held = 0;
		good &= serve() == (at ? -1 : 0);
		good &= !asks || kitchen.held == 0;
	}
	return good;
}

/* Prints what a suite covers, and what it catches. */
static void weigh(const char *suite, int last, int asks)
{
	int covered = 0, caught = 0;

	memset(kitchen.passed, 0, sizeof kitchen.passed);
	printf("%-22s %s", suite, accepts(0, last, asks) ? "" : "?");
	for (int i = 0; i < PLACES; i++)
		covered += kitchen.passed[i];
	for (int broken = 1; broken <= VERSIONS; broken++)
		caught += !accepts(broken, last, asks);
	printf("places %d of %d   caught %2d of %d\n", covered, PLACES,
	       caught, VERSIONS);
}

/* Weighs three suites; each is green on the correct version. */
int main(void)
{
	weigh("asks, nothing fails:", 0, 1);
	weigh("all fails, no asking:", CALLS, 0);
	weigh("all fails, asks:", CALLS, 1);
	return 0;
}
/* BOUNDARY  Covering is not checking: the second suite runs as much
 * as the third. Nor is a catch a proof: versions that nobody made
 * nobody has caught. And ask at once, never "after a while": a test
 * that waits for a collector finds out when it ran, not if it must.
 *
 * VERIFY  make lesson-13. With one way out, as in 02, how many
 * places to forget are left? SQLite (testing.html) and the kernel
 * (fault-injection) make each allocation fail in its turn.
 *
 * REVIEW QUESTION  Which broken version did you miss?
 *
 * EXERCISE  make 13: the code is correct; write what notices. */
