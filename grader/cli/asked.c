/* asked.c - see asked.h. */
#include "asked.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include "say.h"
#include "suggest.h"

/* Writes the numbers of all exercises into TEXT: "08, 09, 12". */
static void numbers(const struct catalog *catalog, char *text, size_t size)
{
	size_t at = 0;
	text[0] = '\0';
	for (size_t i = 0; i < catalog->n && at < size; i++)
		at += (size_t)snprintf(text + at, size - at, "%s%.2s",
				       i ? ", " : "", catalog->exercises[i].id);
}

/* Says that WORD is no exercise, and which one was probably meant. Near a number
 * are all others: it is held against whole ids alone. */
static int no_such_exercise(const struct catalog *catalog, const char *word)
{
	const char *names[2 * ASKED_MAX], *near;
	char list[512];
	size_t n = 0;
	bool number = strlen(word) <= 2;
	for (size_t i = 0; i < catalog->n && i < ASKED_MAX && !number; i++) {
		names[n++] = catalog->exercises[i].id;
		if (!isdigit((unsigned char)*word))
			names[n++] = catalog->exercises[i].id + 3;
	}
	near = suggest_word(word, names, n);
	numbers(catalog, list, sizeof(list));
	if (near)
		return say(STATUS_USAGE, "no exercise %s: did you mean %s?",
			   word, near);
	return say(STATUS_USAGE, "no exercise %s: there are %s", word, list);
}

void ask_for(struct request *r, const struct exercise *exercise)
{
	for (size_t i = 0; i < r->n_asked; i++)
		if (r->asked[i] == exercise)
			return;
	if (r->n_asked < ASKED_MAX)
		r->asked[r->n_asked++] = exercise;
}

/* Whether as many exercises are named as COMMAND wants. */
static int count_asked(const struct request *r, const struct command *command)
{
	char list[512];
	numbers(r->catalog, list, sizeof(list));
	if (command->wants == WANTS_ONE && r->n_asked != 1)
		return say(STATUS_USAGE, "%s wants one exercise, such as: "
			   "build/brakes %s %.2s (there are %s)",
			   command->name, command->name, list, list);
	if (command->wants == WANTS_SOME && r->n_asked == 0)
		return say(STATUS_USAGE, "which exercise? Type for instance: "
			   "build/brakes grade %.2s (there are %s), or "
			   "--all", list, list);
	return 0;
}

int asked_find(struct request *r, const struct command *command)
{
	if (command->wants == WANTS_NONE)
		return r->n_words == 0 ? 0 :
			say(STATUS_USAGE, "%s takes no more words, and got "
			    "%s", command->name, r->words[0]);
	for (size_t i = 0; i < r->n_words; i++) {
		const char *word = r->words[i];
		const struct exercise *e = catalog_find(r->catalog, word);
		if (!e)
			return no_such_exercise(r->catalog, word);
		ask_for(r, e);
	}
	bool all = r->all || (command->wants == WANTS_ANY && r->n_words == 0);
	for (size_t i = 0; all && i < r->catalog->n; i++)
		ask_for(r, &r->catalog->exercises[i]);
	return count_asked(r, command);
}
