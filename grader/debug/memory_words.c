/* memory_words.c - see memory_words.h. */
#include "memory_words.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { TESTS = SITE_MODULES - 1, PLACE_MAX = 128 };

/* A sentence under way. */
struct words {
	const struct memory_telling *t;
	char *text;
	size_t n;
};

__attribute__((format(printf, 2, 3)))
static void say(struct words *w, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int n = vsnprintf(w->text + w->n, MEMORY_SENTENCE_MAX - w->n, format, args);
	va_end(args);
	if (n > 0)
		w->n += (size_t)n;
	if (w->n >= MEMORY_SENTENCE_MAX)
		w->n = MEMORY_SENTENCE_MAX - 1;
}

/* Whether lines of MODULE may be named. */
static bool is_theirs(const struct memory_telling *t, unsigned module)
{
	return t->theirs || module == TESTS;
}

/* The index of the place to name: the innermost that is theirs, -1 for none. */
static int own_index(const struct memory_telling *t)
{
	const struct site *site = &t->fault->site;
	for (int i = 0; i < SITE_DEPTH && site->offset[i]; i++)
		if (is_theirs(t, site->module[i]))
			return i;
	return -1;
}

struct place memory_place(const struct memory_telling *telling)
{
	int i = own_index(telling);
	const struct call_place *gone = &telling->fault->gone;
	if (i < 0 && gone->call >= 0 && is_theirs(telling, gone->module))
		return debug_info_find(telling->sites, gone->module, gone->offset);
	if (i < 0)
		return (struct place){ .file = "?", .function = "?" };
	return debug_info_find(telling->sites, telling->fault->site.module[i],
			       telling->fault->site.offset[i]);
}

/* " at memo.c:10", or " in memo_open" where the line is not theirs. */
static void say_at(struct words *w, const struct call_place *call)
{
	struct place place = debug_info_find(w->t->sites, call->module, call->offset);
	if (call->call < 0)
		return;
	if (is_theirs(w->t, call->module) && place.line > 0)
		say(w, " at %s:%d", place.file, place.line);
	else if (place.line > 0)
		say(w, " in %s", place.function);
}

/* "memo.c:69 ", or "memo_close, called at test_memo.c:30, " where the code is not
 * theirs. */
static void say_who(struct words *w)
{
	const struct site *site = &w->t->fault->site;
	struct place place = memory_place(w->t);
	if (!site->offset[0])
		say(w, "the caller");
	else if (own_index(w->t) > 0)
		say(w, "%s, called at %s:%d,", debug_info_find(
			w->t->sites, site->module[0], site->offset[0]).function,
		    place.file, place.line);
	else if (w->t->fault->via >= 0)
		say(w, "%s at %s:%d", calls[w->t->fault->via].name, place.file,
		    place.line);
	else
		say(w, "%s:%d", place.file, place.line);
}

static const char *verb(const struct memory_fault *fault)
{
	return fault->writes < 0 ? "uses" : fault->writes ? "writes to" : "reads";
}

/* "1 byte", "7 bytes" */
static void say_bytes(struct words *w, uint64_t n)
{
	say(w, "%" PRIu64 " byte%s", n, n == 1 ? "" : "s");
}

/* "the 40 bytes allocated at memo.c:10" */
static void say_block(struct words *w)
{
	say(w, "the ");
	say_bytes(w, w->t->fault->size);
	say(w, " allocated");
	say_at(w, &w->t->fault->got);
}

/* " reads the memo after it was freed at memo.c:68" */
static void say_freed(struct words *w)
{
	const struct memory_fault *fault = w->t->fault;
	int call = fault->gone.call;
	bool moved = call >= 0 && call != CALL_free;
	say(w, " %s the %s%s after ", verb(fault), moved ? "old " : "", w->t->noun);
	say(w, "%s", moved ? calls[call].name : "it was freed");
	say_at(w, &fault->gone);
	if (moved)
		say(w, " has moved it and freed the old one: only the pointer that "
		    "it gave is valid");
	if (fault->lent.call >= 0) {
		say(w, ": %s", calls[fault->lent.call].name);
		say_at(w, &fault->lent);
		say(w, " gave it to the stream");
	}
}

/* " writes 1 byte past the end of the 40 bytes allocated at memo.c:10" */
static void say_beside(struct words *w)
{
	const struct memory_fault *fault = w->t->fault;
	say(w, " %s ", fault->writes < 0 ? "uses" : fault->writes ? "writes" :
	    "reads");
	say_bytes(w, fault->distance);
	say(w, fault->kind == MEMORY_PAST ? " past the end of " :
	    " before the start of ");
	say_block(w);
}

/* "the 40 bytes allocated at memo.c:10 were written 1 byte past their end, as was found
 * when they were freed at memo.c:20" */
static void say_found(struct words *w)
{
	const struct memory_fault *fault = w->t->fault;
	say_block(w);
	say(w, " were written ");
	say_bytes(w, fault->distance);
	say(w, fault->kind == MEMORY_FOUND_PAST ? " past their end" :
	    " before their start");
	if (fault->gone.call >= 0) {
		say(w, ", as was found when they were %s",
		    fault->gone.call == CALL_free ? "freed" : "moved");
		say_at(w, &fault->gone);
	}
}

static void say_unset(struct words *w)
{
	const struct memory_fault *fault = w->t->fault;
	say(w, " uses a pointer that was never set: ");
	if (fault->kind == MEMORY_UNSET_LOCAL) {
		say(w, "a local variable holds anything until it is given a value");
	} else if (fault->got.call < 0) {
		say(w, "malloc leaves memory as it is");
	} else {
		say(w, "%s", calls[fault->got.call].name);
		say_at(w, &fault->got);
		say(w, " leaves memory as it is");
	}
}

/* Whether one function stands twice among the innermost places. */
static bool is_recursion(const struct memory_telling *t)
{
	const struct site *site = &t->fault->site;
	const char *first = debug_info_find(t->sites, site->module[0],
					    site->offset[0]).function;
	for (int i = 1; i < SITE_DEPTH && site->offset[i]; i++)
		if (strcmp(first, debug_info_find(t->sites, site->module[i],
						  site->offset[i]).function) == 0)
			return true;
	return false;
}

static void say_stack(struct words *w)
{
	if (is_recursion(w->t))
		say(w, " needs more stack than there is: %s calls itself without "
		    "end", memory_place(w->t).function);
	else
		say(w, " needs more stack than there is: its local variables are "
		    "too large, or its calls too deep");
}

static void say_index(struct words *w)
{
	const struct memory_fault *fault = w->t->fault;
	say(w, " uses the index %s%" PRIu64 " of an array that has no such "
	    "element: its type is %s", fault->kind == MEMORY_INDEX ? "" : "-",
	    fault->distance, fault->text);
}

/* What follows the place. */
static void say_what(struct words *w)
{
	const struct memory_fault *fault = w->t->fault;
	switch (fault->kind) {
	case MEMORY_NULL:
		say(w, " %s a pointer that is NULL", fault->writes < 0 ? "uses" :
		    fault->writes ? "writes through" : "reads through");
		break;
	case MEMORY_FREED:
		say_freed(w);
		break;
	case MEMORY_PAST:
	case MEMORY_BEFORE:
		say_beside(w);
		break;
	case MEMORY_UNSET_BLOCK:
	case MEMORY_UNSET_LOCAL:
		say_unset(w);
		break;
	case MEMORY_STACK:
		say_stack(w);
		break;
	case MEMORY_SMASHED:
		say(w, " returns from %s, which has written past the end of a local "
		    "array", memory_place(w->t).function);
		break;
	case MEMORY_FRAME_GONE:
		say(w, " uses a local buffer of a function that has returned: %s",
		    calls[CALL_setvbuf].name);
		say_at(w, &fault->lent);
		say(w, " gave it to the stream");
		break;
	default:
		say_index(w);
	}
}

void memory_sentence(const struct memory_telling *telling,
		     char text[MEMORY_SENTENCE_MAX])
{
	struct words words = { .t = telling, .text = text };
	enum memory_kind kind = telling->fault->kind;
	*text = '\0';
	if (kind == MEMORY_FOUND_PAST || kind == MEMORY_FOUND_BEFORE) {
		say_found(&words);
	} else if (kind != MEMORY_OTHER && memory_place(telling).line > 0) {
		say_who(&words);
		say_what(&words);
	}
}

const char *memory_finding(const struct memory_fault *fault)
{
	static const char *const findings[MEMORY_KINDS] = {
		[MEMORY_OTHER] = "crash", [MEMORY_NULL] = "crash",
		[MEMORY_FREED] = "use_after_release", [MEMORY_PAST] = "overrun",
		[MEMORY_BEFORE] = "overrun", [MEMORY_FOUND_PAST] = "overrun",
		[MEMORY_FOUND_BEFORE] = "overrun", [MEMORY_UNSET_BLOCK] = "unset",
		[MEMORY_UNSET_LOCAL] = "unset", [MEMORY_STACK] = "crash",
		[MEMORY_SMASHED] = "overrun", [MEMORY_INDEX] = "overrun",
		[MEMORY_INDEX_BELOW] = "overrun",
		[MEMORY_FRAME_GONE] = "use_after_release",
	};
	bool written = fault->kind == MEMORY_FREED && fault->writes == 1;
	return written ? "write_after_release" : findings[fault->kind];
}
