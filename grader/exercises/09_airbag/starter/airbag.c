/* airbag.c - the notes of what is open, in a list that is told at exit. */
#include "airbag.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

/* TODO: a note must stay true, and be told once. These know neither: they
 * point into somebody else's memory, and forget that they were told. */
struct airbag {
	const char *what;
	const char *file;
	int line;
	struct airbag *next;
};

static struct airbag *armed;

/* Tells what is still armed when the process exits. */
static void tell_at_exit(void)
{
	airbag_report(stderr);
}

/* Has the notes told at exit, whoever asks, and however often. */
static int prepare_exit(void)
{
	static bool prepared;

	if (!prepared && atexit(tell_at_exit) != 0)
		return -ENOMEM;
	prepared = true;
	return 0;
}

/* Puts a note in front of the list. */
int airbag_arm(const char *what, const char *file, int line,
	       struct airbag **ret_bag)
{
	struct airbag *bag;

	if (prepare_exit() < 0)
		return -ENOMEM;
	bag = malloc(sizeof(*bag));
	if (!bag)
		return -ENOMEM;
	bag->what = what;
	bag->file = file;
	bag->line = line;
	bag->next = armed;
	armed = bag;
	*ret_bag = bag;
	return 0;
}

/* Takes a note out of the list, wherever it hangs, and frees it. */
void airbag_disarm(struct airbag **bag)
{
	struct airbag **link = &armed;

	if (!bag || !*bag)
		return;
	while (*link != *bag)
		link = &(*link)->next;
	*link = (*bag)->next;
	free(*bag);
	*bag = NULL;
}

/* Counts only what could be written. */
int airbag_report(FILE *out)
{
	int count = 0;

	for (struct airbag *bag = armed; bag; bag = bag->next)
		count += fprintf(out, "%s:%d: %s was never closed\n",
				 bag->file, bag->line, bag->what) > 0;
	return count;
}
