/* 07 gone - Last words must not need anyone else.
 *
 * PLACE  Before: 06, ways out on which nothing runs. Next: 08, a
 * fake that records. The courier of 14 has last words: its airbag.
 *
 * CLAIM  A report that works all day says nothing on the day when
 * it matters: at exit. It needs a logger, and the logger has been
 * closed by then. Functions registered by atexit run last in,
 * first out (C11 7.22.4.4), so what was set up first speaks last,
 * when all that came after it is gone. A Python __del__ may find
 * even the names of its module gone; a C static is there to the
 * last, but what it points to need not be. So let last words own
 * what they say: a copy of the text, a number, not a pointer; and
 * let them go to stderr, which nobody closes.
 *
 * EXAMPLE  A counter with two sorts of last words, and a logger. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The logger belongs to whoever opened it, who also closes it. */
struct logger {
	int lines;
};
static struct logger *logger;

/* Logs a line, if there is still a logger. Ours says NULL when it
 * is gone; most just leave a pointer to what was freed. */
static void log_line(const char *text)
{
	if (logger)
		printf("  log %d: %s\n", ++logger->lines, text);
	else
		printf("  (no logger for: %s)\n", text);
}

/* Ends the logger. */
static void close_logger(void)
{
	printf("close_logger: %d lines\n", logger->lines);
	free(logger);
	logger = NULL;
}

static int count;
static const char *lent; /* who counts: the caller's memory */
static char own[16];	 /* who counts: the name itself */

/* Last words that need two others. */
static void needy(void)
{
	char text[40];

	puts("needy:");
	snprintf(text, sizeof text, "%d counted by %s", count,
		 lent);
	log_line(text);
}

/* Last words that need nobody (to stdout, for the page to show). */
static void self_contained(void)
{
	printf("self_contained: %d counted by %s\n", count, own);
}

/* Takes the name as each sort does: its address, and itself. */
static void start_counting(const char *name)
{
	lent = name;
	snprintf(own, sizeof own, "%s", name);
}

/* Registers three functions, works, and lets go of what it has. */
int main(void)
{
	static char name[] = "the door";

	if (atexit(needy) != 0 || atexit(self_contained) != 0)
		return 1;
	logger = calloc(1, sizeof *logger);
	if (!logger || atexit(close_logger) != 0)
		return 1;
	start_counting(name);
	count = 2;
	needy();
	strcpy(name, "nobody");
	puts("main returns");
	return 0;
}
/* BOUNDARY  It is not too late for stdio: when the last function
 * has returned, exit flushes every stream. But each has to return:
 * no exit, no longjmp out of it (CERT ENV32-C). And they run on
 * exit only: _exit, abort and signals leave without last words.
 *
 * VERIFY  make lesson-07: whose last words come in which order, and
 * why? Then register close_logger before needy. The log is heard
 * now; but of whom does it speak?
 *
 * REVIEW QUESTION  Who registered first?
 *
 * EXERCISE  make 07: a tally that nobody hears in the end. */
