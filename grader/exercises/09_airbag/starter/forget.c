/* forget.c - an experiment: one journal, four ways to leave.
 *
 *     make try-09
 *
 * tries them all: close, return, _exit, signal. Write down in guesses.txt
 * which of them will warn, before you run it. */
#include "journal.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Opens a journal and leaves by the way named; only one of them closes. */
int main(int argc, char **argv)
{
	const char *way = argc > 1 ? argv[1] : "return";
	struct journal *j = NULL;

	if (journal_open("/dev/null", &j) < 0)
		return 2;
	if (strcmp(way, "close") == 0)
		return journal_close(&j) < 0;
	if (strcmp(way, "_exit") == 0)
		_exit(0);
	if (strcmp(way, "signal") == 0)
		raise(SIGTERM);
	return 0;
}
