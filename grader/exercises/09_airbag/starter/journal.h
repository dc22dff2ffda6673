/* journal.h - a file that is appended to, with an owner and an airbag.
 *
 * JOURNAL 1  open returns 0 and fills *ret_journal, which the caller has to
 *            close; or it returns a negative errno, with *ret_journal
 *            unchanged, nothing open and nothing armed, no matter which step
 *            failed. If the file cannot be opened, the result is the negative
 *            errno of that open.
 * JOURNAL 2  The warning names PATH, and the line that called journal_open.
 * JOURNAL 3  close closes, disarms and sets *journal to NULL, also when the
 *            close of the stream fails; it then returns that error.
 * JOURNAL 4  A second close does nothing and returns 0.
 * JOURNAL 5  write appends TEXT to the file as it is and adds nothing, also no
 *            newline. It returns 0 or a negative errno, and never just -1. The
 *            stream may hold the text back: whether write or close reports a
 *            full disk is free.
 */
#ifndef JOURNAL_H
#define JOURNAL_H

struct journal;

/* A macro, so that FILE and LINE are those of the caller. */
#define journal_open(path, ret_journal) \
	journal_open_at((path), __FILE__, __LINE__, (ret_journal))

/* Opens the file at PATH for appending, and creates it if there is none. */
int journal_open_at(const char *path, const char *file, int line,
		    struct journal **ret_journal);

/* Appends TEXT. Returns 0 or a negative errno. */
int journal_write(struct journal *journal, const char *text);

/* Closes the journal. Returns 0 or a negative errno, closed either way. */
int journal_close(struct journal **journal);

#endif
