/* ledger.h - the list of what was acquired and what was released, and where.
 *
 * The same ledger serves twice: in the judge, where it is the evidence, and
 * beside the code under test, where it decides at once whether a release may
 * be performed and what still_open() says.
 */
#ifndef LEDGER_LEDGER_H
#define LEDGER_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kind {
#define KIND(id, ...) KIND_##id,
#include "kinds.def"
#undef KIND
	KIND_COUNT
};

/* One row of kinds.def. */
struct kind_info {
	const char *name;
	const char *noun, *begun, *ended;
};

extern const struct kind_info kinds[KIND_COUNT];

enum role { ROLE_ACQUIRE, ROLE_RELEASE, ROLE_USE, ROLE_TRANSFER, ROLE_LEAVE };

/* What may become of a call besides its failure, as bits. */
enum call_way {
	WAY_INTERRUPTED = 1,	/* a signal may end it: EINTR */
	WAY_SHORT = 2,		/* it may transfer fewer bytes than it is asked to */
	WAY_CUT = 4,		/* it may fail when a part is transferred */
	WAY_ASKED = 8,		/* only some exercises make it fail, or watch it */
};

enum { ERRNOS_MAX = 3 };

/* One row of calls.def. */
struct call_info {
	const char *name;
	enum role role;
	enum kind gone, got;
	bool fails;
	unsigned ways;		/* see enum call_way */
	bool pretend;		/* no function of libc */
	int errnos[ERRNOS_MAX];	/* 0 after the last; of SQLite's calls its
				 * result codes */
};

enum call {
#define ERRNOS(...)
#define CALL(name, ...) CALL_##name,
#define PRETEND(id, ...) CALL_##id,
#define ALIAS(other, name)
#define HARMLESS(name)
#include "calls.def"
#undef ERRNOS
#undef CALL
#undef PRETEND
#undef ALIAS
#undef HARMLESS
	CALL_COUNT
};

extern const struct call_info calls[CALL_COUNT];

/* The NULL-terminated names of calls.def that need no watching. */
extern const char *const harmless_calls[];

/* The other names that libc has for some calls, ended by an empty row. */
struct call_alias {
	const char *other;
	enum call call;
};
extern const struct call_alias call_aliases[];

/* What the ledger says of a step. Anything but RULING_FINE is a fault of the
 * code that made it. */
enum ruling {
	RULING_FINE,
	RULING_DOUBLE,		/* a release of what was released before */
	RULING_STRANGER,	/* a release of what it never acquired */
	RULING_MISMATCH,	/* a release by the wrong call */
	RULING_USED_AFTER,	/* a use of what was released */
	RULING_NOTHING,		/* a use or release of NULL */
	RULING_COUNT
};

/* What a call was handed instead of a stream: NULL. */
#define LEDGER_NULL UINT64_MAX

enum { SITE_DEPTH = 8 };

/* Where a call was made: addresses of the code under test, the innermost
 * first, 0 after the last. Module 0 is the subject, 1 its support. */
struct site {
	uint8_t module[SITE_DEPTH];
	uint32_t offset[SITE_DEPTH];
};

/* One call, as the wrappers report it. */
struct step {
	enum call call;
	bool failed;		/* it told its caller of a failure */
	bool faulted;		/* because the plan said so */
	unsigned fault_point;	/* its number, from 1; 0 when it is none */
	int err;		/* errno when it failed */
	uint64_t gone;		/* what it used or released, 0 for nothing */
	uint64_t got[2];	/* what it acquired, 0 for nothing */
	uint32_t asked;		/* bytes that a transfer was to move, of those
				 * that there were; 0: no transfer */
	uint32_t moved;		/* bytes that it has moved */
	int beneath;		/* a stream's descriptor, or the one that a
				 * copy reads; -1 for none */
	struct site site;
	char detail[40];	/* what it was about: a path, a text */
};

/* One resource from its acquisition on. */
struct entry {
	enum kind kind;
	uint64_t id;
	int beneath;
	bool live;
	bool given;		/* released by a transfer, not by a release */
	size_t acquired;	/* the step's number, from 1 */
	size_t released;	/* the same, 0 while live */
	struct step by;		/* who acquired */
	struct step until;	/* who released */
	size_t older;		/* the one before it in its bucket, from 1 */
};

struct ledger {
	struct entry *entries;	/* in the order of acquisition */
	size_t n, room;
	size_t *buckets;	/* by kind and id: the newest, from 1 */
	size_t steps;		/* steps recorded so far */
	unsigned wrong;		/* releases ruled against so far */
};

/* Frees what the ledger owns; it may be used again. */
void ledger_release(struct ledger *ledger);

/* What the ledger would say of CALL on resource GONE, without recording it.
 * *ret_entry is the entry concerned, or NULL. A gone of 0 is fine. */
enum ruling ledger_ask(const struct ledger *ledger, enum call call,
		       uint64_t gone, const struct entry **ret_entry);

/* Records STEP: the ruling as ledger_ask gives it in *ret_ruling, *ret_entry
 * the entry ruled on (valid until the next step) or NULL. 0, or -ENOMEM with
 * nothing recorded. A release ruled against changes no entry, nor does a close
 * of a database that SQLite refused. */
int ledger_record(struct ledger *ledger, const struct step *step,
		  enum ruling *ret_ruling, const struct entry **ret_entry);

/* Whether STEP is about a stream in memory, which has no file beneath: one that
 * open_memstream or fmemopen made, or was to make. */
bool ledger_in_memory(const struct ledger *ledger, const struct step *step);

/* In which ways a call may fail. */
struct call_ways {
	bool fails;
	unsigned ways;		/* see enum call_way */
	const int *errnos;	/* ERRNOS_MAX of them, as in struct call_info */
};

/* How the call that STEP is may fail: as calls.def says. On a stream in memory only a
 * call that writes may, wholly, and for want of room. Source: open_memstream(3),
 * fmemopen(3), malloc(3). */
struct call_ways ledger_ways(const struct ledger *ledger, const struct step *step);

/* How many resources are live. */
size_t ledger_live(const struct ledger *ledger);

/* The row of libc that NAME or an alias of it bears, -1 when there is none. */
int call_named(const char *name);

#endif
