/* limits.h - the limits that more than one folder keeps, or that a maintainer would
 * look for. Each has its unit and its reason. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

enum {
	/* --- files -------------------------------------------------------- */

	/* Bytes of one file that is handed in. */
	SUBMISSION_FILE_MAX = 1 << 20,
	/* Bytes of one file that a compiler, or the learner's tests, may write. */
	COMPILED_MAX = 64 << 20,
	/* Bytes of a text of the workbook or the learner that is read whole: a
	 * source, hints, the progress. The longest source here has 35 KiB. */
	TEXT_FILE_MAX = 1 << 20,
	/* Bytes of disk, and entries, that a folder may hold which hostile code
	 * writes to. An exercise needs some 10 KiB in 10 files; a few such folders
	 * at a time have to fit into ROOM_IN_MEMORY. */
	FOLDER_BYTES_MAX = 16 << 20,
	FOLDER_ENTRIES_MAX = 4096,
	/* Bytes of the /tmp that a bubblewrap cell has alone; as much as a folder. */
	CELL_TMP_BYTES = FOLDER_BYTES_MAX,
	/* Bytes that must be free in /dev/shm before temporary folders are made
	 * there: room for 16 folders that hostile code has filled. */
	ROOM_IN_MEMORY = 256 << 20,

	/* --- processes ---------------------------------------------------- */

	/* Descriptors that a cell's program may have open, and so the least that
	 * `ulimit -n` must allow: with fewer, correct code would fail. */
	DESCRIPTORS_NEEDED = 256,
	/* How many more processes than the learner's code a program of ours may
	 * have, and one of ours that has loaded theirs. A fork bomb of theirs, in
	 * another cell of the same user, then takes none from us. */
	RESTRAIN_OURS = 64,
	RESTRAIN_LOADED = 32,
	/* How far the programs that run beside gcovr step back for it, as nice(1)
	 * counts: it is the longest part of a verdict. */
	NICE_BESIDE_GCOVR = 10,

	/* Milliseconds in which a runner without orders ends. */
	LET_END_MS = 100,

	/* Bytes of address space of a compiler, and of gcovr. */
	TOOL_MEMORY_MAX = 1 << 30,

	/* --- time, in milliseconds unless the name says seconds -------------- */

	/* Processor time of the process that runs the learner's code, in seconds. */
	CODE_SECONDS_MAX = 60,
	/* The way into a cell takes as long as a small compile; on a loaded machine
	 * it may take longer, and then the next step waits for it. */
	CELL_MS = 1000,
	/* The program that tries out a sandbox does some 20 system calls: this is
	 * for a loaded machine. */
	PROBE_MS = 5000,
	/* A lesson or an experiment is built and run within a second. */
	RUN_PROGRAM_SECONDS = 5,
	/* The compiler alone; a cold disk takes it many seconds. */
	RUN_PROGRAM_BUILD_MS = 60 * 1000,

	/* --- output --------------------------------------------------------- */

	/* Bytes kept of what a lesson or an experiment prints; a screen has 4 KiB. */
	RUN_PROGRAM_OUTPUT = 1 << 16,
	/* Bytes of any file that a lesson or an experiment writes. */
	RUN_PROGRAM_FILE_MAX = 1 << 20,
};

#endif
