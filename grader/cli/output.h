/* output.h - standard output as a result that can be lost. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdbool.h>

/* Puts something in the place of standard input, output and error where one is
 * closed, so that no file that is opened later is taken for it. Reading then finds
 * the end, and writing fails. Source: POSIX, open: the lowest descriptor is given. */
void output_open_standard(void);

/* Whether what reads standard output has gone: what is printed is not wanted. */
bool output_unwanted(void);

/* Writes out what is buffered for standard output and returns the exit status: STATUS
 * or, when something of it was lost, STATUS_FAULT after saying so. A reader that has
 * gone, as `| head` does, is no fault. */
int output_finish(int status);

#endif
