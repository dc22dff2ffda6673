/* supervisor.h - who cleans up when the grader is killed, which can happen at any
 * moment; then none of its processes and folders may stay behind.
 *
 *	brakes          what the user sees, and may kill
 *	  keeper        waits; ends and removes what the other two leave
 *	    grader      does the work
 *
 * If the grader or what the user sees dies, the keeper ends every process that was
 * started and removes the folder. If the keeper dies, the grader dies with it, and
 * what the user sees does the same. Only when all three are killed at once does a
 * folder stay behind, which the next grading finds and removes (temporary.h).
 */
#ifndef BASE_SUPERVISOR_H
#define BASE_SUPERVISOR_H

#include "temporary.h"

/* What is done under a keeper. */
struct supervised {
	int (*work)(void *data);	/* returns an exit status */
	void *data;
	int fault;			/* the status when it was killed */
	enum folder_use folder;		/* what its TMPDIR is for */
};

/* Runs the work in a process under a keeper, with TMPDIR set to a new folder that is
 * gone at the end. Signals that this process ignores stay ignored there (nohup).
 * Returns what the work returns; or a negative errno when it could not be run, with
 * a sentence for the user in *RET_WHY that the caller frees. */
int supervise(const struct supervised *supervised, char **ret_why);

#endif
