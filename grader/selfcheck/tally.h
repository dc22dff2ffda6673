/* tally.h - what the gate found, counted by sort. */
#ifndef SELFCHECK_TALLY_H
#define SELFCHECK_TALLY_H

#include <stdbool.h>

/* Sorts of things that must hold, one bit each in a set of them. */
enum sort {
	SORT_STARTER, SORT_SOLUTION, SORT_CORRECT, SORT_BROKEN,
	SORT_MISCONCEPTION, SORT_PAIR, SORT_REPEAT, SORT_LESSON, SORT_HINT,
	SORT_CLAUSE, SORT_ROW, SORT_PRICE,
	SORT_COUNT
};

struct tally {
	long passed[SORT_COUNT], failed[SORT_COUNT], skipped[SORT_COUNT];
	long faults;		/* what could not be judged */
};

/* Counts one thing that HOLDS or not, and prints the line if it does not.
 * Returns HOLDS. */
bool tally_hold(struct tally *tally, enum sort sort, bool holds,
		const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Counts one thing that could not be asked, and prints why. */
void tally_skip(struct tally *tally, enum sort sort, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Counts one thing that the grader could not judge, and prints why. */
void tally_fault(struct tally *tally, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Prints the counts by sort, and the sums as the last line. */
void tally_print(const struct tally *tally);

/* The exit status of the contract: 0, 1 or 3. */
int tally_status(const struct tally *tally);

#endif
