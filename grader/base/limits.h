/* limits.h - the limits that more than one folder keeps. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

enum {
	/* Bytes of one file that is handed in. */
	SUBMISSION_FILE_MAX = 1 << 20,
	/* How far the programs that run beside gcovr step back for it, as nice(1)
	 * counts: it is the longest part of a verdict. */
	NICE_BESIDE_GCOVR = 10,
};

#endif
