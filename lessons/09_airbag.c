/* 09_airbag.c - a warning for whoever forgot to close
 *
 * PLACE    After 08, which counts closes in a test; before 10, on
 *          owners. The courier of the capstone wears this airbag.
 *
 * CLAIM    The problem: a forgotten close is silent. No error, no
 *          crash; until, much later, an innocent open finds no
 *          descriptor left. So let open note the line that called
 *          it, close drop the note, and exit tell what is left:
 *          an airbag. It warns; it brakes nothing, and the close
 *          is still owed.
 *          atexit(f) asks for f() at exit, or at main's return; the
 *          last asked for runs first. f gets no argument, so notes
 *          are global (here one will do), but own nothing to close.
 *          fork() copies this process: each copy below leaves in a
 *          way of its own, and its parent waits to see the end.
 *
 * EXAMPLE */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int opened_at; /* the note: a line, or 0 for none */

/* Tells the note, once, and returns how many it told. */
static int report(void)
{
	int told = opened_at != 0;

	if (told)
		printf("  line %d: never closed\n", opened_at);
	opened_at = 0;
	return told;
}

/* Has the shape that atexit wants: nothing in, nothing out. */
static void report_at_exit(void)
{
	report();
}

/* Takes the note last: before, there is nothing to be closed. */
static int log_open_at(int line)
{
	int fd = open("/dev/null", O_WRONLY);

	if (fd >= 0)
		opened_at = line;
	return fd;
}
#define log_open() log_open_at(__LINE__) /* the caller's line */

/* A close that fails has closed: the note goes either way. */
static int log_close(int fd)
{
	opened_at = 0;
	return close(fd);
}

enum way { CLOSE, FORGET, KILL, ASK };

/* Opens a log, then leaves; returns what is to be the status. */
static int live(enum way way)
{
	int told, fd = log_open();

	if (fd < 0 || way == FORGET)
		return fd < 0;
	if (way == CLOSE)
		return log_close(fd);
	if (way == KILL)
		raise(SIGKILL);
	told = report();
	printf("  closed all the same: %d\n", log_close(fd));
	return told;
}

/* Lives one life in a child, and prints how it ended. */
static void watch(const char *title, enum way way)
{
	int status = 0;

	puts(title);
	fflush(stdout); /* or the child would print it once more */
	if (fork() == 0)
		exit(live(way));
	wait(&status);
	if (WIFEXITED(status))
		printf("  status %d\n", WEXITSTATUS(status));
	else
		printf("  signal %d\n", WTERMSIG(status));
}

/* Children inherit what was asked of atexit before the fork. */
int main(void)
{
	if (atexit(report_at_exit) != 0)
		return 1;
	watch("closed", CLOSE);
	watch("forgotten", FORGET);
	watch("forgotten, then killed", KILL);
	watch("forgotten, but asked about", ASK);
	return 0;
}

/* BOUNDARY Without an exit nothing is told: see the third life.
 *          A warning fails no test: the second life ended with 0.
 *          A collector's finalizer may warn sooner, while all runs,
 *          or never: at main's return libgc runs none (its FAQ).
 *
 * VERIFY   make lesson-09: which lives warn, which end with 0?
 *
 * REVIEW   Why must a test treat the warning as a failure, and
 *          which ways of leaving print nothing?
 *
 * EXERCISE exercises/09_airbag: give an owner an airbag with many
 *          notes, forget to close on purpose, and see it told. */
