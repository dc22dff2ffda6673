/* 08 recorder - A fake that records its closes.
 *
 * PLACE  Lesson 07 showed handlers that run too late. Lesson 09 builds a
 * warning for closes that were forgotten. In the capstone (14) the tests use
 * fakes.
 *
 * CLAIM  A close leaves nothing behind that a test could look at, and no disk
 * becomes full because a test needs it. So the test replaces the resource by a
 * fake: an object with the same functions that holds no resource. The fake
 * fails when the test tells it to, and it counts every call. An object that
 * replaces a real one in a test is a test double; one that records its
 * calls is also called a spy. With it, cleanup becomes an assertion. Count the
 * closes; do not merely set a flag. A flag cannot tell one close from two, and
 * a double close may hit a resource that other code has opened since.
 *
 * EXAMPLE  Three functions fill three cups at a tap, which is a fake. Each one
 * runs twice: first every pour succeeds, then the second pour fails. */
#include <stdio.h>

/* A tap brings its functions with it: `pour` holds the address of one, and
 * tap.pour(tap.self) calls it. A real tap and a fake look the same. */
struct tap {
	void *self;
	int (*pour)(void *self); /* 0, or -1 when the tap is dry */
	void (*shut)(void *self);
};

/* What was done to a tap. The test owns the record, so it can still be read
 * after the tap has been shut. */
struct record {
	int dry_at; /* the pour that fails, from 1; 0: none */
	int opens, pours, shuts, second_shuts;
};

/* Counts a pour, and fails the one that was chosen. */
static int fake_pour(void *self)
{
	struct record *r = self;

	r->pours++;
	return r->pours == r->dry_at ? -1 : 0;
}

/* Counts a shut. One shut more than there were opens is a double close. */
static void fake_shut(void *self)
{
	struct record *r = self;

	r->shuts++;
	if (r->shuts > r->opens)
		r->second_shuts++;
}

/* Opens a fake tap that records into R. */
static struct tap fake_open(struct record *r)
{
	r->opens++;
	return (struct tap){ r, fake_pour, fake_shut };
}

/* Pours until one fails. This function borrows the tap and does not shut it. */
static int pour_all(struct tap tap, int cups)
{
	for (int i = 0; i < cups; i++)
		if (tap.pour(tap.self) < 0)
			return -1;
	return 0;
}

/* Leaves a dry tap open. */
static int hasty(struct tap tap, int cups)
{
	if (pour_all(tap, cups) < 0)
		return -1;
	tap.shut(tap.self);
	return 0;
}

/* Shuts the tap once, on both paths. */
static int careful(struct tap tap, int cups)
{
	int rc = pour_all(tap, cups);

	tap.shut(tap.self);
	return rc;
}

/* Shuts a dry tap a second time. */
static int anxious(struct tap tap, int cups)
{
	int rc = careful(tap, cups);

	if (rc < 0)
		tap.shut(tap.self);
	return rc;
}

/* Calls the function FILL with an open tap and prints the record. */
static void show(const char *name, int fill(struct tap, int), int dry_at)
{
	struct record r = { .dry_at = dry_at };
	int rc = fill(fake_open(&r), 3);

	printf("%-8s %6d %7d %6d %6d %7d\n", name, dry_at, rc, r.pours, r.shuts,
	       r.second_shuts);
}

int main(void)
{
	puts("who      dry at  result  pours  shuts  second");
	for (int dry_at = 0; dry_at <= 2; dry_at += 2) {
		show("hasty", hasty, dry_at);
		show("careful", careful, dry_at);
		show("anxious", anxious, dry_at);
	}
	return 0;
}
/* BOUNDARY  A fake shows how often something was done, and never how soon. A
 * test that waits for a collector to close is flaky. And a fake fails only
 * where the test tells it to: in the first three rows no call fails, and the
 * three functions look the same.
 *
 * VERIFY  Type `make lesson-08`. Then remove the shut from careful(). Predict
 * which rows will change, and run the lesson again.
 *
 * REVIEW QUESTION  What would the test read if fake_shut freed the record?
 *
 * EXERCISE  Type `make 08`: build a fake; use it on success and on failure. */
