/* airbag.c - a correct version: a list linked both ways, undone by labels. */
#include "airbag.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct airbag {
	struct airbag *older, *younger;
	char *what;
	const char *file;
	int line;
	int told;
};

static struct airbag *youngest;

/* Runs at exit, whatever is still armed. */
static void last_words(void)
{
	airbag_report(stderr);
}

/* Registers last_words, at most once. */
static int register_once(void)
{
	static int registered;

	if (registered)
		return 0;
	if (atexit(last_words) != 0)
		return -ENOMEM;
	registered = 1;
	return 0;
}

/* Makes BAG the youngest note. */
static void link_in(struct airbag *bag)
{
	bag->older = youngest;
	if (youngest)
		youngest->younger = bag;
	youngest = bag;
}

/* Each label undoes one step more. */
int airbag_arm(const char *what, const char *file, int line,
	       struct airbag **ret_bag)
{
	struct airbag *bag = calloc(1, sizeof(*bag));

	if (!bag)
		goto out;
	bag->what = strdup(what);
	if (!bag->what)
		goto free_bag;
	if (register_once() != 0)
		goto free_what;
	bag->file = file;
	bag->line = line;
	link_in(bag);
	*ret_bag = bag;
	return 0;

free_what:
	free(bag->what);
free_bag:
	free(bag);
out:
	return -ENOMEM;
}

/* Joins the neighbours of the note, then frees it. */
void airbag_disarm(struct airbag **bag)
{
	struct airbag *gone = bag ? *bag : NULL;

	if (!gone)
		return;
	if (gone->younger)
		gone->younger->older = gone->older;
	else
		youngest = gone->older;
	if (gone->older)
		gone->older->younger = gone->younger;
	*bag = NULL;
	free(gone->what);
	free(gone);
}

/* From the youngest to the oldest. */
int airbag_report(FILE *out)
{
	int n = 0;

	for (struct airbag *b = youngest; b != NULL; b = b->older) {
		if (!b->told && fprintf(out, "%s:%d: %s was never closed\n",
					b->file, b->line, b->what) >= 0) {
			b->told = 1;
			n++;
		}
	}
	return n;
}
