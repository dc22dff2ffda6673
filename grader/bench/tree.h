/* tree.h - a process and all below it, watched from outside while it works: what memory
 * they hold together, and which programs use the processors. */
#ifndef BENCH_TREE_H
#define BENCH_TREE_H

#include <stddef.h>
#include <sys/types.h>

enum { TREE_PARTS = 8 };

/* What one watched process tree came to. */
struct tree {
	double peak_mb;			/* resident memory of all at a time, 10^6 bytes;
					 * what processes share counts for each */
	double part_ms[TREE_PARTS];	/* processor time by part, in milliseconds */
};

/* The names of the parts, in order; NULL after the last. */
extern const char *const tree_parts[TREE_PARTS + 1];

/* Watches the process TOP, a child of the caller, and all below it until TOP has ended,
 * which it waits for. It looks about twice in a millisecond, so a process that lives
 * shorter than that may be missed. Sources: proc_pid_stat(5), proc_pid_schedstat(5). */
void tree_watch(pid_t top, struct tree *ret_tree);

#endif
