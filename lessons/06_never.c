/* 06 never - Cycles and abrupt exits skip cleanup.
 *
 * PLACE  Before: 05, a finalizer that comes late. Next: 07, cleanup
 * that comes when half of the program is gone. In 14 a courier
 * keeps its ledger in a database that a kill does no harm.
 *
 * CLAIM  A program cleans up at the end of each scope, and at exit;
 * yet some mornings its temporary files are still there. Cleanup is
 * code like any other: it runs when somebody comes by, and there
 * are ways to leave on which nobody does. A collector has a gap of
 * its own: of two objects that point to each other it cannot tell
 * which to finalize first, so libgc finalizes neither, ever. What
 * must hold after a kill has to hold before it.
 *
 * EXAMPLE  cc 06_never.c -lgc: objects forgotten alone and in
 * pairs; then a scope that is left in two ways, by a child each. */
#define _POSIX_C_SOURCE 200809L
#include <gc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MANY = 100, LOOKS = 10 };

struct object {
	struct object *other;
};

/* Counts an object that is finalized. */
static void finalize(void *object, void *count)
{
	(void)object;
	++*(int *)count;
}

/* Makes an object that is counted in *COUNT when finalized. */
static struct object *new_object(int *count)
{
	struct object *object = GC_MALLOC(sizeof(*object));

	if (!object)
		exit(1);
	GC_REGISTER_FINALIZER(object, finalize, count, NULL, NULL);
	return object;
}

/* Forgets objects alone and in cycles, and looks for them. */
static void forget_and_look(void)
{
	static int alone, in_a_cycle;

	for (int i = 0; i < MANY; i++) {
		struct object *a = new_object(&in_a_cycle);
		struct object *b = new_object(&in_a_cycle);

		a->other = b;
		b->other = a;
		new_object(&alone);
	}
	for (int i = 0; i < LOOKS; i++)
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

/* Runs at exit, which a return from main is as well. */
static void at_exit(void)
{
	puts("  the exit cleans up");
}

/* Leaves its scope, by exit or by a return. */
static void leave(int by_exit)
{
	__attribute__((cleanup(at_end_of_scope))) int how = by_exit;

	if (how)
		exit(0);
}

/* Has a child leave, and waits until it is gone. */
static void watch(const char *title, int by_exit)
{
	puts(title);
	fflush(stdout); /* or the child prints it once more */
	if (fork() == 0) {
		atexit(at_exit);
		leave(by_exit);
		exit(0);
	}
	wait(NULL);
}

int main(void)
{
	GC_INIT();
	GC_set_warn_proc(GC_ignore_warn_proc); /* of each cycle */
	forget_and_look();
	watch("left by return", 0);
	watch("left by exit", 1);
	return 0;
}
/* BOUNDARY  CPython differs: it finalizes cycles too, and runs
 * weakref.finalize at exit; libgc does neither. After SIGKILL no
 * code of yours runs in any language. The kernel gives back memory,
 * descriptors and the locks of fcntl; a temporary file stays.
 *
 * VERIFY  make lesson-06: which line is missing after exit?
 *
 * REVIEW QUESTION  In the table of make 06, which rows say no?
 *
 * EXERCISE  make 06: guess what runs, for eleven ways to leave. */
