/* memory_words.h - a bad access to memory (protocol/memory_fault.h), in words. */
#ifndef DEBUG_MEMORY_WORDS_H
#define DEBUG_MEMORY_WORDS_H

#include <stdbool.h>
#include "debug_info.h"
#include "protocol/memory_fault.h"

enum { MEMORY_SENTENCE_MAX = 512 };

/* What is needed to tell it. */
struct memory_telling {
	const struct memory_fault *fault;
	const struct debug_info *sites;
	const char *noun;	/* what the exercise calls a block */
	bool theirs;		/* the code under test is the learner's: its lines
				 * may be named */
};

/* Where to look; line 0 when that is not known. */
struct place memory_place(const struct memory_telling *telling);

/* Writes what went wrong, the rest of a sentence: "memo.c:69 reads the block that was
 * freed at memo.c:68"; "" when the fault is none of memory or its place is not known. */
void memory_sentence(const struct memory_telling *telling,
		     char text[MEMORY_SENTENCE_MAX]);

/* How a verdict names the finding: use_after_release, write_after_release, overrun,
 * unset, crash. */
const char *memory_finding(const struct memory_fault *fault);

#endif
