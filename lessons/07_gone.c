/* 07 gone - An exit handler must own everything that it uses.
 *
 * PLACE  Lesson 06 showed exits on which nothing runs. Lesson 08 builds a fake
 * that records what was done to it. The courier of the capstone (14) has an
 * exit handler that warns of leaks.
 *
 * CLAIM  A report works all day and prints nothing on the day when it matters:
 * at exit. An exit handler is a function that the program registers with
 * atexit. exit calls the handlers in the reverse order of registration (C11,
 * 7.22.4.4). So the handler that was registered first runs last, and by then
 * everything set up later may be closed or freed. In C a static variable still
 * exists, but the memory that it points to may be freed. So an exit handler
 * must own a copy of everything it prints: text that it copied, a number, but
 * no pointer to memory of others. It should print to stderr, which the program
 * itself never closes.
 *
 * EXAMPLE  Two exit handlers print the same count. One needs a logger and a
 * name that belong to others; the other owns what it prints. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A logger. The code that opened it closes it. */
struct logger {
	int lines;
};
static struct logger *logger;

/* Logs a line if there is still a logger. This program sets the pointer to
 * NULL when the logger is gone. Most programs leave a dangling pointer, and
 * using it would be a use after free. */
static void log_line(const char *text)
{
	if (logger)
		printf("  log %d: %s\n", ++logger->lines, text);
	else
		printf("  (no logger for: %s)\n", text);
}

/* The exit handler that frees the logger. */
static void close_logger(void)
{
	printf("close_logger: %d lines\n", logger->lines);
	free(logger);
	logger = NULL;
}

static int count;
static const char *borrowed; /* points to the caller's memory */
static char own[16];	     /* holds a copy of the text */

/* An exit handler that needs the logger and the caller's memory. */
static void needy(void)
{
	char text[40];

	puts("needy:");
	snprintf(text, sizeof text, "%d counted by %s", count, borrowed);
	log_line(text);
}

/* An exit handler that needs nothing of others. It prints to stdout here so
 * that its text is part of this lesson's output. */
static void self_contained(void)
{
	printf("self_contained: %d counted by %s\n", count, own);
}

/* Keeps the name in both ways: its address, and a copy of its text. */
static void start_counting(const char *name)
{
	borrowed = name;
	snprintf(own, sizeof own, "%s", name);
}

/* Registers three handlers, works, and reuses the memory of the name. */
int main(void)
{
	static char name[] = "the door";

	if (atexit(needy) != 0 || atexit(self_contained) != 0)
		return 1;
	logger = calloc(1, sizeof *logger);
	if (!logger)
		return 1;
	if (atexit(close_logger) != 0) {
		close_logger();
		return 1;
	}
	start_counting(name);
	count = 2;
	needy();
	strcpy(name, "nobody");
	puts("main returns");
	return 0;
}
/* BOUNDARY  stdio still works: exit flushes every stream after the last handler
 * has returned. Each handler has to return; it must not call exit or longjmp
 * (CERT C ENV32-C). Handlers run on exit and on a return from main only:
 * _exit, abort and fatal signals skip them. And stderr is open only if the
 * program was started with an open descriptor 2: a program that was started
 * with `2>&-` may give that number to the first file that it opens.
 *
 * VERIFY  Type `make lesson-07`. In which order do the three handlers run, and
 * why? Then register close_logger before needy. Now needy finds the logger.
 * Which name does it print?
 *
 * REVIEW QUESTION  Which of the three handlers was registered first, and what
 * had become of the logger when it ran?
 *
 * EXERCISE  Type `make 07`: a tally whose report at exit prints nothing. */
