/* findings.c - see findings.h. The order of the findings is the order in which a
 * learner can use them: how the process ended, what was released wrongly, what
 * was never released, and only then what was said wrongly. */
#include "findings.h"
#include "base/limits.h"
#include "base/printable.h"
#include "ledger/errors.h"
#include "lost_errno.h"
#include "verdict/verdict.h"
#include "debug/memory_words.h"
#include "protocol/scenario_runner.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum { SENTENCE_MAX = 1024, LEDGER_SHOWN = 8, PLACE_MAX = 128 };

/* A sentence under way. */
struct sentence {
	char text[SENTENCE_MAX];
	size_t n;
	size_t when;		/* how much of it says under which circumstance */
};

__attribute__((format(printf, 2, 3)))
static void say(struct sentence *s, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int n = vsnprintf(s->text + s->n, sizeof(s->text) - s->n, format, args);
	va_end(args);
	if (n > 0)
		s->n += (size_t)n;
	if (s->n >= sizeof(s->text))
		s->n = sizeof(s->text) - 1;
}

/* --- words ---------------------------------------------------------------- */

static const char *noun_of(const struct telling *t, enum kind kind)
{
	const char *own = json_string_value(
		json_object_get(t->nouns, kinds[kind].name));
	return own ? own : kinds[kind].noun;
}

/* Where a step was made: the innermost place. */
static struct place place_of(const struct telling *t, const struct step *step)
{
	return debug_info_find(t->sites, step->site.module[0], step->site.offset[0]);
}

/* "day.c:27" into TEXT. */
static const char *at(const struct telling *t, const struct step *step,
		      char text[PLACE_MAX])
{
	struct place place = place_of(t, step);
	snprintf(text, PLACE_MAX, "%s:%d", place.file, place.line);
	return text;
}

/* How the function under test was left after the fault. */
static struct way_out way_of(const struct telling *t)
{
	return way_out_of(t->sites, t->run, t->run->struck ?
			  way_out_function(t->sites, &t->run->fault) : "");
}

/* The line by which it was left; 0 when it is not known. */
static struct place exit_place(const struct telling *t)
{
	return way_of(t).left;
}

/* "1st", "2nd", ... */
static void say_ordinal(struct sentence *s, size_t n)
{
	const char *ending = n % 10 == 1 && n % 100 != 11 ? "st" :
			     n % 10 == 2 && n % 100 != 12 ? "nd" :
			     n % 10 == 3 && n % 100 != 13 ? "rd" : "th";
	say(s, "%zu%s", n, ending);
}

/* --- the fault ------------------------------------------------------------ */

/* Which call of its name the fault fell into, from 1. */
static unsigned ordinal_of_fault(const struct run *run)
{
	unsigned n = 0;
	for (size_t i = 0; i < run->fault_step && i < run->n_steps; i++)
		n += run->steps[i].call == run->fault.call;
	return n;
}

/* What a transfer by CALL does with its bytes. */
static const char *verb_of(enum call call)
{
	switch (call) {
	case CALL_read:
	case CALL_pread:
	case CALL_readv:
	case CALL_fread:
		return "reads";
	case CALL_copy_file_range:
	case CALL_sendfile:
		return "copies";
	default:
		return "writes";
	}
}

/* Whether FAULT is a transfer that came short: its sentence names its place first. */
static bool is_part(const struct step *fault)
{
	return fault->moved || !fault->failed;
}

/* "the write at copy.c:12 writes 1 of 14 bytes", "fwrite fails when it has written ...":
 * a transfer that came short. */
static void say_part(const struct telling *t, struct sentence *s)
{
	const struct step *fault = &t->run->fault;
	char place[PLACE_MAX];
	say(s, "the %s at %s %s %u of %u bytes", calls[fault->call].name,
	    at(t, fault, place), verb_of(fault->call), fault->moved,
	    fault->asked);
	if (fault->failed)
		say(s, " and fails");
	else if (t->run->plan.mode == FAULT_HALF)
		say(s, ", and each %s after it half, too",
		    calls[fault->call].name);
}

/* "fputs fails writing "1 bread 350"", "sqlite3_step fails on "SELECT 1"",
 * "put 2 fails", "malloc fails". */
static void say_failure(const struct telling *t, struct sentence *s)
{
	const struct step *fault = &t->run->fault;
	const struct call_info *call = &calls[fault->call];
	char text[4 * sizeof(fault->detail)];
	printable_quote(text, sizeof(text), fault->detail);
	if (is_part(fault))
		say_part(t, s);
	else if (call->pretend)
		say(s, call->role == ROLE_USE ? "%s %u fails" : "%s fails",
		    call->name, ordinal_of_fault(t->run));
	else if (call->role == ROLE_USE && *text)
		say(s, "%s fails %s \"%s\"", call->name,
		    call->gone == KIND_STREAM || call->gone == KIND_DESCRIPTOR ?
		    "writing" : "on", text);
	else if (call->gone == KIND_NONE && *text)
		say(s, "%s(\"%s\") fails", call->name, text);
	else
		say(s, "%s fails", call->name);
}

/* Says under which circumstance it went wrong. */
static void say_circumstance(const struct telling *t, struct sentence *s)
{
	char place[PLACE_MAX];
	const struct run *run = t->run;
	if (!run->struck && t->situation && !*t->situation)
		return;
	if (!run->struck) {
		say(s, "%s, ", t->situation ? t->situation :
		    "even when nothing fails");
		return;
	}
	say(s, "when ");
	if (run->fault.err == EINTR)
		say(s, "%s is interrupted (EINTR)", calls[run->fault.call].name);
	else
		say_failure(t, s);
	say(s, run->plan.mode == FAULT_ON ? " and so does every call after it" :
	    run->plan.mode == FAULT_PARTIAL && run->fault.failed ?
	    " after another has moved a part" :
	    run->plan.mode == FAULT_LASTING ?
	    " as often as it is made again" : "");
	if (is_part(&run->fault))
		say(s, " (call %u), ", run->fault.fault_point);
	else
		say(s, " (call %u, %s), ", run->fault.fault_point,
		    at(t, &run->fault, place));
}

/* Opens the sentence with the circumstance. */
static void say_when(const struct telling *t, struct sentence *s)
{
	say_circumstance(t, s);
	s->when = s->n;
}

json_t *findings_fault(const struct telling *t)
{
	const struct run *run = t->run;
	if (!run->struck)
		return NULL;
	struct place place = place_of(t, &run->fault);
	return json_pack("{s:s, s:I, s:s, s:s, s:i, s:s, s:s, s:I}",
			 "scenario", t->scenario,
			 "call", (json_int_t)run->fault.fault_point,
			 "function", calls[run->fault.call].name,
			 "file", place.file, "line", place.line,
			 "errno", error_name(run->fault.call, run->fault.err),
			 "mode", fault_mode_names[run->plan.mode ?
						  run->plan.mode : FAULT_ONCE],
			 "step", (json_int_t)run->fault_step);
}

json_t *findings_exit(const struct telling *t)
{
	struct place place = way_of(t).first;
	if (place.line == 0)
		return NULL;
	return json_pack("{s:s, s:i, s:o}", "file", place.file,
			 "line", place.line, "fault", findings_fault(t));
}

/* --- the ledger ----------------------------------------------------------- */

/* One end of an entry, or null. */
static json_t *end_of_entry(const struct telling *t, const struct step *step,
			    size_t number)
{
	if (!number)
		return json_null();
	struct place place = place_of(t, step);
	return json_pack("{s:s, s:s, s:i, s:I}",
			 "function", calls[step->call].name,
			 "file", place.file, "line", place.line,
			 "step", (json_int_t)number);
}

static json_t *entry_object(const struct telling *t, const struct entry *e)
{
	return json_pack("{s:s, s:s, s:s, s:o, s:o}",
			 "kind", kinds[e->kind].name,
			 "noun", noun_of(t, e->kind),
			 "ended", kinds[e->kind].ended,
			 "acquired", end_of_entry(t, &e->by, e->acquired),
			 "released", end_of_entry(t, &e->until, e->released));
}

/* The live entries, oldest first, a few of them. */
static json_t *live_entries(const struct telling *t)
{
	json_t *list = json_array();
	const struct ledger *ledger = &t->run->ledger;
	for (size_t i = 0; i < ledger->n; i++)
		if (ledger->entries[i].live && json_array_size(list) < LEDGER_SHOWN)
			json_array_append_new(list, entry_object(
				t, &ledger->entries[i]));
	return list;
}

static const struct entry *first_live(const struct ledger *ledger)
{
	for (size_t i = 0; i < ledger->n; i++)
		if (ledger->entries[i].live)
			return &ledger->entries[i];
	return NULL;
}

/* --- findings ------------------------------------------------------------- */

/* The clause that FINDING breaks: one for all, or one a function asked. */
static const char *clause_of(const struct telling *t, const char *finding)
{
	const json_t *clause = json_object_get(t->clauses, finding);
	size_t n = t->run->n_asks;
	const char *command = n ? t->run->ask_command[n - 1] : "";
	if (!json_is_object(clause))
		return json_string_value(clause);
	const json_t *own = json_object_get(clause, command);
	return json_string_value(own ? own : json_object_get(clause, "else"));
}

/* Closes the sentence into a story about FINDING at PLACE. */
static json_t *tell(const struct telling *t, const char *finding,
		    const struct sentence *s, struct place place)
{
	json_t *story = json_pack("{s:s, s:o, s:o}", "finding", finding,
				  "message", verdict_sentence(s->text),
				  "what", verdict_sentence(s->text + s->when));
	json_t *fault = findings_fault(t);
	const char *clause = clause_of(t, finding);
	struct place first = way_of(t).first;
	if (clause)
		json_object_set_new(story, "clause", json_string(clause));
	if (place.line > 0) {
		json_object_set_new(story, "file", json_string(place.file));
		json_object_set_new(story, "line", json_integer(place.line));
	}
	if (fault)
		json_object_set_new(story, "fault", fault);
	if (first.line > 0)
		json_object_set_new(story, "exit_line", json_integer(first.line));
	return story;
}

/* How many of the first N asks of RUN were of COMMAND. */
static size_t asks_of(const struct run *run, const char *command, size_t n)
{
	size_t same = 0;
	for (size_t i = 0; i < n; i++)
		same += strcmp(run->ask_command[i], command) == 0;
	return same;
}

/* "only from the 3rd call of day_run on", or "only in the last call of day_run": when the
 * ones before it were clean. */
static void say_which_ask(const struct telling *t, struct sentence *s,
			  const struct entry *e)
{
	const struct run *run = t->run;
	size_t asked = run->n_asks;
	while (asked > 0 && run->ask_step[asked - 1] >= e->acquired)
		asked--;
	if (run->struck || asked < 2)
		return;
	const char *command = run->ask_command[asked - 1];
	size_t same = asks_of(run, command, asked);
	if (same < 2)
		return;
	if (same == asks_of(run, command, run->n_asks)) {
		say(s, "but only in the last call of %s, ", command);
		return;
	}
	say(s, "but only from the ");
	say_ordinal(s, same);
	say(s, " call of %s on, ", command);
}

/* The close of entry E that was refused, NULL when there was none. */
static const struct step *refused_close(const struct run *run,
					const struct entry *e)
{
	for (size_t i = 0; e->kind == KIND_DATABASE && i < run->n_steps; i++)
		if (run->steps[i].call == CALL_sqlite3_close &&
		    run->steps[i].failed && run->steps[i].gone == e->id)
			return &run->steps[i];
	return NULL;
}

/* The first live resource of another kind than E's, NULL for none. */
static const struct entry *first_of_another_kind(const struct ledger *ledger,
						 const struct entry *e)
{
	for (size_t i = 0; i < ledger->n; i++)
		if (ledger->entries[i].live && ledger->entries[i].kind != e->kind)
			return &ledger->entries[i];
	return NULL;
}

/* What is live besides E: one of another kind by its place, for it is owed in
 * another way; the rest by number. */
static void say_others(const struct telling *t, struct sentence *s,
		       const struct entry *e)
{
	const struct ledger *ledger = &t->run->ledger;
	const struct entry *other = first_of_another_kind(ledger, e);
	size_t more = ledger_live(ledger) - 1 - (other != NULL);
	char place[PLACE_MAX];
	if (other)
		say(s, ", and the %s %s at %s never %s",
		    noun_of(t, other->kind), kinds[other->kind].begun,
		    at(t, &other->by, place), kinds[other->kind].ended);
	if (more > 0)
		say(s, ", and %zu more%s", more, other ? "" : " like it");
}

/* Whether the fault fell into a realloc of E: it is still there, though the
 * variable that pointed to it may well hold NULL by now. */
static bool is_old_block(const struct run *run, const struct entry *e)
{
	return run->struck && e->kind == KIND_HEAP &&
	       (run->fault.call == CALL_realloc ||
		run->fault.call == CALL_reallocarray) &&
	       run->fault.gone == e->id;
}

/* Whether FUNCTION was under way when the fault fell. */
static bool was_under_way(const struct telling *t, const char *function)
{
	return function && t->run->struck &&
	       way_out_made_within(t->sites, &t->run->fault, function);
}

/* How the function was left that was to release E: the one that does so when no call
 * fails, or else the function under test. */
static struct way_out way_past(const struct telling *t, const struct entry *e)
{
	const char *owner = owners_find(t->owners, &e->by);
	return was_under_way(t, owner) ? way_out_of(t->sites, t->run, owner) :
	       way_of(t);
}

/* "you left through day.c:44", and by way of which line: the goto that led there, or
 * where the function was left that had acquired E for another one. */
static void say_way(const struct telling *t, struct sentence *s,
		    const struct entry *e, const struct way_out *way)
{
	const char *function = place_of(t, &e->by).function;
	say(s, " you left through %s:%d", way->left.file, way->left.line);
	if (strcmp(function, way->left.function) != 0 &&
	    was_under_way(t, function)) {
		struct place from = way_out_of(t->sites, t->run, function).left;
		if (from.line > 0)
			say(s, ", and %s through %s:%d", function, from.file,
			    from.line);
	} else if (way->by.line > 0) {
		say(s, ", by way of %s:%d", way->by.file, way->by.line);
	}
}

/* What was acquired and is live at the end. */
static json_t *tell_leak(const struct telling *t)
{
	const struct entry *e = first_live(&t->run->ledger);
	char place[PLACE_MAX];
	struct sentence s = { .n = 0 };
	if (!e || t->may_outlive)
		return NULL;
	const struct way_out way = way_past(t, e);
	const struct step *refused = refused_close(t->run, e);
	say_when(t, &s);
	say_which_ask(t, &s, e);
	say(&s, "the %s %s at %s%s is never %s", noun_of(t, e->kind),
	    kinds[e->kind].begun, at(t, &e->by, place),
	    is_old_block(t->run, e) ? ", which a realloc that fails leaves as "
	    "it was," : "", kinds[e->kind].ended);
	if (refused)
		say(&s, ": sqlite3_close at %s refused, since a statement of "
		    "it was still alive", at(t, refused, place));
	else
		say_others(t, &s, e);
	if (way.left.line > 0) {
		say(&s, refused ? ";" : ":");
		say_way(t, &s, e, &way);
	}
	json_t *story = tell(t, "leak", &s,
			     way.left.line > 0 ? way.left : place_of(t, &e->by));
	json_object_set_new(story, "ledger", live_entries(t));
	return story;
}

/* Whether the ledger saw E only when it was released, since the call that
 * acquired it is not watched. */
static bool is_from_unwatched(const struct entry *e)
{
	return e->by.call == CALL_unwatched_block ||
	       e->by.call == CALL_unwatched_descriptor ||
	       e->by.call == CALL_unwatched_stream ||
	       e->by.call == CALL_unwatched_message;
}

/* That what O is about was released before. */
static void say_double(const struct telling *t, struct sentence *s,
		       const struct offence *o, const char *noun)
{
	char here[PLACE_MAX], begun[PLACE_MAX], ended[PLACE_MAX];
	const struct kind_info *kind = &kinds[o->entry.kind];
	at(t, &o->step, here);
	at(t, &o->entry.by, begun);
	at(t, &o->entry.until, ended);
	if (is_from_unwatched(&o->entry))
		say(s, "the %s %s at %s is %s again at %s", noun, kind->ended,
		    ended, kind->ended, here);
	else
		say(s, "the %s %s at %s and %s at %s is %s again at %s", noun,
		    kind->begun, begun, o->entry.given ? "given away" :
		    kind->ended, ended, kind->ended, here);
	say(s, ": by then it may be a stranger's");
}

/* That what O is about was never acquired. */
static void say_stranger(const struct telling *t, struct sentence *s,
			 const struct offence *o, const char *noun)
{
	char here[PLACE_MAX];
	const struct call_info *call = &calls[o->step.call];
	at(t, &o->step, here);
	if (call->gone == KIND_TRANSACTION)
		say(s, "%s ends a %s that this code never began: only its owner "
		    "may end it", here, noun);
	else if (call->gone == KIND_LOCK)
		say(s, "%s at %s gives back a %s that this thread does not "
		    "hold: only the thread that took it may", call->name, here,
		    noun);
	else
		say(s, "%s at %s is handed a %s that was never %s by this code: "
		    "only its owner may release it", call->name, here, noun,
		    kinds[call->gone].begun);
}

/* The sentence of the offence O, by its ruling. */
static void say_offence(const struct telling *t, struct sentence *s,
			const struct offence *o)
{
	char here[PLACE_MAX], begun[PLACE_MAX], ended[PLACE_MAX];
	const struct call_info *call = &calls[o->step.call];
	enum kind kind = o->has_entry ? o->entry.kind : call->gone;
	const char *noun = noun_of(t, kind);
	at(t, &o->step, here);
	at(t, &o->entry.by, begun);
	at(t, &o->entry.until, ended);
	switch (o->ruling) {
	case RULING_DOUBLE:
		say_double(t, s, o, noun);
		break;
	case RULING_STRANGER:
		say_stranger(t, s, o, noun);
		break;
	case RULING_NOTHING:
		say(s, "%s at %s is handed NULL: there is no %s to be %s",
		    call->name, here, noun, call->role == ROLE_RELEASE ?
		    kinds[kind].ended : "used");
		break;
	case RULING_MISMATCH:
		say(s, "the %s that %s %s at %s is released by %s at %s, which "
		    "is not its match", noun, calls[o->entry.by.call].name,
		    kinds[kind].begun, begun, call->name, here);
		break;
	default:
		say(s, "%s at %s uses the %s %s at %s after it was %s at %s",
		    call->name, here, noun, kinds[kind].begun, begun,
		    kinds[kind].ended, ended);
	}
}

/* What the ledger ruled against. */
static json_t *tell_offence(const struct telling *t)
{
	static const char *const findings[RULING_COUNT] = {
		[RULING_DOUBLE] = "double_release",
		[RULING_STRANGER] = "stranger",
		[RULING_MISMATCH] = "mismatch",
		[RULING_USED_AFTER] = "use_after_release",
		[RULING_NOTHING] = "null",
	};
	const struct offence *o = &t->run->offence;
	struct sentence s = { .n = 0 };
	if (o->ruling == RULING_FINE)
		return NULL;
	say_when(t, &s);
	say_offence(t, &s, o);
	json_t *story = tell(t, findings[o->ruling], &s, place_of(t, &o->step));
	json_t *list = json_array();
	json_t *entry = o->has_entry && !is_from_unwatched(&o->entry) ?
			entry_object(t, &o->entry) : NULL;
	if (entry && o->ruling == RULING_DOUBLE)
		json_object_set_new(entry, "again", end_of_entry(
			t, &o->step, o->number));
	if (entry)
		json_array_append_new(list, entry);
	json_object_set_new(story, "ledger", list);
	return story;
}

/* The newest lock that the code held when it made step I, NULL for none. */
static const struct entry *held_at(const struct run *run, size_t i)
{
	const struct entry *held = NULL;
	for (size_t k = 0; k < run->ledger.n; k++) {
		const struct entry *e = &run->ledger.entries[k];
		if (e->kind == KIND_LOCK && e->acquired <= i &&
		    (e->live || e->released > i))
			held = e;
	}
	return held;
}

/* The index of the first wait for a lock while the code held one; n_steps when
 * there is none. In one pass over locks and steps: both may be made up by the
 * hundred thousand. */
static size_t first_deadlock(const struct run *run)
{
	const struct ledger *ledger = &run->ledger;
	size_t i = 0;
	for (size_t k = 0; k < ledger->n && i < run->n_steps; k++) {
		const struct entry *e = &ledger->entries[k];
		if (e->kind != KIND_LOCK)
			continue;
		if (i < e->acquired)
			i = e->acquired;
		while (i < run->n_steps &&
		       (run->steps[i].call != CALL_pthread_mutex_lock ||
			run->steps[i].err != EDEADLK))
			i++;
		if (i < run->n_steps && (e->live || e->released > i))
			return i;
	}
	return run->n_steps;
}

/* A wait for a lock that the code held itself: it was answered at once here,
 * and would never end elsewhere. */
static json_t *tell_deadlock(const struct telling *t)
{
	const struct run *run = t->run;
	char here[PLACE_MAX], begun[PLACE_MAX];
	struct sentence s = { .n = 0 };
	size_t i = first_deadlock(run);
	if (i == run->n_steps)
		return NULL;
	const struct entry *held = held_at(run, i);
	const struct step *step = &run->steps[i];
	say_when(t, &s);
	say(&s, "pthread_mutex_lock at %s waits for the %s taken at %s, which "
	    "this code still holds: that wait never ends",
	    at(t, step, here), noun_of(t, KIND_LOCK),
	    at(t, &held->by, begun));
	return tell(t, "deadlock", &s, place_of(t, step));
}

/* The bad access to memory of the run, to be put into words. */
static struct memory_telling memory_of(const struct telling *t)
{
	return (struct memory_telling){
		.fault = &t->run->memory, .sites = t->sites, .theirs = true,
		.noun = noun_of(t, KIND_HEAP),
	};
}

/* A bad access to a block, or by a pointer that leads nowhere: before all that follows
 * from it. */
static json_t *tell_memory(const struct telling *t)
{
	const struct memory_telling memory = memory_of(t);
	char text[MEMORY_SENTENCE_MAX];
	struct sentence s = { .n = 0 };
	const char *finding = memory_finding(&t->run->memory);
	if (!t->run->has_memory || strcmp(finding, "crash") == 0)
		return NULL;
	memory_sentence(&memory, text);
	if (!*text)
		return NULL;
	say_when(t, &s);
	say(&s, "%s", text);
	json_t *story = tell(t, finding, &s, memory_place(&memory));
	/* Whatever is done with a freed block breaks the same promise. */
	const char *clause = clause_of(t, "write_after_release");
	if (t->run->memory.kind == MEMORY_FREED && clause)
		json_object_set_new(story, "clause", json_string(clause));
	return story;
}

/* A freed block that was written to. */
static json_t *tell_stain(const struct telling *t)
{
	const struct ledger *ledger = &t->run->ledger;
	const struct entry *e = NULL;
	char begun[PLACE_MAX], ended[PLACE_MAX];
	struct sentence s = { .n = 0 };
	for (size_t i = 0; t->run->stain && i < ledger->n; i++)
		if (ledger->entries[i].id == t->run->stain)
			e = &ledger->entries[i];
	if (!e)
		return NULL;
	say_when(t, &s);
	say(&s, "the block allocated at %s is written to after it was freed "
	    "at %s", at(t, &e->by, begun), at(t, &e->until, ended));
	json_t *story = tell(t, "write_after_release", &s,
			     place_of(t, &e->until));
	json_object_set_new(story, "ledger",
			    json_pack("[o]", entry_object(t, e)));
	return story;
}

/* --- endings -------------------------------------------------------------- */

/* Where the code was when a signal ended it, else the block that it entered last; line 0
 * when neither is known. */
static struct place last_block(const struct telling *t)
{
	struct place none = { .file = "?" };
	const struct memory_telling memory = memory_of(t);
	if (t->run->has_memory && memory_place(&memory).line > 0)
		return memory_place(&memory);
	return t->run->last_offset ? debug_info_block(t->sites, t->run->last_module,
						 t->run->last_offset) : none;
}

/* " in what begins at day.c:33", when that is known. */
static void say_last_block(const struct telling *t, struct sentence *s,
			   const char *before)
{
	struct place place = last_block(t);
	if (place.line > 0)
		say(s, "%s in what begins at %s:%d", before, place.file,
		    place.line);
}

/* The last step of the run. Only for runs that have one. */
static const struct step *last_step(const struct run *run)
{
	return &run->steps[run->n_steps - 1];
}

/* The last step by which the code left the process, NULL for none. */
static const struct step *leaving_step(const struct run *run)
{
	const struct step *last = run->n_steps ? last_step(run) : NULL;
	return last && calls[last->call].role == ROLE_LEAVE ? last : NULL;
}

/* What the driver had called when the run ended. */
static const char *asked(const struct run *run)
{
	return run->n_asks ? run->ask_command[run->n_asks - 1] : "the code";
}

static const char *say_exit(const struct telling *t, struct sentence *s)
{
	const struct step *step = leaving_step(t->run);
	char place[PLACE_MAX];
	if (step)
		say(s, "%s(%s) is called at %s", calls[step->call].name,
		    step->detail, at(t, step, place));
	else
		say(s, "the process exits with status %d",
		    WEXITSTATUS(t->run->status));
	say(s, " inside %s: the process ends there, nothing after it can clean "
	    "up, and no caller learns of it", asked(t->run));
	return "exit";
}

/* ": day.c:38 writes through a pointer that is NULL", or " at day.c:38": false when
 * neither is known. */
static bool say_crash(const struct telling *t, struct sentence *s)
{
	const struct memory_telling memory = memory_of(t);
	const struct place place = memory_place(&memory);
	char text[MEMORY_SENTENCE_MAX];
	if (!t->run->has_memory || place.line == 0)
		return false;
	memory_sentence(&memory, text);
	if (*text)
		say(s, ": %s", text);
	else
		say(s, " at %s:%d", place.file, place.line);
	return true;
}

static const char *say_signal(const struct telling *t, struct sentence *s)
{
	const struct run *run = t->run;
	const struct step *step = leaving_step(run);
	char place[PLACE_MAX];
	int signal = WTERMSIG(run->status);
	const char *name = sigabbrev_np(signal);
	if (step && step->call == CALL___assert_fail) {
		say(s, "assert(%s) does not hold at %s inside %s: the process "
		    "dies there, with everything open", step->detail,
		    at(t, step, place), asked(run));
		return "abort";
	}
	if (step) {
		say(s, "%s() is called at %s inside %s: the process dies there, "
		    "with everything open", calls[step->call].name,
		    at(t, step, place), asked(run));
		return "abort";
	}
	if (signal == SIGXCPU || signal == SIGKILL)
		say(s, "%s is ended for using too much time or memory (SIG%s)",
		    asked(run), name ? name : "?");
	else
		say(s, "%s crashes (SIG%s%s)", asked(run), name ? name : "?",
		    signal == SIGFPE ? ": a whole number is divided by zero, or "
		    "the quotient is too large" : "");
	if (!say_crash(t, s))
		say_last_block(t, s, "");
	return signal == SIGXCPU ? "hang" : "crash";
}

/* Says why the code could not be loaded: by what the loader said. */
static const char *say_unloaded(const struct run *run, struct sentence *s)
{
	static const char undefined[] = "undefined symbol: ";
	const char *why = run->err ? run->err : "";
	const char *name = strstr(why, undefined);
	if (strstr(why, "annot allocate memory") ||
	    strstr(why, "failed to map segment")) {
		say(s, "the code could not be loaded: its variables want more "
		    "memory than there is");
		return "memory";
	}
	if (name) {
		name += strlen(undefined);
		say(s, "the code could not be loaded: it calls %.*s, which is "
		    "defined nowhere", (int)strcspn(name, " ,\n"), name);
	} else {
		say(s, "the code could not be loaded: %.200s", why);
	}
	return "load";
}

/* Whether A and B were made at the same place of the code. */
static bool same_site(const struct step *a, const struct step *b)
{
	return a->call == b->call && a->site.module[0] == b->site.module[0] &&
	       a->site.offset[0] == b->site.offset[0];
}

/* Whether RUN, which had no end, made the last of its calls many times in its last ask. */
static bool repeats(const struct run *run)
{
	enum { MANY = 1000 };
	size_t first = run->n_asks ? run->ask_step[run->n_asks - 1] : 0, n = 0;
	for (size_t i = first; i < run->n_steps; i++)
		n += same_site(&run->steps[i], last_step(run));
	return n >= MANY;
}

/* A loop without an end: which calls it makes again and again, two of them at most, or
 * three dots for the rest. */
static void say_endless(const struct telling *t, struct sentence *s)
{
	const struct run *run = t->run;
	const struct step *last = last_step(run), *other = NULL;
	char place[PLACE_MAX];
	bool more = false;
	for (size_t i = run->n_steps - 1; i-- > 0 &&
	     !same_site(&run->steps[i], last);) {
		more = more || other;
		other = &run->steps[i];
	}
	say(s, "%s does not come back: a loop makes %s at %s", asked(run),
	    calls[last->call].name, at(t, last, place));
	if (other)
		say(s, "%s %s at %s", more ? ", calls after it" : " and",
		    calls[other->call].name, at(t, other, place));
	say(s, " again and again");
}

/* A call that does not come back: by the calls that it makes without an end, or by where
 * it was when it was ended. */
static void say_hang(const struct telling *t, struct sentence *s)
{
	const struct run *run = t->run;
	if (run->n_steps > 0 && (run->ending == ENDING_ENDLESS || repeats(run))) {
		say_endless(t, s);
		return;
	}
	say(s, "%s does not come back", asked(run));
	say_last_block(t, s, ": it was ended while it was");
}

/* The rest of the sentence and the finding's name, by ending. */
static const char *say_ending(const struct telling *t, struct sentence *s)
{
	switch (t->run->ending) {
	case ENDING_EXIT:
		return say_exit(t, s);
	case ENDING_SIGNAL:
		return say_signal(t, s);
	case ENDING_HANG:
	case ENDING_ENDLESS:
		say_hang(t, s);
		return "hang";
	case ENDING_FLOOD:
		say(s, "%s prints without end: it was ended", asked(t->run));
		return "flood";
	case ENDING_FILLED:
		say(s, "%s fills the disk: it was ended when its files came to "
		    "more than %d MiB, or were more than %d", asked(t->run),
		    FOLDER_BYTES_MAX >> 20, FOLDER_ENTRIES_MAX);
		return "filled";
	case ENDING_BROKEN_WIRE:
		say(s, "the code wrote into the workbook's own pipes, or closed "
		    "them: it may touch no descriptor that it has not opened, "
		    "and this run counts as failed");
		return "wire";
	case ENDING_FORGED:
		say(s, "a line came that was not asked for, such as an answer "
		    "or a goodbye: only code that writes into the workbook's "
		    "pipes does that, and this run counts as failed");
		return "forged";
	case ENDING_NO_CODE:
		return say_unloaded(t->run, s);
	default:
		say(s, "the grader itself failed");
		return "grader";
	}
}

/* The last step that found no memory, and not because it was made to: NULL when
 * none did, or when the run did not die or hang of it. */
static const struct step *want_of_memory(const struct run *run)
{
	if (run->ending != ENDING_SIGNAL && run->ending != ENDING_HANG &&
	    run->ending != ENDING_ENDLESS)
		return NULL;
	for (size_t i = run->n_steps; i-- > 0;)
		if (run->steps[i].failed && !run->steps[i].faulted &&
		    calls[run->steps[i].call].got == KIND_HEAP)
			return &run->steps[i];
	return NULL;
}

/* Whether a signal ended the run, without the code having asked for that. */
static bool is_crash(const struct run *run)
{
	return run->ending == ENDING_SIGNAL && !leaving_step(run);
}

/* What the ledger ruled against before the code crashed is likely why it did. */
static json_t *tell_cause_of_crash(const struct telling *t)
{
	return is_crash(t->run) ? tell_offence(t) : NULL;
}

/* A run that did not end by saying goodbye. */
static json_t *tell_ending(const struct telling *t)
{
	char begun[PLACE_MAX];
	struct sentence s = { .n = 0 };
	if (t->run->ending == ENDING_ORDERLY)
		return NULL;
	say_when(t, &s);
	const struct step *want = want_of_memory(t->run);
	if (want)
		say(&s, "%s at %s finds no memory left, and ",
		    calls[want->call].name, at(t, want, begun));
	const char *finding = say_ending(t, &s);
	if (want)
		finding = "memory";
	const struct step *step = leaving_step(t->run);
	struct place place = step ? place_of(t, step) : last_block(t);
	json_t *story = tell(t, finding, &s, place);
	json_object_set_new(story, "ledger", live_entries(t));
	return story;
}

/* A process that the code forked, and that came back from it like the first one. */
static json_t *tell_returned_twice(const struct telling *t)
{
	struct sentence s = { .n = 0 };
	if (!t->run->returned_twice)
		return NULL;
	say_when(t, &s);
	say(&s, "%s returns twice: in the process that forks, and in the child "
	    "that it forked; a child has to end by _exit", asked(t->run));
	return tell(t, "left_behind", &s, way_of(t).left);
}

/* Processes that outlived the run. */
static json_t *tell_left_behind(const struct telling *t)
{
	struct sentence s = { .n = 0 };
	if (t->run->left <= 0)
		return NULL;
	say_when(t, &s);
	/* How many there are is a matter of the moment. */
	say(&s, "%s leaves a process running", asked(t->run));
	return tell(t, "left_behind", &s, exit_place(t));
}

/* Descriptors that no watched call has opened, seen from outside: by a call that
 * is not watched, or hidden from the ledger. */
static json_t *tell_unseen(const struct telling *t)
{
	struct sentence s = { .n = 0 };
	int unseen = t->run->open - SCENARIO_RUNNER_OPEN - t->driver_opens;
	if (unseen <= 0 || t->may_outlive)
		return NULL;
	say_when(t, &s);
	say(&s, "%d descriptor%s still open at the end that no call which is "
	    "watched here has opened: look at what else %s calls", unseen,
	    unseen == 1 ? " is" : "s are", asked(t->run));
	return tell(t, "unseen", &s, exit_place(t));
}

/* What was answered last, 0 when nothing was. */
static long last_answer(const struct run *run)
{
	return run->n_asks && run->ask_came[run->n_asks - 1] ?
	       run->ask_value[run->n_asks - 1] : 0;
}

/* Where to look for a demand that was not met: at the call that failed in the ask which
 * was answered wrongly, when no statement of its own follows the failure or the answer
 * was success; else where the code left. */
static struct place demand_place(const struct telling *t)
{
	const struct run *run = t->run;
	struct way_out way = way_of(t);
	if (t->demand_place.line)
		return t->demand_place;
	if (run->ask_struck && run->ask_fault.fault_point !=
			       run->fault.fault_point)
		return place_of(t, &run->ask_fault);
	bool elsewhere = run->struck && strcmp(
		place_of(t, &run->fault).function,
		way_out_function(t->sites, &run->fault)) != 0;
	bool unanswered = run->struck && last_answer(run) == 0 &&
			  (way.at_once || way.by.line > 0 || elsewhere);
	return unanswered ? place_of(t, &run->fault) : way.left;
}

/* "copy.c:46 read errno, which close at copy.c:45 had overwritten with ENOSPC". */
static void say_lost_errno(const struct telling *t, struct sentence *s,
			   const struct lost_errno *lost)
{
	char place[PLACE_MAX];
	const char *name = strerrorname_np(lost->err);
	say(s, "; ");
	if (!lost->by)
		say(s, "errno held %s when", name ? name : "something else");
	else if (lost->by->failed)
		say(s, "%s at %s set errno to %s (%s), and then",
		    calls[lost->by->call].name, at(t, lost->by, place),
		    name ? name : "another value", strerror(lost->err));
	else
		say(s, "%s at %s set errno to %d, as a call that succeeds may, "
		    "and then", calls[lost->by->call].name,
		    at(t, lost->by, place), lost->err);
	say(s, " %s:%d read it", lost->reader.file, lost->reader.line);
}

/* What the suite demanded in vain. */
static json_t *tell_demand(const struct telling *t)
{
	struct sentence s = { .n = 0 };
	struct lost_errno lost;
	if (!t->demand)
		return NULL;
	bool is_lost = lost_errno_find(t->sites, t->run, &lost);
	say_when(t, &s);
	say(&s, "%s", t->demand);
	if (is_lost)
		say_lost_errno(t, &s, &lost);
	json_t *story = tell(t, "demand", &s,
			     is_lost && !t->demand_place.line &&
			     lost.reader.line ? lost.reader : demand_place(t));
	if (t->demand_clause)
		json_object_set_new(story, "clause",
				    json_string(t->demand_clause));
	return story;
}

/* Adds the clause that OTHER breaks, in the same run, to STORY. */
static void add_clause(json_t *story, const json_t *other)
{
	json_t *also = json_object_get(story, "also");
	if (!*verdict_text(other, "clause"))
		return;
	if (!also) {
		also = json_array();
		json_object_set_new(story, "also", also);
	}
	json_array_append_new(also, json_string(verdict_text(other, "clause")));
}

json_t *findings_tell(const struct telling *telling)
{
	static json_t *(*const tellers[])(const struct telling *) = {
		tell_cause_of_crash, tell_memory, tell_returned_twice,
		tell_ending, tell_left_behind, tell_deadlock, tell_offence,
		tell_stain, tell_leak, tell_unseen, tell_demand,
	};
	json_t *story = NULL;
	for (size_t i = 0; i < sizeof(tellers) / sizeof(*tellers); i++) {
		json_t *one = tellers[i](telling);
		if (story && one)
			add_clause(story, one);
		if (story)
			json_decref(one);
		else
			story = one;
	}
	return story;
}

/* --- the replay ----------------------------------------------------------- */

/* Prints TEXT in quotes. */
static void print_quoted(FILE *out, const char *text)
{
	char shown[4 * sizeof(((struct step *)0)->detail)];
	printable_quote(shown, sizeof(shown), text);
	fprintf(out, " \"%s\"", shown);
}

/* "EIO, Input/output error". SQLite's result codes have names, too. */
static void print_error(FILE *out, enum call call, int err)
{
	fprintf(out, "%s, %s", error_name(call, err), error_text(call, err));
}

/* One step as a line: number, place, call, what it was about, how it went. */
static void print_step(const struct telling *t, FILE *out, size_t i)
{
	char place[PLACE_MAX];
	const struct step *step = &t->run->steps[i];
	fprintf(out, "  %3zu  %-18s %s", i + 1, at(t, step, place),
		calls[step->call].name);
	if (*step->detail)
		print_quoted(out, step->detail);
	if (step->fault_point)
		fprintf(out, "  call %u", step->fault_point);
	if (step->faulted && step->moved)
		fprintf(out, "  made to move %u of %u bytes", step->moved,
			step->asked);
	if (step->failed) {
		fprintf(out, "  %s ", step->faulted ? "made to fail:" : "fails:");
		print_error(out, step->call, step->err);
	}
	fputc('\n', out);
}

/* What the ask I, from 0, came to: "copy_file returned -5 (EIO, Input/output error)". */
static void print_answer(const struct telling *t, FILE *out, size_t i)
{
	const struct run *run = t->run;
	size_t first = run->ask_step[i];
	size_t end = i + 1 < run->n_asks ? run->ask_step[i + 1] : run->n_steps;
	if (first >= end)
		return;
	const char *function = way_out_function(t->sites, &run->steps[first]);
	long value = run->ask_value[i];
	const char *name = value < -1 && value > INT_MIN ?
			   strerrorname_np((int)-value) : NULL;
	fprintf(out, "       %s ", function);
	if (!run->ask_came[i])
		fprintf(out, "did not return");
	else
		fprintf(out, "returned %ld", value);
	if (run->ask_came[i] && name)
		fprintf(out, " (%s, %s)", name, strerror((int)-value));
	fputc('\n', out);
}

/* What is open when all is over. */
static void print_open(const struct telling *t, FILE *out)
{
	const struct ledger *ledger = &t->run->ledger;
	char place[PLACE_MAX];
	size_t shown = 0, live = ledger_live(ledger);
	fprintf(out, "       still open: %s", live ? "" : "nothing");
	for (size_t i = 0; i < ledger->n && shown < LEDGER_SHOWN; i++) {
		const struct entry *e = &ledger->entries[i];
		if (!e->live)
			continue;
		fprintf(out, "%sthe %s %s at %s", shown++ ? ", " : "",
			noun_of(t, e->kind), kinds[e->kind].begun,
			at(t, &e->by, place));
	}
	if (live > shown)
		fprintf(out, ", and %zu more", live - shown);
	fputc('\n', out);
}

char *findings_steps(const struct telling *telling)
{
	const struct run *run = telling->run;
	char *text = NULL;
	size_t size, ask = 0;
	FILE *out = open_memstream(&text, &size);
	if (!out)
		return NULL;
	for (size_t i = 0; i < run->n_steps; i++) {
		for (; ask + 1 < run->n_asks && run->ask_step[ask + 1] <= i; ask++)
			print_answer(telling, out, ask);
		print_step(telling, out, i);
	}
	for (; ask < run->n_asks; ask++)
		print_answer(telling, out, ask);
	print_open(telling, out);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}
