/* driver.c - lets the judge open, fill and close memos. */
#include "runtime/driver.h"
#include "memo.h"
#include "runtime/fault_injection.h"

#include <string.h>
#include <unistd.h>

enum { SLOTS = 4, ROOM = 2048 };

static struct memo *slots[SLOTS];

/* What a slot holds before its memo is opened: an open that fails leaves it. */
static char nowhere;
static struct memo *const unfilled = (struct memo *)&nowhere;

/* The slot that argument 0 names. */
static struct memo **slot_of(const struct command_call *c)
{
	return &slots[call_int(c, 0) % SLOTS];
}

/* memo_open SLOT PATH: replies what it returned, and whether it filled. */
static void open_memo(struct command_call *c)
{
	struct memo **slot = slot_of(c);
	*slot = unfilled;
	errno = ERRNO_LEFT;
	reply_int(c, memo_open(call_text(c, 1), slot));
	reply_int(c, *slot != unfilled);
}

/* memo_add SLOT TEXT: the text's memory holds something else afterwards. */
static void add_to_memo(struct command_call *c)
{
	static char text[ROOM];
	snprintf(text, sizeof(text), "%s", call_text(c, 1));
	errno = ERRNO_LEFT;
	reply_int(c, memo_add(*slot_of(c), text));
	memset(text, 'x', sizeof(text));
}

/* memo_close [SLOT [NTH]]: replies what it returned, and whether the slot is
 * NULL. With no slot it is handed NULL; with NTH, a signal interrupts the NTH
 * call that it makes. */
static void close_memo(struct command_call *c)
{
	struct memo **slot = call_count(c) > 0 ? slot_of(c) : NULL;
	if (call_count(c) > 1)
		injection_plan((struct plan){ .mode = FAULT_INTERRUPTED,
					  .point = (unsigned)call_int(c, 1) });
	errno = ERRNO_LEFT;
	reply_int(c, memo_close(slot));
	reply_int(c, !slot || *slot == NULL);
}

/* free_descriptor_0: the next open gets it. */
static void free_descriptor_0(struct command_call *c)
{
	reply_int(c, close(0));
}

const struct command driver_commands[] = {
	{ "memo_open", open_memo },
	{ "memo_add", add_to_memo },
	{ "memo_close", close_memo },
	{ "free_descriptor_0", free_descriptor_0 },
	{ 0 },
};
