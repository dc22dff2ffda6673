/* coverage.h - which lines and branches ran, as gcovr tells it. */
#ifndef MUTATION_COVERAGE_H
#define MUTATION_COVERAGE_H

#include <jansson.h>
#include <stdbool.h>
#include "sandbox/cell.h"
#include "base/process.h"

/* Links the .gcno files of the folder OBJECTS into FOLDER, which is made: where
 * counters are then written. gcov looks for them side by side. */
int coverage_prepare(const char *objects, const char *folder);

/* gcovr at work. */
struct gcovr {
	struct process process;
	int gate;		/* it waits for this to be closed; -1: it goes */
	char said[256];		/* the last line of what it said on the side, once it
				 * is finished */
};

#define GCOVR_NONE { .process = PROCESS_NONE, .gate = -1 }

/* Starts gcovr over FOLDER and what is below it, in CELL, NULL for none: 0, and
 * coverage_finish or coverage_end ends it; -ENOENT when there is no gcovr, -ENOPKG when
 * there is one that cannot be shown to a cell; or another negative errno. It reads its
 * own modules, which takes it longest, and then waits for coverage_go: the counters need
 * not be there yet. */
int coverage_start(const char *folder, const struct cell *cell,
		   struct gcovr *ret_gcovr);

/* Lets gcovr go: the counters are there. Does nothing when it goes already. */
void coverage_go(struct gcovr *gcovr);

/* Lets gcovr go and waits for it: 0 and *ret_files, the array of its JSON report,
 * which the caller owns; -ENOENT when there is no gcovr; -ENODATA when it found no
 * data, which is a fault of the grader and never of the learner; or another
 * negative errno. */
int coverage_finish(struct gcovr *gcovr, json_t **ret_files);

/* Ends gcovr, whatever it does. */
void coverage_end(struct gcovr *gcovr);

/* Takes the array "files" out of TEXT, a JSON report of gcovr's: 0 and
 * *ret_files, which the caller owns; -ENODATA when TEXT is no such report or
 * tells of no file. */
int coverage_read(const char *text, json_t **ret_files);

/* The lines that gcovr tells of the source file PATH, NULL for none. */
const json_t *coverage_lines(const json_t *files, const char *path);

/* How often LINE of LINES ran, -1 when it holds no code. */
long coverage_line(const json_t *lines, int line);

/* How often branch INDEX of LINE was taken, -1 when there is none. */
long coverage_branch(const json_t *lines, int line, int index);

/* Calls SEEN with each branch of LINES that was taken. */
void coverage_taken(const json_t *lines,
		    void (*seen)(int line, int index, void *data), void *data);

#endif
