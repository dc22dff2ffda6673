/* 14 capstone - All of it at once: an order of steps that loses nothing.
 *
 * PLACE  Lesson 13 tested cleanup. Your own code comes next. The courier of
 * this exercise takes letters from a folder, the spool, puts them into another,
 * the outbox, and writes a row for each into a ledger. It has owners (01, 10),
 * a close that reports (04), an airbag (09), a unit of work (11), no global
 * (12), and tests in which every call fails (08, 13).
 *
 * CLAIM  Each part cleans up, and still a letter is lost or delivered twice.
 * The outbox is a folder and the ledger is a database, so they have no common
 * commit. Then the order of the steps decides. First comes the step that can be
 * undone (put the letter into the outbox). The commit of the row is next to
 * last. After it comes only what the next run can repeat (remove the letter
 * from the spool). A letter that already has a row is not delivered again.
 *
 * EXAMPLE  Four couriers carry one letter in three steps. Step 1, 2 or 3 fails.
 * The recipient takes what is in the outbox. A second run follows, in which
 * nothing fails, and the recipient looks again. How often did the letter
 * arrive? */
#define _POSIX_C_SOURCE 200809L /* asks the headers for POSIX 2008 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A step. It counts *STEPS_LEFT down and fails if that becomes 0. */
typedef int step_fn(int *steps_left);

/* The order of the steps, and whether the courier takes a letter back out of
 * the outbox if its commit fails. */
struct courier {
	const char *name;
	step_fn *steps[3];
	int takes_back;
};

/* Creates an empty file. Returns 0 or -1. */
static int create(const char *path)
{
	FILE *file = fopen(path, "w");

	if (!file)
		return -1;
	return fclose(file) == 0 ? 0 : -1;
}

/* Puts the letter into the outbox. */
static int put(int *steps_left)
{
	return --*steps_left == 0 ? -1 : create("outbox");
}

/* Commits the row. To keep this program short, the ledger is a file, too. */
static int commit(int *steps_left)
{
	return --*steps_left == 0 ? -1 : create("ledger");
}

/* Removes the letter from the spool. */
static int clear(int *steps_left)
{
	return --*steps_left == 0 ? -1 : unlink("spool");
}

/* Runs the steps until one fails. If the letter has a row already, only the
 * last step is left to do. */
static void carry(const struct courier *courier, int *steps_left)
{
	int i = access("ledger", F_OK) == 0 ? 2 : 0;

	if (access("spool", F_OK) < 0)
		return;
	while (i < 3 && courier->steps[i](steps_left) == 0)
		i++;
	if (i < 3 && courier->steps[i] == commit && courier->takes_back)
		unlink("outbox");
}

/* Carries one letter in two runs. Returns how often it arrived, in words. */
static const char *deliver(const struct courier *courier, int failing_step)
{
	static const char *const words[] = { "lost", "once", "twice" };
	int steps_left = failing_step, arrived = 0;

	if (create("spool") < 0)
		abort();
	for (int run = 0; run < 2; run++) {
		carry(courier, &steps_left);
		if (unlink("outbox") == 0)
			arrived++;
	}
	unlink("spool");	/* one of these may not be there any more */
	unlink("ledger");
	return words[arrived];
}

/* Tries four couriers, in a folder that it makes and removes. */
int main(void)
{
	static const struct courier couriers[] = {
		{ "clear, put, commit", { clear, put, commit }, 1 },
		{ "commit, put, clear", { commit, put, clear }, 1 },
		{ "put, commit, clear", { put, commit, clear }, 0 },
		{ "and taken back", { put, commit, clear }, 1 },
	};
	char folder[] = "/tmp/courier-XXXXXX";

	if (!mkdtemp(folder))
		return 1;
	if (chdir(folder) == 0)
		for (int i = 0; i < 4; i++)
			printf("%s: %s, %s, %s\n", couriers[i].name,
			       deliver(&couriers[i], 1),
			       deliver(&couriers[i], 2),
			       deliver(&couriers[i], 3));
	return rmdir(folder) < 0;
}
/* BOUNDARY  This holds for one failure. If taking back fails as well, the
 * outbox keeps a letter without a row, and the next run delivers it again. So
 * a letter has an id, and the second file of that name replaces the first. A
 * power cut can undo every step that fsync has not put on the disk.
 *
 * VERIFY  Type `make lesson-14`. Then swap two steps of the last courier and
 * predict its line.
 *
 * REVIEW QUESTION  For each resource of your courier: which function releases
 * it on each exit path, and why not that function's caller?
 *
 * EXERCISE  Type `make 14`: six faults in four stages. (A file that is written
 * under another name and then renamed: compare maildir(5) of qmail.) */
