/* airbag.c - the notes of what is open, in a list that is told at exit. */
#include "airbag.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A note and its own copy of WHAT, in one block. */
struct airbag {
	const char *file;
	int line;
	bool told;
	struct airbag *next;
	char what[];
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
	size_t size = strlen(what) + 1;
	struct airbag *bag;

	if (prepare_exit() < 0)
		return -ENOMEM;
	bag = malloc(sizeof(*bag) + size);
	if (!bag)
		return -ENOMEM;
	*bag = (struct airbag){ .file = file, .line = line, .next = armed };
	memcpy(bag->what, what, size);
	armed = bag;
	*ret_bag = bag;
	return 0;
}

/* Takes a note out of the list, wherever it hangs, and frees it. */
void airbag_disarm(struct airbag **bag)
{
	struct airbag **link = &armed;

	if (!*bag)
		return;
	while (*link != *bag)
		link = &(*link)->next;
	*link = (*bag)->next;
	free(*bag);
	*bag = NULL;
}

/* Counts only what could be written; the rest is still to be told. */
int airbag_report(FILE *out)
{
	int count = 0;

	for (struct airbag *bag = armed; bag; bag = bag->next) {
		if (bag->told)
			continue;
		bag->told = fprintf(out, "%s:%d: %s was never closed\n",
				    bag->file, bag->line, bag->what) > 0;
		count += bag->told;
	}
	return count;
}
