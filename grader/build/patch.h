/* patch.h - broken versions, misconceptions and test cases are kept as patches against our
 * solution: the one change that matters, with its words above it. */
#ifndef BUILD_PATCH_H
#define BUILD_PATCH_H

enum { PATCH_WORDS = 512 };

/* The header lines "Key: words" above a patch; "" for those not there. */
struct patch {
	char clause[PATCH_WORDS];	/* of a broken version */
	char row[PATCH_WORDS];		/* of the tests: which it shows, or breaks */
	char minor[PATCH_WORDS];	/* why it may cost less than others */
	char alone[PATCH_WORDS];	/* why it goes with no other: it hides them */
	char says[PATCH_WORDS];		/* one sentence: what is wrong */
	char diagnosis[PATCH_WORDS];	/* of a misconception */
	char score[PATCH_WORDS];
	/* of a case of the grader's tests; tests/test_cases.c says how */
	char kind[PATCH_WORDS];		/* numbers, "25, 30" */
	char finding[PATCH_WORDS];
	char outcome[PATCH_WORDS];	/* one or several, "crash, timeout" */
	char most[PATCH_WORDS], least[PATCH_WORDS];
	char evidence[PATCH_WORDS];
	char never[PATCH_WORDS];
	char needs[PATCH_WORDS];
};

/* Reads the header of the patch at PATH, or of a script: there it is the
 * comment below its first line. 0; or a negative errno with the reason, naming
 * file and line, in *ret_why, which the caller frees. */
int patch_read(const char *path, struct patch *ret_patch, char **ret_why);

/* Applies it to the files in FOLDER, by patch(1), with no fuzz: the same
 * errors. */
int patch_apply(const char *path, const char *folder, char **ret_why);

#endif
