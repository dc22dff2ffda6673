/* errors.c - see errors.h. */
#include "errors.h"

#include <errno.h>
#include <sqlite3.h>
#include <string.h>

bool speaks_sqlite(enum call call)
{
	return strncmp(calls[call].name, "sqlite3_", 8) == 0;
}

/* SQLite's primary result codes that a learner may meet, and the errno that
 * asks for each, 0 for none. */
static const struct {
	const char *name;
	int code, err;
} sqlite_codes[] = {
	{ "SQLITE_FULL", SQLITE_FULL, ENOSPC },
	{ "SQLITE_NOMEM", SQLITE_NOMEM, ENOMEM },
	{ "SQLITE_BUSY", SQLITE_BUSY, EBUSY },
	{ "SQLITE_BUSY", SQLITE_BUSY, EAGAIN },
	{ "SQLITE_CANTOPEN", SQLITE_CANTOPEN, EMFILE },
	{ "SQLITE_PERM", SQLITE_PERM, EACCES },
	{ "SQLITE_IOERR", SQLITE_IOERR, EIO },
	{ "SQLITE_ERROR", SQLITE_ERROR, 0 },
	{ "SQLITE_LOCKED", SQLITE_LOCKED, 0 },
	{ "SQLITE_READONLY", SQLITE_READONLY, 0 },
	{ "SQLITE_CONSTRAINT", SQLITE_CONSTRAINT, 0 },
	{ "SQLITE_MISUSE", SQLITE_MISUSE, 0 },
	{ "SQLITE_NOTADB", SQLITE_NOTADB, 0 },
	{ "SQLITE_RANGE", SQLITE_RANGE, 0 },
};

enum { SQLITE_CODES = sizeof(sqlite_codes) / sizeof(*sqlite_codes) };

const char *error_name(enum call call, int err)
{
	const char *name = speaks_sqlite(call) ? NULL : strerrorname_np(err);
	for (int i = 0; speaks_sqlite(call) && !name && i < SQLITE_CODES; i++)
		if (sqlite_codes[i].code == (err & 0xff))
			name = sqlite_codes[i].name;
	return name ? name : "0";
}

const char *error_asked(const char *name)
{
	for (int i = 0; i < SQLITE_CODES; i++)
		if (sqlite_codes[i].err && strcmp(sqlite_codes[i].name, name) == 0)
			return strerrorname_np(sqlite_codes[i].err);
	return name;
}

const char *error_text(enum call call, int err)
{
	return speaks_sqlite(call) ? sqlite3_errstr(err) : strerror(err);
}

int error_for(enum call call, int err)
{
	if (!speaks_sqlite(call) || err == 0)
		return err;
	for (int i = 0; i < SQLITE_CODES; i++)
		if (sqlite_codes[i].err == err)
			return sqlite_codes[i].code;
	return SQLITE_IOERR;
}
