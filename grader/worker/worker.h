/* worker.h - what the judge and the worker agree on beside the wire. */
#ifndef WORKER_H
#define WORKER_H

enum {
	/* Descriptors, in the order in which spawn passes them. */
	WORKER_ORDERS = 3,
	WORKER_UP,
	WORKER_STATUS,
	WORKER_CONTROL,
	WORKER_PIPES = 4,

	/* What the judge may write to the worker itself while a child runs. */
	CONTROL_KILL = 'k',	/* end it */
	CONTROL_END = 'e',	/* it has said goodbye: count, then end it */

	/* Exit statuses of the child that are not the learner's doing,
	 * but for WORKER_NO_CODE: the code could not be loaded. */
	WORKER_LOST = 121,
	WORKER_NO_COMMAND,
	WORKER_NO_CODE,

	/* What the child has open itself: the standard three, orders, up. */
	WORKER_OPEN = 5,

	/* The first libraries are watched: subject and support. */
	WATCHED_MODULES = 2,
};

#endif
