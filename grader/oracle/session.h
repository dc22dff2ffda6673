/* session.h - the judge's end of the scenario runner: one run after the other.
 *
 * A run is one scenario under one plan, in a fresh process and a fresh scratch
 * folder. What came up from it is kept here as evidence: nothing that the
 * scenario runner says is believed but its answers and the calls it reports, and the
 * suite holds both against its expectations.
 */
#ifndef ORACLE_SESSION_H
#define ORACLE_SESSION_H

#include <limits.h>
#include <stdbool.h>
#include "sandbox/cell.h"
#include "ledger/ledger.h"
#include "base/process.h"
#include "protocol/wire.h"
#include "protocol/memory_fault.h"
#include "protocol/plan.h"

enum {
	ANSWER_TEXTS = 24,
	ASKS_MAX = 64,
	TRACE_MAX = 64,
	STEPS_MAX = 100000,
	STATUS_NONE = -1
};

/* What a command replied. */
struct answer {
	bool came;		/* false: the run ended before it */
	long value;		/* the first value, as a number */
	int err;		/* errno right after the call */
	bool faulted;		/* a fault fell in this very call; not when it may
				 * be made good, as a short write may, and the value
				 * says that it was: it is not negative */
	enum call fault_call;	/* into which call it fell first; of one on a stream
				 * in memory CALL_memory_stream */
	int fault_err;		/* and the errno that it left there */
	size_t n;		/* values, the first one included */
	const char *text[ANSWER_TEXTS];	/* all values as text */
};

/* Where the code under test went after the first fault: a block that it entered, or a
 * look at errno. */
struct trace_point {
	bool is_errno;
	uint8_t module;
	uint32_t offset;
	int err;		/* what errno held */
	size_t steps;		/* made before it */
	size_t ask;		/* its number, from 1; 0 before the first */
};

/* How a run came to its end, if not by saying goodbye. */
enum ending {
	ENDING_ORDERLY,
	ENDING_EXIT,		/* the process exited inside a call */
	ENDING_SIGNAL,		/* it was killed by one of its own signals */
	ENDING_HANG,		/* no answer in time */
	ENDING_ENDLESS,		/* call after call, and no answer */
	ENDING_FLOOD,		/* too much output */
	ENDING_FILLED,		/* too much on the disk */
	ENDING_BROKEN_WIRE,	/* a line that is none of ours */
	ENDING_FORGED,		/* an answer to what was not asked */
	ENDING_NO_CODE,		/* the code could not be loaded */
	ENDING_GRADER		/* our own fault */
};

/* One ruling against the code under test. */
struct offence {
	enum ruling ruling;
	struct step step;
	size_t number;		/* of the step, from 1 */
	struct entry entry;	/* the resource concerned, if any */
	bool has_entry;
};

struct run {
	/* the order */
	struct plan plan;
	enum change change;
	uint32_t change_offset;
	/* the evidence */
	struct ledger ledger;
	struct step *steps;	/* all of them, in order */
	size_t n_steps, room;
	size_t ask_step[ASKS_MAX];	/* steps before each ask */
	char ask_command[ASKS_MAX][32];
	bool ask_came[ASKS_MAX];	/* whether it was answered */
	long ask_value[ASKS_MAX];	/* the first value, as a number */
	size_t n_asks;
	struct offence offence;	/* the first; ruling RULING_FINE for none */
	bool struck;
	struct step fault;	/* the first step that the plan failed */
	size_t fault_step;	/* its number */
	size_t fault_ask;	/* the number of the ask that it fell into */
	struct step ask_fault;	/* the first since the last ask began */
	size_t ask_fault_step;	/* its number */
	bool ask_struck;
	struct trace_point trace[TRACE_MAX];
	size_t n_trace;
	uint64_t stain;		/* a freed block that was written to */
	struct memory_fault memory;	/* the first bad access to memory */
	bool has_memory;
	enum ending ending;
	int status;		/* as waitpid tells it, STATUS_NONE before */
	int left;		/* processes that it left behind */
	int open;		/* descriptors that it had open at its end, as
				 * counted from outside; -1: not known */
	bool returned_twice;	/* a process that the code forked came back from it */
	bool ready;		/* the code under test is being loaded */
	bool over;		/* it was told that the scenario is over */
	bool said_bye;		/* and it did say so */
	size_t n_lines;		/* that came up from it */
	uint8_t last_module;	/* the last block that it entered; 0:0 none */
	uint32_t last_offset;
	char *out, *err;	/* what it printed, cut */
	size_t out_size, err_size, printed;
};

/* The scenario runner of one submission. */
struct session {
	struct process process;
	int orders, control;
	struct wire up, status;
	bool running;			/* a child, as the scenario runner has told */
	uint32_t number;		/* of the ask under way, 0 for none */
	char scratch[PATH_MAX];
	char room[PATH_MAX];	/* above it: all that the scenario runner may write in */
	char coverage[PATH_MAX];	/* "" for none */
	const struct sandbox *sandbox;	/* whose scratch folder it is */
	int patience_ms;		/* how long a call may take */
	long looked_at;			/* the disk, by monotonic_ms */
	bool broken;			/* our own fault: no further run */
	struct run run;
};

/* What a session is started with. */
struct session_plan {
	const char *const *argv;	/* the scenario runner and its libraries */
	const char *scratch;		/* a folder of its own */
	const char *coverage;		/* where .gcda files go, or NULL */
	int nice;			/* as in process.h */
	const struct cell *cell;	/* the scenario runner's, or NULL */
	bool debug;			/* gdb has the terminal: no deadline */
};

/* Starts the scenario runner: 0, and session_close ends it; or a negative errno. */
int session_open(const struct session_plan *plan, struct session *ret_session);

/* Ends the scenario runner and releases the evidence. */
void session_close(struct session *session);

/* Begins a run under PLAN: 0, or a negative errno when the scenario runner is gone. */
int session_begin(struct session *session, struct plan plan,
		  enum change change, uint32_t change_offset);

/* Asks one command with N arguments. The texts of the answer live until the
 * next ask. came is false when the run has ended instead. */
struct answer session_ask(struct session *session, const char *command,
			  const char *const arguments[], size_t n);

/* Ends the run in order and waits for the process to be gone. */
void session_end(struct session *session);

#endif
