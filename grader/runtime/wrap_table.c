/* wrap_table.c - every wrapper once, so that a row of calls.def without one does
 * not link. */
#include "wrap.h"

#define ERRNOS(...)
#define HARMLESS(name)
#define PRETEND(id, ...)
#define ALIAS(other, name)
#define CALL(name, ...) void brakes_##name(void);
#include "ledger/calls.def"
#undef CALL

#define CALL(name, ...) brakes_##name,
void (*const brakes_wrappers[])(void) = {
#include "ledger/calls.def"
};
#undef CALL
#undef ALIAS

/* Another name of a call jumps on to its wrapper: objcopy does not rename two
 * functions to the same one. */
#ifdef __aarch64__
#define JUMP "b"
#else
#define JUMP "jmp"
#endif
#define CALL(name, ...)
#define ALIAS(other, name) \
	__asm__(".text\n.globl brakes_" #other "\n" \
		".type brakes_" #other ", %function\n" \
		"brakes_" #other ": " JUMP " brakes_" #name "\n");
#include "ledger/calls.def"
