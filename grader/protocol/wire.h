/* wire.h - what the judge and the scenario runner say to each other: lines of text.
 *
 * Orders go down, from the judge:
 *	run FOLDER MODE POINT COVERAGE CHANGE OFFSET
 *					fork, enter FOLDER, follow this plan;
 *					COVERAGE is the folder for the counters,
 *					"" for none; CHANGE is made to the
 *					release at OFFSET
 *	ask NUMBER COMMAND ARGUMENT...	call the learner's function
 *	end				the scenario is over
 * Answers and events come up, from the forked child:
 *	ready				the next thing that it does is to load
 *					the learner's code
 *	step ...			a call was made (struct step)
 *	block MODULE:OFFSET STEPS	a function that was under way when the
 *					fault struck entered a block, after so
 *					many steps
 *	errno MODULE:OFFSET VALUE STEPS	the code looked at errno after the fault
 *	stain SERIAL			a freed block was written to
 *	memory ...			a bad access to memory (memory_fault.h)
 *	answer NUMBER ERRNO FAULTED VALUE...
 *					what the command replied; the number is
 *					that of the ask, drawn at random
 *	twin				a process that the code had forked came
 *					back from the call, too, and is gone
 *	bye				all said, after an end; it then waits to
 *					be ended
 * and from the scenario runner itself, in a pipe that the child has closed:
 *	child				it runs
 *	status STATUS LEFT OPEN MODULE OFFSET
 *					as waitpid tells it; processes that it
 *					left; descriptors that it had open when
 *					it had said goodbye, -1 else; its last
 *					block
 *
 * Words are separated by one space. A word holds no space, control character
 * or %: they are written %XX. An empty word is written %-.
 */
#ifndef PROTOCOL_WIRE_H
#define PROTOCOL_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include "ledger/ledger.h"

enum { WIRE_LINE_MAX = 4096, WIRE_WORDS_MAX = 64 };

/* One direction's reader. Starts as { .fd = FD }; owns nothing. */
struct wire {
	int fd;
	size_t start, end;
	char bytes[2 * WIRE_LINE_MAX];
};

/* A line as words, decoded; they point into the line. */
struct words {
	size_t n;
	char *word[WIRE_WORDS_MAX];
};

/* Reads once from the descriptor: 1 when bytes came, 0 at the end of it,
 * -EAGAIN when none wait, or another negative errno. */
int wire_fill(struct wire *wire);

/* The next whole line without its newline, valid until the next fill:
 * 1 and *ret_line; 0 when there is none yet; -EPROTO when a line is longer
 * than WIRE_LINE_MAX or holds a NUL. */
int wire_next(struct wire *wire, char **ret_line);

/* Waits for the next line: 1, 0 at the end of input, or a negative errno. */
int wire_read(struct wire *wire, char **ret_line);

/* Splits LINE at its spaces and decodes each word in place: 0, or -EPROTO for
 * too many words or a broken escape. */
int wire_split(char *line, struct words *ret_words);

/* Writes WORD to AT, encoded and with a space before it, using at most ROOM
 * bytes with the NUL, and returns the new end; what does not fit is cut. For words that
 * may be cut: what the code under test prints, names or says. */
char *wire_put(char *at, size_t room, const char *word);

/* Writes an order, VERB and N words, as one line to FD: 0, -EMSGSIZE when it is longer
 * than a line may be, and then nothing was written; or another negative errno. No word is
 * cut: a path that is cut is another path. */
int wire_order(int fd, const char *verb, const char *const words[], size_t n);

/* Writes the whole of N bytes: 0 or a negative errno. */
int wire_send(int fd, const char *bytes, size_t n);

/* Writes STEP as a line with its newline into LINE: its length. */
size_t wire_put_step(char line[WIRE_LINE_MAX], const struct step *step);

/* Reads a step from the words of its line: 0, or -EPROTO when a field is
 * missing, not a number, or out of range. */
int wire_get_step(const struct words *words, struct step *ret_step);

/* Reads a whole decimal or 0x number: 0, or -EPROTO. */
int wire_number(const char *word, long long *ret_number);

#endif
