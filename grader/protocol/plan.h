/* plan.h - which call of a run fails, and in which way, and which release is changed:
 * what the judge asks of the process that holds the code under test. */
#ifndef PROTOCOL_PLAN_H
#define PROTOCOL_PLAN_H

#include <stdbool.h>
#include <stdint.h>

enum fault_mode {
	FAULT_NONE,
	FAULT_ONCE,		/* this call alone fails */
	FAULT_ON,		/* and every fallible call after it */
	FAULT_SHORT,		/* this transfer moves one byte */
	FAULT_HALF,		/* it moves half, and so does each of its kind after it */
	FAULT_PARTIAL,		/* it moves half, and each of its kind after it fails */
	FAULT_INTERRUPTED,	/* a signal ends this call: EINTR */
	FAULT_LASTING,		/* it fails, and does so as often as it is made again
				 * at that place */
	FAULT_MODES
};

/* The names of the modes by number: "once", as --fail and the verdict write it; ""
 * for FAULT_NONE. */
extern const char *const fault_mode_names[FAULT_MODES];

/* The mode that NAME names, FAULT_NONE when there is none. */
enum fault_mode fault_mode_named(const char *name);

/* Which fallible call fails. A change of a release makes a broken version at
 * run time: the release at CHANGED_AT is skipped or done twice. */
struct plan {
	enum fault_mode mode;
	unsigned point;		/* from 1, counted from the start of the plan */
	int err;		/* 0: as calls.def says */
	uint32_t bytes;		/* that FAULT_SHORT lets through; 0: one */
	bool transfers;		/* POINT counts the transfers alone that are longer */
};

/* What errno holds before each call under test, and after each of its calls that has
 * succeeded: nothing that a call could have failed with. POSIX lets a call that succeeds
 * leave any value. Source: POSIX.1-2017, errno, "The setting of errno after a successful
 * call to a function is unspecified". */
enum { ERRNO_LEFT = 7777 };

enum change { CHANGE_NONE, CHANGE_SKIP, CHANGE_TWICE };

#endif
