/* errors.h - what the calls of the ledger fail with: an errno, or one of SQLite's
 * result codes. */
#ifndef LEDGER_ERRORS_H
#define LEDGER_ERRORS_H

#include "ledger.h"

/* Whether CALL fails with a result code of SQLite's, and not with an errno. */
bool speaks_sqlite(enum call call);

/* The name of what CALL failed with: "ENOSPC", "SQLITE_FULL"; "0" for none. */
const char *error_name(enum call call, int err);

/* The errno by whose name a test asks fail_call for the error of that NAME:
 * "ENOSPC" for "SQLITE_FULL", and for an errno itself. */
const char *error_asked(const char *name);

/* What CALL failed with in words; valid until the next call. */
const char *error_text(enum call call, int err);

/* ERR as CALL would fail with it: an errno asked of one of SQLite's calls is
 * told by the result code that SQLite has for it. Source: "Result and Error
 * Codes" in SQLite's documentation. */
int error_for(enum call call, int err);

#endif
