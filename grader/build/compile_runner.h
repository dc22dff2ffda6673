/* compile_runner.h - what build.c and build/compile_runner agree on.
 *
 * compile_runner is a program that runs compilers and linkers, several at a time, in one
 * cell. It is started with the number of libraries that may be built at a time as its
 * one argument, and finds a list in the memory file that is open as COMPILE_RUNNER_LIST.
 * The list holds words, each ended by a NUL, and an empty word ends a group of them:
 *
 *	library:	a command or more, and an empty word
 *	command:	a word or more, the program and its arguments; and an empty word
 *
 * No shell reads any of it. The commands of a library run in their order up to the first
 * that fails. Then this program prints, to its standard output,
 *
 *	NUMBER KIND VALUE SIZE\n	and SIZE bytes
 *
 * NUMBER is the library's, from 0 in the order of the list. The bytes are what its
 * commands wrote to their outputs, COMPILE_RUNNER_SAID at most.
 */
#ifndef BUILD_COMPILE_RUNNER_H
#define BUILD_COMPILE_RUNNER_H

enum {
	COMPILE_RUNNER_LIST = 3,	/* descriptor */
	COMPILE_RUNNER_SAID = 64 << 10,	/* bytes kept for each library */
	COMPILE_RUNNER_LINE = 64,	/* bytes of the line before them, at most */
};

/* How the last command of a library that was run came to its end: KIND and VALUE. */
enum compile_end {
	COMPILE_EXITED,		/* with this exit status; 0: all has been done */
	COMPILE_KILLED,		/* by this signal */
	COMPILE_NOT_STARTED,	/* the program could not be started: this errno */
};

#endif
