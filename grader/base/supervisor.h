/* supervisor.h - who cleans up when somebody else cannot: the grader may be killed at
 * any moment, and nothing of it is to stay behind.
 *
 *	brakes          what the user sees, and may kill
 *	  keeper        waits; ends and removes what the other two leave
 *	    grader      does the work
 *
 * If the grader or what the user sees dies, the keeper ends every process that was
 * started and removes the folder. If the keeper dies, the grader dies with it, and
 * what the user sees does the same. Only who kills all three at once leaves a
 * folder behind, which the next grading finds and removes (files.h).
 */
#ifndef BASE_SUPERVISOR_H
#define BASE_SUPERVISOR_H

/* Runs WORK, with DATA, in a process of its own under a keeper, with TMPDIR set to a
 * new folder that is gone at the end: what WORK returns, an exit status; or a
 * negative errno when it could not be run. FAULT is returned when it was killed. */
int supervise(int (*work)(void *data), void *data, int fault);

#endif
