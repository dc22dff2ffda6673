/* steps.h - see steps.c. */
#ifndef STEPS_H
#define STEPS_H

enum { STEPS_MAX = 1000 };

/* Makes N steps of MICROSECONDS each, every one of which acquires a block, and
 * gives all back: 0 or -ENOMEM. */
int steps_run(int n, long microseconds);

#endif
