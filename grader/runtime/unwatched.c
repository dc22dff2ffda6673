/* unwatched.c - see unwatched.h. Used with the lock of fault_injection.h held. */
#include "unwatched.h"
#include "guarded_heap.h"
#include "heap.h"
#include "quarantine.h"
#include "base/limits.h"

#include <fcntl.h>
#include <link.h>
#include <poll.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { DESCRIPTORS = DESCRIPTORS_NEEDED };

static struct {
	bool expected;		/* the code calls what is not watched */
	volatile bool outside;	/* of the code, since it was left */
	bool left_open[DESCRIPTORS];	/* when it was left */
	bool others[DESCRIPTORS];	/* what is not the code's */
} state;

void unwatched_expect(void)
{
	state.expected = state.outside = true;
}

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

/* Looks which descriptors are open. One call of poll tells of all of them, unless the
 * limit of descriptors is lower. Source: poll(2), POLLNVAL and EINVAL. */
static void look_open(bool open[DESCRIPTORS])
{
	struct pollfd polled[DESCRIPTORS];
	for (int fd = 0; fd < DESCRIPTORS; fd++)
		polled[fd] = (struct pollfd){ .fd = fd };
	bool told = poll(polled, DESCRIPTORS, 0) >= 0;
	for (int fd = 0; fd < DESCRIPTORS; fd++)
		open[fd] = told ? !(polled[fd].revents & POLLNVAL) : is_open(fd);
}

void unwatched_leave(void)
{
	if (!state.expected)
		return;
	look_open(state.left_open);
	state.outside = true;
}

bool unwatched_waits(void)
{
	return state.outside;
}

/* Takes what LEDGER has live off the list of what is not the code's. */
static void keep_own(const struct ledger *ledger)
{
	for (size_t i = 0; i < ledger->n; i++) {
		const struct entry *e = &ledger->entries[i];
		uint64_t fd = e->kind == KIND_DESCRIPTOR ? e->id - 1 :
			      (uint64_t)e->beneath;
		if (e->live && fd < DESCRIPTORS)
			state.others[fd] = false;
	}
}

void unwatched_enter(const struct ledger *ledger)
{
	if (!state.outside)
		return;
	bool open[DESCRIPTORS];
	state.outside = false;
	look_open(open);
	for (int fd = 0; fd < DESCRIPTORS; fd++)
		state.others[fd] = open[fd] && (state.others[fd] ||
						!state.left_open[fd]);
	keep_own(ledger);
}

/* Whether ADDRESS lies on the stack of this thread. */
static bool is_on_stack(uintptr_t address)
{
	pthread_attr_t attributes;
	void *start = NULL;
	size_t size = 0;
	if (pthread_getattr_np(pthread_self(), &attributes) != 0)
		return false;
	pthread_attr_getstack(&attributes, &start, &size);
	pthread_attr_destroy(&attributes);
	return address >= (uintptr_t)start && address - (uintptr_t)start < size;
}

/* Whether the address at DATA lies in this program or in one of its libraries. */
static int is_in_program(struct dl_phdr_info *info, size_t size, void *data)
{
	const uintptr_t *address = data;
	(void)size;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];
		uintptr_t start = (uintptr_t)info->dlpi_addr + part->p_vaddr;
		if (part->p_type == PT_LOAD && *address >= start &&
		    *address - start < part->p_memsz)
			return 1;
	}
	return 0;
}

/* Whether there is memory at ADDRESS. Source: mincore(2), ENOMEM. */
static bool is_mapped(uintptr_t address)
{
	unsigned char in_core;
	uintptr_t page = address & ~((uintptr_t)sysconf(_SC_PAGESIZE) - 1);
	return mincore((void *)page, 1, &in_core) == 0;
}

/* Whether ADDRESS lies in a block that LEDGER has live. */
static bool is_in_block(const struct ledger *ledger, uintptr_t address)
{
	for (size_t i = 0; i < ledger->n; i++) {
		const struct entry *e = &ledger->entries[i];
		if (e->live && e->kind == KIND_HEAP && address >= e->id &&
		    address - e->id < heap_size((void *)(uintptr_t)e->id))
			return true;
	}
	return false;
}

/* Whether malloc may have returned ADDRESS, unseen by LEDGER. */
static bool may_be_block(const struct ledger *ledger, uintptr_t address,
			 size_t alignment)
{
	return address % alignment == 0 && is_mapped(address) &&
	       is_mapped(address - alignment) && !is_on_stack(address) &&
	       !dl_iterate_phdr(is_in_program, &address) &&
	       !is_in_block(ledger, address) && !quarantine_holds(address) &&
	       !guarded_heap_spans(address);
}

bool unwatched_may_have_made(const struct ledger *ledger, enum ruling ruling,
			     enum call call, uint64_t gone)
{
	int fd = gone <= DESCRIPTORS ? (int)gone - 1 : -1;
	if (!state.expected)
		return false;
	switch (calls[call].gone) {
	case KIND_DESCRIPTOR:
		return ruling != RULING_MISMATCH && fd >= 0 && is_open(fd) &&
		       !state.others[fd];
	case KIND_HEAP:
	case KIND_STREAM:	/* which libc allocates as a block */
		return ruling == RULING_STRANGER &&
		       may_be_block(ledger, gone, _Alignof(max_align_t));
	case KIND_MESSAGE:
		return ruling == RULING_STRANGER &&
		       may_be_block(ledger, gone, sizeof(void *));
	default:
		return false;
	}
}
