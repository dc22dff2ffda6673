/* output.h - standard output as a result that can be lost. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdbool.h>

/* Whether what reads standard output has gone: what is printed is not wanted. */
bool output_unwanted(void);

/* Writes out what is buffered for standard output and returns the exit status: STATUS
 * or, when something of it was lost, STATUS_FAULT after saying so. A reader that has
 * gone, as `| head` does, is no fault. */
int output_finish(int status);

#endif
