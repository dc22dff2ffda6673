/* 06 never - Cycles and abrupt exits skip cleanup.
 *
 * PLACE  Lesson 05 showed a finalizer that runs late. Lesson 07 shows cleanup
 * that runs when half of the program is gone. In the capstone (14) the courier
 * keeps its ledger in a database that survives a kill.
 *
 * CLAIM  A program cleans up at the end of each scope and at exit. Yet now and
 * then its temporary files are still there in the morning. Cleanup is ordinary
 * code: it runs only if control reaches it, and several ways to leave a program
 * never reach it. A collector has another gap. If two objects point to each
 * other, it cannot know which to finalize first. With GC_REGISTER_FINALIZER
 * libgc then finalizes neither of them. What must be true after a kill must be
 * true before it.
 *
 * EXAMPLE  `cc 06_never.c -lgc`: the program forgets single objects and pairs
 * of objects. Then two child processes leave the same scope in two ways. */
#define _POSIX_C_SOURCE 200809L /* asks the headers for POSIX 2008 */
#include <gc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MANY = 100, COLLECTIONS = 10 };

struct object {
	struct object *other;
};

/* Counts an object that is finalized. */
static void finalize(void *object, void *count)
{
	(void)object;
	++*(int *)count;
}

/* Makes an object whose finalizer adds 1 to *COUNT. */
static struct object *new_object(int *count)
{
	struct object *object = GC_MALLOC(sizeof(*object));

	if (!object)
		exit(1);
	GC_REGISTER_FINALIZER(object, finalize, count, NULL, NULL);
	return object;
}

/* Forgets single objects and pairs that form a cycle, then asks the collector
 * ten times to look for them. */
static void forget_and_collect(void)
{
	static int alone, in_a_cycle;

	for (int i = 0; i < MANY; i++) {
		struct object *a = new_object(&in_a_cycle);
		struct object *b = new_object(&in_a_cycle);

		a->other = b;
		b->other = a;
		new_object(&alone);
	}
	for (int i = 0; i < COLLECTIONS; i++)
		GC_gcollect();
	printf("alone, some finalized: %s\n", alone ? "yes" : "no");
	printf("in a cycle, finalized: %d\n", in_a_cycle);
}

/* Runs at the end of a scope. */
static void at_end_of_scope(const int *variable)
{
	(void)variable;
	puts("  the end of the scope cleans up");
}

/* Runs at exit. A return from main calls exit as well. */
static void at_exit(void)
{
	puts("  the exit cleans up");
}

/* Leaves its scope by exit or by a return. */
static void leave(int by_exit)
{
	__attribute__((cleanup(at_end_of_scope))) int how = by_exit;

	if (how)
		exit(0);
}

/* Starts a child process by fork, which copies this process. The child leaves;
 * the parent waits until the child is gone. */
static void watch(const char *title, int by_exit)
{
	pid_t child;

	puts(title);
	fflush(stdout); /* otherwise the child prints this text again */
	child = fork();
	if (child < 0) {
		perror("fork");
		exit(1);
	}
	if (child == 0) {
		if (atexit(at_exit) != 0)
			_exit(1);
		leave(by_exit);
		exit(0);
	}
	waitpid(child, NULL, 0);
}

int main(void)
{
	GC_INIT();
	GC_set_warn_proc(GC_ignore_warn_proc); /* libgc warns of each cycle */
	forget_and_collect();
	watch("left by return", 0);
	watch("left by exit", 1);
	return 0;
}
/* BOUNDARY  Collectors differ. GC_REGISTER_FINALIZER_NO_ORDER of libgc does
 * finalize cycles, in any order. CPython finalizes cycles too, and runs
 * weakref.finalize at exit; libgc does not. After SIGKILL no code of the
 * process runs, in any language. The kernel reclaims its memory, its
 * descriptors and its fcntl locks. It does not remove a temporary file.
 *
 * VERIFY  Type `make lesson-06`. Which line is missing after "left by exit"?
 *
 * REVIEW QUESTION  In the table of exercise 06, on which ways of leaving does
 * neither cleanup run?
 *
 * EXERCISE  Type `make 06`: predict what runs, for eleven ways to leave. */
