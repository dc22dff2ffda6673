/* limits.h - the limits that more than one folder keeps. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

enum {
	/* Bytes of one file that is handed in. */
	SUBMISSION_FILE_MAX = 1 << 20,
	/* Bytes of one file that a compiler, or the learner's tests, may write. */
	COMPILED_MAX = 64 << 20,
	/* Bytes of address space of a compiler, and of gcovr. */
	TOOL_MEMORY_MAX = 1 << 30,
	/* Descriptors that code under test may have open. */
	CODE_DESCRIPTORS_MAX = 256,
	/* Processor time of the process that runs the learner's code, in seconds. */
	CODE_SECONDS_MAX = 60,
	/* How far the programs that run beside gcovr step back for it, as nice(1)
	 * counts: it is the longest part of a verdict. */
	NICE_BESIDE_GCOVR = 10,
};

#endif
