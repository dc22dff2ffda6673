/* heap.h - the blocks of the code under test: guarded ones (guarded_heap.h) as long as
 * there is room, then ordinary ones of libc's, which are kept when they are released
 * (quarantine.h). */
#ifndef RUNTIME_HEAP_H
#define RUNTIME_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include "protocol/memory_fault.h"

/* A block of N bytes for BY, of ALIGNMENT (0: as malloc's), of zeros when ZEROED: NULL
 * with errno set when there is no memory. heap_release takes it. */
void *heap_get(size_t n, size_t alignment, bool zeroed, struct call_place by);

/* Takes the ordinary BLOCK, of whose bytes N are used, and gives one for BY with the same
 * bytes, which may be BLOCK itself. NULL stays NULL. */
void *heap_adopt(void *block, size_t n, struct call_place by);

/* Moves OLD into a block of N bytes for BY, always, and releases OLD: NULL with errno set
 * when there is no memory, and then OLD stays. */
void *heap_move(void *old, size_t n, struct call_place by);

/* How many bytes of BLOCK may be used. */
size_t heap_size(void *block);

/* Releases BLOCK by the call BY: it is kept from then on. */
void heap_release(void *block, struct call_place by);

/* Releases BLOCK for code that is not watched: an ordinary one is freed. One that was
 * released before ends the process, as any access to it does. */
void heap_give_back(void *block, struct call_place by);

/* Has the ordinary BLOCK kept when libc frees it on this thread, the next time. True when
 * that will be so: only the runners see what libc frees (heap_calls.c). */
bool heap_hold(const void *block);

/* Whether BLOCK, which is about to be freed, is held; asked once of each. */
bool heap_holds(const void *block);

#endif
