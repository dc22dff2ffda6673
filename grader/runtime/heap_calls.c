/* heap_calls.c - calls of libc's heap that reach a guarded block from other code than the
 * one that is watched: a driver or a test that frees what it was given, a library that
 * was handed the function free. Part of the two runners, before libc: also what libc
 * itself frees comes here. Source: the glibc manual, "Replacing malloc".
 */
#include "fault_injection.h"
#include "guarded_heap.h"
#include "heap.h"
#include "protocol/scenario_runner.h"

#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

/* glibc's own, under the names that it keeps for this. */
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *block, size_t n);
void __libc_free(void *block);

/* Who called, if it is a learner's test: its blocks are guarded too. */
static bool is_test(uintptr_t returns, enum call call, struct call_place *ret_by)
{
	struct code_place place;
	uintptr_t at = injection_return_address(returns) - 1;
	if (!injection_code_at(at, &place) || place.module != TESTS_MODULE)
		return false;
	*ret_by = (struct call_place){ (int)call, place.module, place.offset };
	return true;
}

#define BY_TEST(call, ret_by) \
	is_test((uintptr_t)__builtin_return_address(0), CALL_##call, ret_by)

void *malloc(size_t n)
{
	struct call_place by;
	void *block = BY_TEST(malloc, &by) ? guarded_heap_get(n, 0, false, by) : NULL;
	return block ? block : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
	struct call_place by;
	size_t bytes;
	void *block = BY_TEST(calloc, &by) && !__builtin_mul_overflow(n, size, &bytes) ?
		      guarded_heap_get(bytes, 0, true, by) : NULL;
	return block ? block : __libc_calloc(n, size);
}

/* Moves a guarded block, always. One that was released before ends the process. */
static void *move(void *old, size_t n, struct call_place by)
{
	if (!guarded_heap_has(old))
		*(volatile char *)old = 0;
	size_t had = guarded_heap_size(old);
	void *block = guarded_heap_get(n, 0, false, by);
	if (!block)
		block = __libc_malloc(n ? n : 1);
	if (!block)
		return NULL;
	memcpy(block, old, had < n ? had : n);
	heap_give_back(old, by);
	return block;
}

void *realloc(void *block, size_t n)
{
	struct call_place by = NO_CALL;
	bool test = BY_TEST(realloc, &by);
	if (block && guarded_heap_spans((uintptr_t)block))
		return move(block, n, by);
	void *got = test && !block ? guarded_heap_get(n, 0, false, by) : NULL;
	return got ? got : __libc_realloc(block, n);
}

void free(void *block)
{
	struct call_place by = NO_CALL;
	if (!block || !guarded_heap_spans((uintptr_t)block)) {
		if (!heap_holds(block))
			__libc_free(block);
		return;
	}
	BY_TEST(free, &by);
	heap_give_back(block, by);
}

size_t malloc_usable_size(void *block)
{
	static size_t (*real)(void *block);
	if (block && guarded_heap_has(block))
		return guarded_heap_size(block);
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "malloc_usable_size");
	return real ? real(block) : 0;
}
