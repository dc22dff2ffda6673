/* quarantine.h - freed blocks are filled and kept until the scenario ends, so
 * that a use after release shows without a sanitizer. Used with the lock of
 * fault_injection.h held. */
#ifndef RUNTIME_QUARANTINE_H
#define RUNTIME_QUARANTINE_H

#include <stdbool.h>
#include <stdint.h>

/* Takes BLOCK instead of free: fills it and keeps it. Beyond 64 MiB, or 65536
 * blocks, it really frees. */
void quarantine_keep(void *block);

/* Calls TELL with the address of each kept block that was written to. */
void quarantine_check(void (*tell)(uint64_t block));

/* Whether ADDRESS lies in a kept block. */
bool quarantine_holds(uintptr_t address);

#endif
