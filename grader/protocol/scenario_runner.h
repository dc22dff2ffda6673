/* scenario_runner.h - what the grader and the scenario runner agree on
 * beside the wire. */
#ifndef PROTOCOL_SCENARIO_RUNNER_H
#define PROTOCOL_SCENARIO_RUNNER_H

/* The environment variable with which libraries are loaded from where they are, and not
 * from copies in memory: a debugger finds their sources then. */
#define LOAD_IN_PLACE "BRAKES_LOAD_IN_PLACE"

enum {
	/* Descriptors, in the order in which spawn passes them. */
	SCENARIO_RUNNER_ORDERS = 3,
	SCENARIO_RUNNER_UP,
	SCENARIO_RUNNER_STATUS,
	SCENARIO_RUNNER_CONTROL,
	SCENARIO_RUNNER_PIPES = 4,

	/* What the grader may write to the runner itself while a child runs. */
	CONTROL_KILL = 'k',	/* end it */
	CONTROL_END = 'e',	/* it has said goodbye: count, then end it */

	/* Exit statuses of the child that are not the learner's doing,
	 * but for SCENARIO_RUNNER_NO_CODE: the code could not be loaded. */
	SCENARIO_RUNNER_LOST = 121,
	SCENARIO_RUNNER_NO_COMMAND,
	SCENARIO_RUNNER_NO_CODE,

	/* What the child has open itself: the standard three, orders, up. */
	SCENARIO_RUNNER_OPEN = 5,

	/* The first libraries are watched: subject and support. */
	WATCHED_MODULES = 2,
	/* The library of the learner's tests, in the test runner. */
	TESTS_MODULE = WATCHED_MODULES,
};

#endif
