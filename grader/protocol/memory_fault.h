/* memory_fault.h - a bad access to memory, as the process in which it happened tells it:
 * what it was, where, and which calls gave and took the block that it is about. */
#ifndef PROTOCOL_MEMORY_FAULT_H
#define PROTOCOL_MEMORY_FAULT_H

#include <stddef.h>
#include <stdint.h>
#include "ledger/ledger.h"

enum memory_kind {
	MEMORY_OTHER,		/* a signal that is none of those below */
	MEMORY_NULL,		/* at NULL, or a little behind it */
	MEMORY_FREED,		/* in a block that was freed, or moved */
	MEMORY_PAST,		/* past the end of a block */
	MEMORY_BEFORE,		/* before the start of a block */
	MEMORY_FOUND_PAST,	/* written past its end, as was found later */
	MEMORY_FOUND_BEFORE,
	MEMORY_UNSET_BLOCK,	/* through a pointer in malloc'ed memory that was
				 * never set */
	MEMORY_UNSET_LOCAL,	/* through a local pointer that was never set */
	MEMORY_STACK,		/* the stack is used up */
	MEMORY_SMASHED,		/* a local array was written past its end */
	MEMORY_INDEX,		/* an index that its array does not have */
	MEMORY_INDEX_BELOW,	/* the same, below 0 */
	MEMORY_FRAME_GONE,	/* a local buffer whose function has returned */
	MEMORY_KINDS
};

/* A call of the code under test, and its innermost address. */
struct call_place {
	int call;		/* of enum call; -1 for none */
	uint8_t module;
	uint32_t offset;
};

#define NO_CALL ((struct call_place){ .call = -1 })

struct memory_fault {
	enum memory_kind kind;
	int signal;		/* that ends the process; 0 for none */
	int writes;		/* 1, or 0 for a read; -1 when not known */
	uint64_t size;		/* of the block, in bytes */
	uint64_t distance;	/* from its end, or its start, in bytes, from 1; of
				 * MEMORY_INDEX the index, without its sign */
	struct call_place got, gone;	/* what gave the block, what took it */
	struct call_place lent;	/* what gave it to a stream */
	int via;		/* the call that made the access; -1 for none */
	struct site site;	/* where the code under test made it */
	char text[32];		/* the type of an array, "" for none */
};

/* Writes FAULT as words of wire.h to AT, a space before each, and returns the new end: at
 * most MEMORY_FAULT_BYTES with the NUL. Safe in a handler of signals. */
enum { MEMORY_FAULT_BYTES = 640 };
char *memory_fault_put(char *at, const struct memory_fault *fault);

/* Reads a fault from N WORDS, decoded: 0, or -EPROTO when one is missing, not a number,
 * or out of range. */
int memory_fault_get(char *const *words, size_t n, struct memory_fault *ret_fault);

#endif
