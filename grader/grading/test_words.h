/* test_words.h - what a test has to say, in words for the learner: Check's message
 * translated, with the round, and with what became of the fault that it asked for. */
#ifndef GRADING_TEST_WORDS_H
#define GRADING_TEST_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include "mutation/mutation_test.h"

/* A comparison that failed: the words of LEFT OPERATOR RIGHT, and both values. */
struct comparison {
	char left[128], operator[4], right[128];
	char got[256], wanted[256];	/* as values of left and right */
};

/* Takes TEXT, a message of Check's, apart, with what is a plain number on the right:
 * false when it tells of no comparison. */
bool test_words_compare(const char *text, struct comparison *ret_comparison);

/* Writes TEXT, a message of Check's, into RET, which has SIZE bytes: a comparison as
 * "rc: expected -5 (EIO), got 0", newlines as \n. */
void test_words_translate(const char *text, char *ret, size_t size);

/* Writes what ACCOUNT says into RET, which has SIZE bytes: the message, the round, and
 * what became of the fault. "" when there is nothing to say. */
void test_words_of(const struct account *account, char *ret, size_t size);

#endif
