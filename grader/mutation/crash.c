/* crash.c - see crash.h. */
#include "crash.h"
#include "debug/memory_words.h"
#include "verdict/verdict.h"

#include <stdio.h>
#include <string.h>

void crash_take(struct mutation_test *p, const struct version *v,
		const struct words *words)
{
	long long number;
	struct memory_fault fault;
	if (v->stop || words->n < 2 ||
	    wire_number(words->word[1], &number) < 0 || number < 0 ||
	    number >= TESTS_MAX ||
	    memory_fault_get(words->word + 2, words->n - 2, &fault) < 0)
		return;
	struct test *test = &p->tests[number];
	struct crash *crash = v == &p->versions[OWN] ? &test->own_crash :
			      &test->correct_crash;
	if (!crash->version)
		*crash = (struct crash){ v, fault };
}

/* Completes ACCOUNT by what CRASH tells: no assertion has spoken. */
static void complain(const struct mutation_test *p, const struct crash *crash,
		     struct account *account)
{
	char text[MEMORY_SENTENCE_MAX];
	struct debug_info *sites;
	if (!crash->version || account->text[0])
		return;
	const char *const paths[SITE_MODULES] = {
		crash->version->subject, crash->version->support, p->plan->tests,
	};
	const char *noun = verdict_text(json_object_get(
		p->plan->exercise->description, "nouns"), "heap");
	if (debug_info_open(paths, &sites) < 0)
		return;
	const struct memory_telling telling = {
		.fault = &crash->fault, .sites = sites,
		.noun = *noun ? noun : kinds[KIND_HEAP].noun,
		.theirs = crash->version == &p->versions[OWN],
	};
	struct place place = memory_place(&telling);
	memory_sentence(&telling, text);
	if (place.line > 0 && *text) {
		snprintf(account->text, sizeof(account->text), "%s", text);
		snprintf(account->file, sizeof(account->file), "%s",
			 place.file);
		account->line = place.line;
	}
	debug_info_close(&sites);
}

void crash_tell(struct mutation_test *p)
{
	for (size_t t = 0; t < p->n_tests; t++) {
		struct test *test = &p->tests[t];
		complain(p, &test->own_crash, &test->own);
		complain(p, &test->correct_crash, &test->correct);
	}
}
