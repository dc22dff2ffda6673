/* wrap_table.c - every stub once, so that a row of calls.def without one does
 * not link. */
#include "wrap.h"

#define ERRNOS(a, b)
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
