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
	unsigned bits = 1u << (what->index->info >> 1);
	uint64_t sign = bits > 0 && bits <= 64 ? (uint64_t)1 << (bits - 1) : 0;
	if ((what->index->info & 1) && (index & sign)) {
		fault.kind = MEMORY_INDEX_BELOW;
		fault.distance = sign - (index & (sign - 1));
	}
	snprintf(fault.text, sizeof(fault.text), "%s", what->array->name);
	memory_ends_at(fault, RETURNS);
}
