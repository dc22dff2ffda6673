/* airbag.c - a correct version: a table of fixed size. A note costs no
 * memory; when the table is full, or WHAT too long for it, arm says ENOMEM. */
#include "airbag.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { NOTES = 256, TEXT = 1024 };

struct airbag {
	enum { FREE, ARMED, TOLD } state;
	const char *file;
	int line;
	char what[TEXT];
};

static struct airbag notes[NOTES];

/* Tells what the table still holds at exit. */
static void report_at_exit(void)
{
	airbag_report(stderr);
}

/* Whether the report will run at exit. */
static int is_registered(void)
{
	static int registered;

	if (!registered)
		registered = atexit(report_at_exit) == 0;
	return registered;
}

/* The first free note, NULL when there is none. */
static struct airbag *free_note(void)
{
	for (struct airbag *note = notes; note < notes + NOTES; note++)
		if (note->state == FREE)
			return note;
	return NULL;
}

/* A note taken is one that is no longer free: nothing is undone here. */
int airbag_arm(const char *what, const char *file, int line,
	       struct airbag **ret_bag)
{
	struct airbag *note = free_note();

	if (!note || strlen(what) >= TEXT || !is_registered())
		return -ENOMEM;
	strcpy(note->what, what);
	note->file = file;
	note->line = line;
	note->state = ARMED;
	*ret_bag = note;
	return 0;
}

/* Gives the place in the table back. */
void airbag_disarm(struct airbag **bag)
{
	if (!bag || !*bag)
		return;
	(*bag)->state = FREE;
	*bag = NULL;
}

/* In the order of the table. */
int airbag_report(FILE *out)
{
	int told = 0;

	for (struct airbag *note = notes; note < notes + NOTES; note++) {
		if (note->state != ARMED)
			continue;
		if (fprintf(out, "%s:%d: %s was never closed\n", note->file,
			    note->line, note->what) < 0)
			continue;
		note->state = TOLD;
		told++;
	}
	return told;
}
