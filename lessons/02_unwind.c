/* 02 unwind - One way out, released in reverse order.
 *
 * PLACE  Before: 01, what each path owes. Next: 03, a scope that
 * ends by itself. The courier of 14 holds a spool, a ledger and a
 * unit of work, and ends them youngest first.
 *
 * CLAIM  A function that takes three things can fail in four
 * places and owes something else at each; whoever writes the
 * releases beside every return forgets one. So have one way out:
 * labels, the youngest thing first. A label says what it undoes
 * (give_ink), not where it stands (error2), and falls through to
 * the next. (Linux kernel, coding-style, chapter 7; CERT MEM12-C.)
 * Python's `with` unwinds like this by itself; here you write it.
 *
 * EXAMPLE  Two printers take a list, then ink, then a note. */
#include <stdio.h>
#include <string.h>

static const char *refused; /* what is not to be had today */
static int held;

/* Takes a thing, unless it is refused: 0 or -1. */
static int take(const char *what)
{
	if (refused && strcmp(what, refused) == 0)
		return -1;
	printf(" +%s", what);
	held++;
	return 0;
}

/* Gives a thing back. */
static void give(const char *what)
{
	printf(" -%s", what);
	held--;
}

/* Jumps to the label of what it holds and took last. */
static int careful(void)
{
	int rc = take("list");

	if (rc < 0)
		return rc;
	rc = take("ink");
	if (rc < 0)
		goto give_list;
	rc = take("note");
	if (rc < 0)
		goto give_ink;
	give("note");
give_ink:
	give("ink");
give_list:
	give("list");
	return rc;
}

/* Jumps back to try again, and takes what it holds already. */
static int stubborn(void)
{
	int tries = 0, rc;
again:
	rc = take("list") || take("ink") || take("note") ? -1 : 0;
	if (rc < 0 && ++tries < 2)
		goto again;
	give("ink");
	give("list");
	return rc;
}

/* Runs a printer on a day without WHAT. */
static void run(const char *who, int print(void), const char *what)
{
	refused = what;
	held = 0;
	printf("%-8s", who);
	print();
	printf(": %d still held\n", held);
}

/* Why the youngest goes first: the text of a note waits in the ink
 * until the note is closed; here the ink may be used up before. */
static void show_order(int ink_first)
{
	char ink[512], paper[8] = "";
	FILE *note = fmemopen(paper, sizeof paper, "w");

	if (!note)
		return;
	setvbuf(note, ink, _IOFBF, sizeof ink);
	fputs("thanks", note);
	if (ink_first)
		memset(ink, '?', sizeof ink);
	fclose(note);
	printf("the note says %s\n", paper);
}

/* Each printer has its days; then both orders have their turn. */
int main(void)
{
	run("careful", careful, NULL);
	run("careful", careful, "note");
	run("careful", careful, "ink");
	run("stubborn", stubborn, "note");
	show_order(0);
	show_order(1);
	return 0;
}
/* BOUNDARY  Never jump backwards: stubborn took two things twice
 * and gave them back once. Nor past the declaration of what a label
 * releases: it would release whatever stood there.
 *
 * VERIFY  make lesson-02: three lines read the same from both ends.
 * Let careful jump to give_list without a note: what is held then?
 *
 * REVIEW QUESTION  What does a label assume?
 *
 * EXERCISE  make 02: three real things, and every call fails. */
