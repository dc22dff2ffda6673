/* guarded_heap.c - see guarded_heap.h. Pages are handed out in one direction and never
 * again, by one atomic number. */
#include "guarded_heap.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
	PAGE = 4096,			/* no other size is served */
	PAGES = 8192,			/* 32 MiB of addresses */
	BLOCK_PAGES_MAX = 256,		/* larger blocks are ordinary ones */
	AROUND = 0xA5,			/* fills what lies around a block */
	MUTEX = 40,			/* blocks below hold no mutex */
	NEAR = 0x8000,			/* how far from an unset pointer */
	DIGIT = 0x80,			/* no byte of the pattern is 0 */
	UNKNOWN = 0x3fff,		/* no block's number */
};

/* Memory never set, as a word: an address that a process cannot have, with the number of
 * the block, in two digits of 7 bits. Source: the x86-64 and AArch64 address spaces of
 * Linux: the upper half is the kernel's. */
#define UNSET_HIGH 0xffff000000000000u
#define UNSET_LOW 0xa5a58080u

enum state { FREE, LIVE, RELEASED };

static struct block {
	_Atomic int state;
	uint32_t pages;			/* of its own, the guard left out */
	uint32_t lead;			/* bytes of its first page before it */
	size_t size;
	struct call_place got, gone;
} blocks[PAGES];			/* by the number of its first page */

/* The number of the first page of the block that a page belongs to, from 1. */
static uint16_t owners[PAGES];

static unsigned char *start;
static _Atomic unsigned next;		/* page */
static _Atomic int allowed;

bool guarded_heap_reserve(void)
{
	void *pages = sysconf(_SC_PAGESIZE) != PAGE ? MAP_FAILED :
		      mmap(NULL, (size_t)PAGES * PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (pages == MAP_FAILED)
		return false;
	start = pages;
	return true;
}

void guarded_heap_allow(unsigned n)
{
	allowed = start ? (int)n : 0;
}

static unsigned char *page_at(unsigned page)
{
	return start + (size_t)page * PAGE;
}

/* Where block B begins and ends, which has the number N. */
static unsigned char *begin_of(const struct block *b)
{
	return page_at((unsigned)(b - blocks)) + b->lead;
}

static unsigned char *end_of(const struct block *b)
{
	return page_at((unsigned)(b - blocks) + b->pages);
}

/* Makes N pages inaccessible: by a mark in the page table where the kernel knows how,
 * which splits no mapping. Source: madvise(2), MADV_GUARD_INSTALL, Linux 6.13. */
static bool seal(void *pages, size_t n)
{
	enum { GUARD_INSTALL = 102 };
	return madvise(pages, n * PAGE, GUARD_INSTALL) == 0 ||
	       mprotect(pages, n * PAGE, PROT_NONE) == 0;
}

/* How a block of N bytes is aligned: as an array of N bytes may have to be. A structure
 * that ends in an array of any size may ask for more; processors do without, but
 * for what a mutex in it needs. */
static size_t alignment_of(size_t n)
{
	size_t alignment = n & -n;
	if (n >= MUTEX && alignment < 4)
		alignment = 4;
	return alignment == 0 || alignment > 16 ? 16 : alignment;
}

static void fill(void *bytes, size_t n, unsigned number)
{
	uint64_t word = UNSET_HIGH | UNSET_LOW |
			(uint64_t)(DIGIT | number >> 7) << 40 |
			(uint64_t)(DIGIT | (number & 0x7f)) << 32;
	unsigned char *at = bytes;
	for (; n >= sizeof(word); n -= sizeof(word), at += sizeof(word))
		memcpy(at, &word, sizeof(word));
	memcpy(at, &word, n);
}

void guarded_heap_fill(void *bytes, size_t n)
{
	fill(bytes, n, UNKNOWN);
}

/* Takes N pages and the guard behind them: the first of them, -1 when there are not as
 * many. */
static int take_pages(unsigned n)
{
	unsigned page = next;
	do
		if (page + n + 1 > PAGES)
			return -1;
	while (!atomic_compare_exchange_weak(&next, &page, page + n + 1));
	return (int)page;
}

void *guarded_heap_get(size_t n, size_t alignment, bool zeroed, struct call_place by)
{
	size_t pages = n ? (n + PAGE - 1) / PAGE : 1;
	if (!alignment)
		alignment = alignment_of(n);
	if (n > (size_t)BLOCK_PAGES_MAX * PAGE || alignment > PAGE ||
	    allowed <= 0 || allowed-- <= 0)
		return NULL;
	int saved = errno, page = take_pages((unsigned)pages);
	if (page < 0 || !seal(page_at((unsigned)page + (unsigned)pages), 1)) {
		errno = saved;
		return NULL;
	}
	struct block *b = &blocks[page];
	b->pages = (uint32_t)pages;
	b->lead = (uint32_t)((pages * PAGE - n) / alignment * alignment);
	b->size = n;
	b->got = by;
	b->gone = NO_CALL;
	for (size_t i = 0; i <= pages; i++)
		owners[(size_t)page + i] = (uint16_t)(page + 1);
	unsigned char *block = begin_of(b);
	memset(block - b->lead, AROUND, b->lead);
	memset(block + n, AROUND, (size_t)(end_of(b) - block) - n);
	if (!zeroed)
		fill(block, n, (unsigned)page);
	b->state = LIVE;
	errno = saved;
	return block;
}

bool guarded_heap_spans(uintptr_t address)
{
	return start && address >= (uintptr_t)start &&
	       address - (uintptr_t)start < (size_t)PAGES * PAGE;
}

/* The block to which the page of ADDRESS belongs, NULL for none. */
static struct block *block_around(uintptr_t address)
{
	if (!guarded_heap_spans(address))
		return NULL;
	unsigned owner = owners[(address - (uintptr_t)start) / PAGE];
	return owner ? &blocks[owner - 1] : NULL;
}

bool guarded_heap_has(const void *block)
{
	const struct block *b = block_around((uintptr_t)block);
	return b && b->state == LIVE && begin_of(b) == block;
}

size_t guarded_heap_size(const void *block)
{
	return block_around((uintptr_t)block)->size;
}

/* How many of the N bytes from AT on, in steps of STEP, reach to the last one that
 * does not hold the fill: 0 when all do. */
static size_t written(const unsigned char *at, size_t n, int step)
{
	size_t last = 0;
	for (size_t i = 0; i < n; i++, at += step)
		if (*at != AROUND)
			last = i + 1;
	return last;
}

/* Whether bytes around B were written: then *ret_fault tells of it. */
static bool is_stained(const struct block *b, struct memory_fault *ret_fault)
{
	const unsigned char *end = begin_of(b) + b->size;
	size_t past = written(end, (size_t)(end_of(b) - end), 1);
	size_t before = written(begin_of(b) - 1, b->lead, -1);
	if (past + before == 0)
		return false;
	*ret_fault = (struct memory_fault){
		.kind = past ? MEMORY_FOUND_PAST : MEMORY_FOUND_BEFORE,
		.writes = 1, .size = b->size, .distance = past ? past : before,
		.got = b->got, .gone = b->gone, .lent = NO_CALL, .via = -1,
	};
	return true;
}

bool guarded_heap_release(void *block, struct call_place by,
			  struct memory_fault *ret_fault)
{
	struct block *b = block_around((uintptr_t)block);
	int live = LIVE, saved = errno;
	b->gone = by;
	bool stained = is_stained(b, ret_fault);
	if (atomic_compare_exchange_strong(&b->state, &live, RELEASED))
		seal(page_at((unsigned)(b - blocks)), b->pages);
	errno = saved;
	return stained;
}

bool guarded_heap_check(struct memory_fault *ret_fault)
{
	for (unsigned page = 0; page < next; page += blocks[page].pages + 1)
		if (blocks[page].state == LIVE &&
		    is_stained(&blocks[page], ret_fault))
			return true;
		else if (blocks[page].state == FREE)
			return false;
	return false;
}

/* Tells of B in *ret_fault. */
static bool tell(const struct block *b, enum memory_kind kind, uint64_t distance,
		 struct memory_fault *ret_fault)
{
	ret_fault->kind = kind;
	ret_fault->size = b->size;
	ret_fault->distance = distance;
	ret_fault->got = b->got;
	ret_fault->gone = b->gone;
	return true;
}

/* Whether ADDRESS is what was read from a block where nothing was ever written. */
static bool look_unset(uintptr_t address, struct memory_fault *ret_fault)
{
	uintptr_t word = address - (UNSET_LOW - NEAR);
	unsigned number = ((unsigned)(word >> 40) & 0x7f) << 7 |
			  ((unsigned)(word >> 32) & 0x7f);
	if ((word & 0xffff808000000000u) != (UNSET_HIGH | 0x808000000000u) ||
	    (word & 0xffffffffu) > 2 * NEAR)
		return false;
	static const struct block none = { .got = { -1, 0, 0 }, .gone = { -1, 0, 0 } };
	bool known = number < next && blocks[number].state != FREE;
	return tell(known ? &blocks[number] : &none, MEMORY_UNSET_BLOCK, 0,
		    ret_fault);
}

bool guarded_heap_look(uintptr_t address, struct memory_fault *ret_fault)
{
	const struct block *b = block_around(address);
	if (!b)
		return look_unset(address, ret_fault);
	uintptr_t end = (uintptr_t)begin_of(b) + b->size;
	const struct block *after = b + b->pages + 1;
	if (address >= end && after < blocks + PAGES && after->state == LIVE) {
		uintptr_t before = (uintptr_t)begin_of(after) - address;
		if (before < address - end)
			return tell(after, MEMORY_BEFORE, before, ret_fault);
	}
	if (b->state == RELEASED)
		return tell(b, MEMORY_FREED, 0, ret_fault);
	return address >= end && tell(b, MEMORY_PAST, address - end + 1, ret_fault);
}
