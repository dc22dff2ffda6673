/* 09 airbag - A warning at exit is a safety net and no close.
 *
 * PLACE  Lesson 08 counted closes in a test. Lesson 10 is about owners. The
 * capstone (14) has an airbag like this one.
 *
 * CLAIM  A forgotten close stays silent until an open finds no free descriptor.
 * So open records the line that called it, close removes the record, and an
 * exit handler prints the records that are left. This workbook calls such a
 * warning an airbag: it tells you about the accident but does not brake. The
 * close is still missing. (Python has the same idea in ResourceWarning.) An
 * exit handler takes no argument, so the record is a global variable; it owns
 * nothing that has to be closed. A finalizer (05) can print the warning, too.
 *
 * EXAMPLE  Five child processes open a log and leave in five ways. The parent
 * waits for each and prints how it ended. `cc 09_airbag.c -lgc` */
#include <fcntl.h>
#include <gc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int opened_at; /* the record: the line of the open, 0 for none */

/* The exit handler: prints the record, once. */
static void report(void)
{
	if (opened_at)
		printf("  line %d: never closed\n", opened_at);
	opened_at = 0;
}

/* The same, with the arguments that libgc passes to a finalizer. */
static void report_lost(void *object, void *unused)
{
	(void)object;
	(void)unused;
	report();
}

/* Opens the log and records LINE, the line of the caller. */
static int log_open_at(int line)
{
	int fd = open("/dev/null", O_WRONLY);

	if (fd >= 0)
		opened_at = line;
	return fd;
}

/* Closes the log. The record goes even if close reports an error, because on
 * Linux the descriptor is free by then. */
static int log_close(int fd)
{
	opened_at = 0;
	return close(fd);
}

/* Loses a hundred objects, then allocates memory until the collector has run a
 * finalizer. */
static int lose(void)
{
	for (int i = 0; i < 100; i++) {
		void *object = GC_MALLOC(16);

		if (object)
			GC_REGISTER_FINALIZER(object, report_lost, NULL, NULL,
					      NULL);
	}
	for (int i = 0; i < 5000000 && opened_at; i++)
		GC_MALLOC(64);
	puts("  and goes on");
	return 0;
}

enum way { CLOSE, FORGET, KILL, CHECK, LOSE };

/* Opens the log, then leaves in one of five ways. Returns the exit status. */
static int live(enum way way)
{
	int fd = log_open_at(__LINE__);

	if (fd < 0)
		return 2;
	switch (way) {
	case CLOSE:
		return log_close(fd) < 0;
	case FORGET:
		return 0;
	case KILL:
		raise(SIGKILL);
		return 2;
	case CHECK:
		report();
		printf("  closed all the same: %d\n", log_close(fd));
		return 1;
	case LOSE:
		return lose();
	}
	return 2;
}

/* Runs one child and prints how it ended. */
static void watch(const char *title, enum way way)
{
	int status;
	pid_t child;

	puts(title);
	fflush(stdout); /* otherwise the child prints this text again */
	child = fork();
	if (child < 0) {
		perror("fork");
		exit(2);
	}
	if (child == 0)
		exit(live(way));
	if (waitpid(child, &status, 0) < 0)
		return;
	if (WIFSIGNALED(status))
		printf("  signal %d\n", WTERMSIG(status));
	else
		printf("  status %d\n", WEXITSTATUS(status));
}

/* The children inherit the exit handler of their parent. */
int main(void)
{
	GC_INIT();
	if (atexit(report) != 0)
		return 2;
	watch("closed", CLOSE);
	watch("forgotten", FORGET);
	watch("forgotten, then killed", KILL);
	watch("forgotten, but asked about", CHECK);
	watch("lost, and a collector looks", LOSE);
	return 0;
}
/* BOUNDARY  If exit does not run, there is no warning: the third child was
 * killed. A warning does not make a test fail: the second child ended with
 * status 0. A finalizer may never run; libgc runs none at exit (CPython's
 * weakref.finalize does). And a child of fork inherits the record: if it calls
 * exit, it warns of a log that its parent may still close.
 *
 * VERIFY  Type `make lesson-09`. Which children print a warning, and which of
 * them end with status 0?
 *
 * REVIEW QUESTION  Why must a test treat the warning as a failure, and which
 * ways of leaving print nothing?
 *
 * EXERCISE  Type `make 09`: an owner with an airbag for many records. */
