/* Lesson 08: the recorder
 *
 * PLACE  After 07 gone, before 09 airbag; 14 tests with fakes.
 *
 * CLAIM  A close leaves nothing behind for a test to look at, and
 *        no disk fills up because a test would like it to. So put
 *        a fake where the resource was. It fails when told, and it
 *        records its closes: now cleanup is an assertion. Record
 *        how often, not whether: a flag cannot tell one close from
 *        two, and the second may hit what a stranger has opened.
 *
 * EXAMPLE  Three people fill three cups at a tap, which is a fake.
 *        Each comes twice: first all is well, then pour 2 fails.
 */
#include <stdio.h>

/* A tap brings its functions along: `pour` points to one, and
 * tap.pour(tap.self) calls it. Real or fake, it looks the same. */
struct tap {
	void *self;
	int (*pour)(void *self); /* 0, or -1 when it runs dry */
	void (*shut)(void *self);
};

/* What was done to a tap. It is the test's own, and outlives it. */
struct record {
	int dry_at; /* which pour fails, from 1; 0 for none */
	int opens, pours, shuts, second_shuts;
};

/* Counts a pour, and fails the one that it was told to fail. */
static int fake_pour(void *self)
{
	struct record *r = self;
	return ++r->pours == r->dry_at ? -1 : 0;
}

/* Counts a shut, and once more if nobody owed it. */
static void fake_shut(void *self)
{
	struct record *r = self;
	if (++r->shuts > r->opens)
		r->second_shuts++;
}

/* Opens a tap that writes everything down in R. */
static struct tap fake_open(struct record *r)
{
	r->opens++;
	return (struct tap){ r, fake_pour, fake_shut };
}

/* Pours until one fails; the tap is only borrowed. */
static int pour_all(struct tap tap, int cups)
{
	for (int i = 0; i < cups; i++)
		if (tap.pour(tap.self) < 0)
			return -1;
	return 0;
}

/* Walks away from a dry tap. */
static int hasty(struct tap tap, int cups)
{
	if (pour_all(tap, cups) < 0)
		return -1;
	tap.shut(tap.self);
	return 0;
}

/* Shuts the tap once, dry or not. */
static int careful(struct tap tap, int cups)
{
	int rc = pour_all(tap, cups);
	tap.shut(tap.self);
	return rc;
}

/* Turns back to shut a dry tap that has been shut. */
static int anxious(struct tap tap, int cups)
{
	int rc = careful(tap, cups);
	if (rc < 0)
		tap.shut(tap.self);
	return rc;
}

/* Gives FILL an open tap, and prints what the record says of it. */
static void show(const char *who, int fill(struct tap, int), int at)
{
	struct record r = { .dry_at = at };
	int rc = fill(fake_open(&r), 3);
	printf("%-8s %6d %7d %6d %6d %7d\n", who, at, rc, r.pours,
	       r.shuts, r.second_shuts);
}

/* Puts the two visits of each under one another. */
int main(void)
{
	puts("who      dry at  result  pours  shuts  second");
	for (int at = 0; at <= 2; at += 2) {
		show("hasty", hasty, at);
		show("careful", careful, at);
		show("anxious", anxious, at);
	}
	return 0;
}

/* BOUNDARY  A count, never timing: how often, not how soon. A test
 *        that waits for a collector to close is a guess. And a fake
 *        fails only where it is told to: see the first three rows.
 *
 * VERIFY  make lesson-08. Then take the shut out of careful(): say
 *        which rows will change, and run it again.
 *
 * REVIEW QUESTION  What would a test read, had shut freed
 *        the record?
 *
 * EXERCISE  make 08: build the fake; test success and failure.
 */
