/* confined.c - goes into a cell and becomes a program that is none of ours.
 *
 *	confined WORDS PROGRAM ARGUMENT...
 *
 * The words are those of confine.h.
 */
#include "confine.h"

#include <unistd.h>

enum { NO_PROGRAM = 127 };

int main(int argc, char **argv)
{
	(void)argc;
	char **program = confine(argv + 1);
	if (*program)
		execvp(*program, program);
	return NO_PROGRAM;
}
