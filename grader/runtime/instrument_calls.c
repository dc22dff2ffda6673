/* instrument_calls.c - what gcc has code under test call where it finds a bad access by
 * itself (see the flags in build/build.c). Part of the two runners, before the libraries
 * that define these too.
 */
#include "memory_watch.h"

#include <stdint.h>
#include <stdio.h>

#define RETURNS injection_return_address( \
	(uintptr_t)__builtin_return_address(0))

void __stack_chk_fail(void);

/* gcc calls this where a function returns whose local arrays were written past their
 * end (-fstack-protector). */
void __stack_chk_fail(void)
{
	memory_ends_at((struct memory_fault){ .kind = MEMORY_SMASHED }, RETURNS);
}

/* What gcc hands over: a place, which debug information tells us too, and the types.
 * Source: gcc's libsanitizer, ubsan/ubsan_value.h and ubsan/ubsan_handlers.h. */
struct ubsan_type {
	uint16_t kind, info;	/* bit 0 of info: signed; the others: the
				 * logarithm of its bits */
	char name[];
};

struct ubsan_index {
	const char *file;
	uint32_t line, column;
	const struct ubsan_type *array, *index;
};

void __ubsan_handle_out_of_bounds(const struct ubsan_index *what, uintptr_t index);

/* gcc calls this for an index that an array does not have (-fsanitize=bounds). */
void __ubsan_handle_out_of_bounds(const struct ubsan_index *what, uintptr_t index)
{
	struct memory_fault fault = { .kind = MEMORY_INDEX, .distance = index };
	int unused = (int)(sizeof(index) * 8) - (1 << (what->index->info >> 1));
	int64_t value = unused > 0 && unused < 64 ?
			(int64_t)(index << unused) >> unused : (int64_t)index;
	if ((what->index->info & 1) && value < 0) {
		fault.kind = MEMORY_INDEX_BELOW;
		fault.distance = (uint64_t)-value;
	}
	snprintf(fault.text, sizeof(fault.text), "%s", what->array->name);
	memory_ends_at(fault, RETURNS);
}
