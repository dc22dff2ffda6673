/* plan.h - which call of a run fails, and which release is changed: what the judge asks
 * of the process that holds the code under test. */
#ifndef PROTOCOL_PLAN_H
#define PROTOCOL_PLAN_H

enum fault_mode { FAULT_NONE, FAULT_ONCE, FAULT_ON };

/* Which fallible call fails. A change of a release makes a broken version at
 * run time: the release at CHANGED_AT is skipped or done twice. */
struct plan {
	enum fault_mode mode;
	unsigned point;		/* from 1, counted from the start of the plan */
	int err;		/* 0: as calls.def says */
};

enum change { CHANGE_NONE, CHANGE_SKIP, CHANGE_TWICE };

#endif
