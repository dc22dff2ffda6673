/* airbag.c - a correct version: a ring around a sentinel, and each note in
 * one block with its text. */
#include "airbag.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct airbag {
	struct airbag *prev, *next;
	const char *file;
	int line;
	bool told;
	char what[];
};

/* The sentinel: an empty ring is its own neighbour, and bears no text. */
static struct airbag ring = { .prev = &ring, .next = &ring };

/* Tells what is left in the ring at exit. */
static void tell_the_rest(void)
{
	airbag_report(stderr);
}

/* Whether there will be a report at exit; only the first call arranges it. */
static bool will_be_told(void)
{
	static bool arranged;

	if (!arranged)
		arranged = atexit(tell_the_rest) == 0;
	return arranged;
}

/* Hangs BAG in last: the oldest is told first. */
static void append(struct airbag *bag)
{
	bag->next = &ring;
	bag->prev = ring.prev;
	bag->prev->next = bag;
	ring.prev = bag;
}

/* One block, so one call that can fail. */
int airbag_arm(const char *what, const char *file, int line,
	       struct airbag **ret_bag)
{
	size_t size = strlen(what) + 1;
	int rc = -ENOMEM;

	if (will_be_told()) {
		struct airbag *bag = malloc(sizeof(*bag) + size);

		if (bag) {
			memcpy(bag->what, what, size);
			bag->file = file;
			bag->line = line;
			bag->told = false;
			append(bag);
			*ret_bag = bag;
			rc = 0;
		}
	}
	return rc;
}

/* In a ring every note has two neighbours: no case is special. */
void airbag_disarm(struct airbag **bag)
{
	if (bag && *bag) {
		(*bag)->prev->next = (*bag)->next;
		(*bag)->next->prev = (*bag)->prev;
		free(*bag);
		*bag = NULL;
	}
}

/* Writes one note; returns whether it could be written. */
static bool tell(struct airbag *bag, FILE *out)
{
	bag->told = fprintf(out, "%s:%d: %s was never closed\n", bag->file,
			    bag->line, bag->what) > 0;
	return bag->told;
}

/* Goes round once, from the oldest to the youngest. */
int airbag_report(FILE *out)
{
	int written = 0;

	for (struct airbag *bag = ring.next; bag != &ring; bag = bag->next) {
		if (!bag->told && tell(bag, out))
			written++;
	}
	return written;
}
