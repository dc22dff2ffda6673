/* guarded_heap.h - blocks for the code under test on pages of their own, each followed by
 * a page that cannot be accessed, so that a bad access ends at its place.
 *
 * A block ends where its last page ends, as near as its alignment allows. Its bytes, and
 * those around it on its pages, hold patterns: a pointer that is read from memory never
 * set leads nowhere and is recognised, and a write around a block is found when it is
 * freed. Its pages cannot be accessed from then on, and no other block gets them.
 *
 * There is room for so many blocks only; the others are ordinary ones. All of this works
 * in several threads and after a fork, without a lock.
 */
#ifndef RUNTIME_GUARDED_HEAP_H
#define RUNTIME_GUARDED_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "protocol/memory_fault.h"

/* Reserves the addresses, before the process forks: false when there are none, and then
 * every block is an ordinary one. */
bool guarded_heap_reserve(void);

/* Allows so many further blocks; none before the first call. */
void guarded_heap_allow(unsigned blocks);

/* A block of N bytes, of ALIGNMENT (a power of two; 0: as its size asks for), which BY
 * asked for; of zeros when ZEROED. NULL when there is no room: errno is left alone. */
void *guarded_heap_get(size_t n, size_t alignment, bool zeroed, struct call_place by);

/* Whether BLOCK is the start of one that was not released yet. */
bool guarded_heap_has(const void *block);

/* Whether ADDRESS lies among the pages. */
bool guarded_heap_spans(uintptr_t address);

/* The size of BLOCK, which guarded_heap_has. */
size_t guarded_heap_size(const void *block);

/* Releases BLOCK, which guarded_heap_has, by the call BY. True when bytes around it
 * were written: then *ret_fault tells of it, but for where the code is. */
bool guarded_heap_release(void *block, struct call_place by,
			  struct memory_fault *ret_fault);

/* Looks for a block around which bytes were written among those never released: as
 * guarded_heap_release. */
bool guarded_heap_check(struct memory_fault *ret_fault);

/* Tells in *ret_fault what ADDRESS, which was accessed in vain, has to do with a block: its
 * kind, size, distance, and who got and released it. False for nothing. Safe in a handler
 * of signals. */
bool guarded_heap_look(uintptr_t address, struct memory_fault *ret_fault);

/* Fills N bytes as memory that was never set, for blocks that are ordinary ones. */
void guarded_heap_fill(void *bytes, size_t n);

#endif
