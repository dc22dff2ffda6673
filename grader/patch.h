/* patch.h - broken versions, misconceptions and test cases are kept as patches against our
 * solution: the one change that matters, with its words above it. */
#ifndef PATCH_H
#define PATCH_H

enum { PATCH_WORDS = 512 };

/* The header lines "Key: words" above a patch; "" for those not there. */
struct patch {
	char clause[PATCH_WORDS];	/* of a broken version */
	char says[PATCH_WORDS];
	char diagnosis[PATCH_WORDS];	/* of a misconception */
	char score[PATCH_WORDS];
	char finding[PATCH_WORDS];	/* of a case of the grader's tests */
	char outcome[PATCH_WORDS];
};

/* Reads the header of the patch at PATH: 0; or a negative errno with the
 * reason, naming file and line, in *ret_why, which the caller frees. */
int patch_read(const char *path, struct patch *ret_patch, char **ret_why);

/* Applies it to the files in FOLDER, by patch(1), with no fuzz: the same
 * errors. */
int patch_apply(const char *path, const char *folder, char **ret_why);

#endif
