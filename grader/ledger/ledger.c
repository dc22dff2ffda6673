/* ledger.c - see ledger.h. Entries stand in the order of acquisition; a hash
 * over kind and id leads to the newest of each. */
#include "ledger.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#define ERRNOS(...) { __VA_ARGS__ }
#define SURE false, 0
#define FAILS true, 0
#define WAITS true, WAY_INTERRUPTED
#define MOVES true, WAY_INTERRUPTED | WAY_SHORT
#define CUT true, WAY_CUT
#define ASKED true, WAY_ASKED
#define HARMLESS(name)
#define ALIAS(other, name)
#define CALL(name, role, gone, got, fails, errnos) \
	{ #name, ROLE_##role, KIND_##gone, KIND_##got, fails, false, errnos },
#define PRETEND(id, name, role, gone, got, fails, errnos) \
	{ #name, ROLE_##role, KIND_##gone, KIND_##got, fails, true, errnos },
const struct call_info calls[CALL_COUNT] = {
#include "calls.def"
};
#undef CALL
#undef PRETEND
#undef HARMLESS
#undef ALIAS

#define CALL(name, ...)
#define PRETEND(id, ...)
#define ALIAS(other, name)
#define HARMLESS(name) #name,
const char *const harmless_calls[] = {
#include "calls.def"
	NULL
};
#undef HARMLESS
#undef ALIAS

#define HARMLESS(name)
#define ALIAS(other, name) { #other, CALL_##name },
const struct call_alias call_aliases[] = {
#include "calls.def"
	{ NULL, CALL_COUNT }
};

#define KIND(id, name, noun, begun, ended) { name, noun, begun, ended },
const struct kind_info kinds[KIND_COUNT] = {
#include "kinds.def"
};

int call_named(const char *name)
{
	for (int i = 0; i < CALL_COUNT; i++)
		if (!calls[i].pretend && strcmp(calls[i].name, name) == 0)
			return i;
	for (const struct call_alias *alias = call_aliases; alias->other; alias++)
		if (strcmp(alias->other, name) == 0)
			return (int)alias->call;
	return -1;
}

void ledger_release(struct ledger *ledger)
{
	free(ledger->entries);
	free(ledger->buckets);
	*ledger = (struct ledger){ 0 };
}

size_t ledger_live(const struct ledger *ledger)
{
	size_t n = 0;
	for (size_t i = 0; i < ledger->n; i++)
		n += ledger->entries[i].live;
	return n;
}

/* The bucket of a resource. Source: Knuth's multiplicative hash. */
static size_t *bucket(const struct ledger *ledger, enum kind kind, uint64_t id)
{
	uint64_t hash = (id + kind) * 0x9E3779B97F4A7C15u;
	return &ledger->buckets[hash >> 32 & (ledger->room - 1)];
}

/* The newest entry with this kind and id; of them a live one first. */
static struct entry *find(const struct ledger *ledger, enum kind kind,
			  uint64_t id)
{
	struct entry *dead = NULL;
	if (ledger->n == 0)
		return NULL;
	for (size_t at = *bucket(ledger, kind, id); at;
	     at = ledger->entries[at - 1].older) {
		struct entry *e = &ledger->entries[at - 1];
		if (e->kind != kind || e->id != id)
			continue;
		if (e->live)
			return e;
		if (!dead)
			dead = e;
	}
	return dead;
}

/* A live resource of another kind that ID would hit: the descriptor beneath a
 * stream, or the stream itself handed to free. */
static struct entry *find_other(const struct ledger *ledger, enum kind kind,
				uint64_t id)
{
	for (size_t i = ledger->n; i-- > 0;) {
		struct entry *e = &ledger->entries[i];
		bool beneath = kind == KIND_DESCRIPTOR && e->beneath >= 0 &&
			       (uint64_t)e->beneath + 1 == id;
		bool same = kind != KIND_DESCRIPTOR &&
			    e->kind != KIND_DESCRIPTOR && e->id == id;
		if (e->live && e->kind != kind && (beneath || same))
			return e;
	}
	return NULL;
}

/* Whether this call ends what it is handed. */
static bool releases(enum call call)
{
	return calls[call].role == ROLE_RELEASE ||
	       calls[call].role == ROLE_TRANSFER;
}

/* The ruling on a resource that is not live under the expected kind. */
static enum ruling rule_on_dead(const struct ledger *ledger, enum call call,
				uint64_t gone, struct entry *dead,
				const struct entry **ret_entry)
{
	struct entry *other = find_other(ledger, calls[call].gone, gone);
	*ret_entry = other ? other : dead;
	if (!releases(call))
		return dead && !other ? RULING_USED_AFTER : RULING_FINE;
	if (other)
		return RULING_MISMATCH;
	return dead ? RULING_DOUBLE : RULING_STRANGER;
}

enum ruling ledger_ask(const struct ledger *ledger, enum call call,
		       uint64_t gone, const struct entry **ret_entry)
{
	*ret_entry = NULL;
	if (gone == 0 || calls[call].gone == KIND_NONE)
		return RULING_FINE;
	if (gone == LEDGER_NULL)
		return RULING_NOTHING;
	struct entry *entry = find(ledger, calls[call].gone, gone);
	*ret_entry = entry;
	if (entry && entry->live)
		return RULING_FINE;
	return rule_on_dead(ledger, call, gone, entry, ret_entry);
}

/* Whether CALL makes a stream in memory. */
static bool makes_in_memory(enum call call)
{
	return call == CALL_open_memstream || call == CALL_fmemopen;
}

/* The stream in memory that STEP uses or closes, NULL when it does not. */
static const struct entry *in_memory(const struct ledger *ledger,
				     const struct step *step)
{
	const struct entry *entry = calls[step->call].gone != KIND_STREAM ? NULL :
				    find(ledger, KIND_STREAM, step->gone);
	return entry && makes_in_memory(entry->by.call) ? entry : NULL;
}

bool ledger_in_memory(const struct ledger *ledger, const struct step *step)
{
	return makes_in_memory(step->call) || in_memory(ledger, step);
}

struct call_ways ledger_ways(const struct ledger *ledger, const struct step *step)
{
	static const int no_memory[ERRNOS_MAX] = { ENOMEM };
	static const int no_space[ERRNOS_MAX] = { ENOSPC };
	const struct call_info *info = &calls[step->call];
	const struct entry *stream = in_memory(ledger, step);
	if (!stream)
		return (struct call_ways){ info->fails, info->ways, info->errnos };
	return (struct call_ways){
		.fails = info->fails && info->errnos[0] == ENOSPC,
		.errnos = stream->by.call == CALL_fmemopen ? no_space : no_memory,
	};
}

/* Puts the entry with INDEX first in its bucket. */
static void hash_entry(struct ledger *ledger, size_t index)
{
	struct entry *e = &ledger->entries[index];
	size_t *first = bucket(ledger, e->kind, e->id);
	e->older = *first;
	*first = index + 1;
}

/* Makes room for two more entries, the most that one call acquires; the room
 * stays a power of two, and there are as many buckets. */
static int make_room(struct ledger *ledger)
{
	if (ledger->n + 2 <= ledger->room)
		return 0;
	size_t room = ledger->room ? 2 * ledger->room : 16;
	size_t *buckets = calloc(room, sizeof(*buckets));
	struct entry *grown = buckets ? realloc(ledger->entries,
						room * sizeof(*grown)) : NULL;
	if (!grown) {
		free(buckets);
		return -ENOMEM;
	}
	free(ledger->buckets);
	ledger->buckets = buckets;
	ledger->entries = grown;
	ledger->room = room;
	for (size_t i = 0; i < ledger->n; i++)
		hash_entry(ledger, i);
	return 0;
}

/* What a call without a kind to acquire leaves behind is a block: that of a
 * memory stream that was closed. */
static void acquire(struct ledger *ledger, const struct step *step, uint64_t id)
{
	enum kind kind = calls[step->call].got;
	ledger->entries[ledger->n++] = (struct entry){
		.kind = kind ? kind : KIND_HEAP, .id = id, .live = true,
		.beneath = step->beneath, .acquired = ledger->steps,
		.by = *step,
	};
	hash_entry(ledger, ledger->n - 1);
}

/* Ends the entry that STEP releases or passes on. */
static void end_entry(struct ledger *ledger, const struct step *step)
{
	struct entry *entry = find(ledger, calls[step->call].gone, step->gone);
	if (!entry || !entry->live)
		return;
	entry->live = false;
	entry->given = calls[step->call].role == ROLE_TRANSFER;
	entry->released = ledger->steps;
	entry->until = *step;
}

int ledger_record(struct ledger *ledger, const struct step *step,
		  enum ruling *ret_ruling, const struct entry **ret_entry)
{
	int rc = make_room(ledger);
	if (rc < 0)
		return rc;
	ledger->steps++;
	*ret_ruling = ledger_ask(ledger, step->call, step->gone, ret_entry);
	bool against = *ret_ruling != RULING_FINE;
	ledger->wrong += against && releases(step->call);
	bool kept = step->failed &&
		    (calls[step->call].role == ROLE_TRANSFER ||
		     step->call == CALL_sqlite3_close);
	if (releases(step->call) && !against && !kept)
		end_entry(ledger, step);
	for (int i = 0; i < 2; i++)
		if (step->got[i])
			acquire(ledger, step, step->got[i]);
	return 0;
}
