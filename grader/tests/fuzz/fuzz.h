/* fuzz.h - what the three targets share.
 *
 * A target is one LLVMFuzzerTestOneInput: it hands its bytes to one reader of
 * what others write, through the reader's own header, and holds what came of
 * it against what that header promises. It runs under libFuzzer (make fuzz),
 * and in tests/test_fuzz.c over the files kept beside it.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/temporary.h"

/* A claim that must hold whatever the bytes are. */
#define require(claim) \
	((claim) ? (void)0 : fuzz_broken(__FILE__, __LINE__, #claim))

__attribute__((noreturn))
static inline void fuzz_broken(const char *file, int line, const char *claim)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, claim);
	abort();
}

/* How much of the bytes so far was taken for what it claims to be: a target
 * that never takes anything tries nothing. */
static size_t fuzz_taken;

static char fuzz_folder[PATH_MAX];

static void fuzz_leave(void)
{
	remove_own_folder(fuzz_folder);
}

/* The folder of this process for what a target needs on disk. */
static inline const char *fuzz_own_folder(void)
{
	if (!*fuzz_folder) {
		require(make_own_folder(fuzz_folder, sizeof(fuzz_folder)) == 0);
		atexit(fuzz_leave);
	}
	return fuzz_folder;
}

#endif
