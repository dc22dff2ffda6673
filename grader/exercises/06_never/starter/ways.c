/* ways.c - leaves in the way that it is told, and marks what still runs.
 *
 *     cc exercises/06_never/ways.c -o build/ways && build/ways exit
 *
 * Three things wait for the end: a function of the cleanup attribute for
 * the end of its scope, a function of atexit for an exit, and text in the
 * buffer of stdout for a flush. Whatever comes to its end prints its name.
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CLEANED_UP __attribute__((cleanup(at_end_of_scope)))

int leave_by(const char *way);

static jmp_buf start;

/* Prints past the buffer: what is marked is seen, whatever happens next. */
static void mark(const char *name)
{
	if (write(STDOUT_FILENO, name, strlen(name)) < 0)
		abort();
}

/* Has the shape that the cleanup attribute wants: it is given the address of
 * the variable whose scope ends. */
static void at_end_of_scope(const char **variable)
{
	(void)variable;
	mark("cleanup\n");
}

/* Has the shape that atexit wants: nothing in, nothing out. */
static void at_exit(void)
{
	mark("atexit\n");
}

/* Ends the process, or this function: in any case the scope is left. */
static void leave_scope(const char *way)
{
	char *const words[] = { "true", NULL };

	{
		CLEANED_UP const char *how = way;

		if (strcmp(how, "return") == 0)
			return;
		if (strcmp(how, "goto") == 0)
			goto out;
		if (strcmp(how, "exit") == 0)
			exit(0);
		if (strcmp(how, "quick_exit") == 0)
			quick_exit(0);
		if (strcmp(how, "_Exit") == 0)
			_Exit(0);
		if (strcmp(how, "abort") == 0)
			abort();
		if (strcmp(how, "SIGTERM") == 0)
			raise(SIGTERM);
		if (strcmp(how, "SIGKILL") == 0)
			raise(SIGKILL);
		if (strcmp(how, "execve") == 0)
			execve("/bin/true", words, words + 1);
		if (strcmp(how, "longjmp") == 0)
			longjmp(start, 1);
		if (strcmp(how, "pthread_exit") == 0)
			pthread_exit(NULL);
		fprintf(stderr, "%s: no such way, or it failed\n", how);
	}
out:
	return;
}

/* Prepares the three, then leaves. It comes back by some ways only. */
int leave_by(const char *way)
{
	if (atexit(at_exit) != 0)
		return 1;
	fputs("stdio", stdout);
	if (setjmp(start) == 0)
		leave_scope(way);
	return 0;
}

/* What comes back here returns from main. */
int main(int argc, char **argv)
{
	return argc > 1 ? leave_by(argv[1]) : 2;
}
