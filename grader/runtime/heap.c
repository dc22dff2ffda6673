/* heap.c - see heap.h. */
#include "heap.h"
#include "guarded_heap.h"
#include "memory_watch.h"
#include "quarantine.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

static bool sees_free;			/* heap_holds is asked */
static _Thread_local const void *held;

bool heap_hold(const void *block)
{
	held = block;
	return sees_free;
}

bool heap_holds(const void *block)
{
	sees_free = true;
	if (!block || block != held)
		return false;
	held = NULL;
	return true;
}

/* An ordinary block. */
static void *get_ordinary(size_t n, size_t alignment, bool zeroed)
{
	void *block = alignment ? memalign(alignment, n) :
		      zeroed ? calloc(1, n ? n : 1) : malloc(n);
	if (block && !zeroed)
		guarded_heap_fill(block, n);
	return block;
}

void *heap_get(size_t n, size_t alignment, bool zeroed, struct call_place by)
{
	void *block = guarded_heap_get(n, alignment, zeroed, by);
	return block ? block : get_ordinary(n, alignment, zeroed);
}

void *heap_adopt(void *block, size_t n, struct call_place by)
{
	int saved = errno;
	void *guarded = block ? guarded_heap_get(n, 0, false, by) : NULL;
	if (!guarded)
		return block;
	memcpy(guarded, block, n);
	free(block);
	errno = saved;
	return guarded;
}

size_t heap_size(void *block)
{
	return guarded_heap_has(block) ? guarded_heap_size(block) :
	       malloc_usable_size(block);
}

void *heap_move(void *old, size_t n, struct call_place by)
{
	void *block = heap_get(n ? n : 1, 0, false, by);
	if (!block || !old)
		return block;
	size_t had = heap_size(old);
	memcpy(block, old, had < n ? had : n);
	heap_release(old, by);
	return block;
}

/* Releases a guarded block, and tells when it was written around. */
static void release_guarded(void *block, struct call_place by)
{
	struct memory_fault fault;
	if (guarded_heap_release(block, by, &fault))
		memory_found(&fault);
}

void heap_release(void *block, struct call_place by)
{
	if (guarded_heap_has(block))
		release_guarded(block, by);
	else if (!guarded_heap_spans((uintptr_t)block))
		quarantine_keep(block);
}

void heap_give_back(void *block, struct call_place by)
{
	if (guarded_heap_has(block))
		release_guarded(block, by);
	else if (guarded_heap_spans((uintptr_t)block))
		*(volatile char *)block = 0;
	else
		free(block);
}
