/* suite.c - what airbag.h and journal.h promise, asked of the learner's. In
 * which order notes are told is nobody's promise: each is looked for. */
#include "oracle/judge.h"

#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

/* The driver's slots, the journal of each, and the line that opens it. There are
 * nine, because a list that grows to four or eight places is full by then. */
enum { A, B, C, FEW, SLOTS = 9, OWN_STATUS = 3 };
static const char *const paths[SLOTS] = {
	"a.journal", "b.journal", "c.journal", "d.journal", "e.journal",
	"f.journal", "g.journal", "h.journal", "i.journal",
};
static const int lines[SLOTS] = { 11, 22, 33, 44, 55, 66, 77, 88, 99 };

enum {
	ONLY_A = 1 << A, ONLY_B = 1 << B, THREE = (1 << FEW) - 1,
	ALL = (1 << SLOTS) - 1,
};

static const char closed_but_told[] = "a journal that was closed is still "
	"warned about: close never disarms";
static const char failed_but_told[] = "journal_open failed, yet a leak is "
	"announced: armed before there was anything to close, or not disarmed "
	"after";
static const char silent_exit[] = "stderr is told nothing at exit: has a "
	"function been registered with atexit?";
static const char lost_but_told[] = "the close of the stream failed, the "
	"stream is gone, and the warning still stands";

/* --- words --------------------------------------------------------------- */

/* Value N of an answer as text, "" when there is none. */
static const char *text_of(struct answer a, size_t n)
{
	return n < a.n ? a.text[n] : "";
}

/* Whether the call touched what its out-parameter pointed to. */
static bool touched(struct answer a)
{
	return strcmp(text_of(a, 1), "1") == 0;
}

/* What is to be told of SLOT. */
static const char *warning(int slot)
{
	static char text[80];
	snprintf(text, sizeof(text), "caller.c:%d: %s was never closed\n",
		 lines[slot], paths[slot]);
	return text;
}

/* Whether the fault fell into a write. A flush may come without one. */
static bool kept_from_writing(struct answer a)
{
	return a.faulted && a.fault_call != CALL_fflush &&
	       calls[a.fault_call].role == ROLE_USE;
}

/* How many warnings there are in TEXT. */
static int warnings_in(const char *text)
{
	int n = 0;
	while ((text = strstr(text, " was never closed\n")) != NULL) {
		text++;
		n++;
	}
	return n;
}

/* Streams and descriptors that are open now. */
static size_t held_open(void)
{
	return live_now(KIND_STREAM) + live_now(KIND_DESCRIPTOR);
}

/* --- what is asked again and again --------------------------------------- */

/* Demands that TEXT warns of the journals in SET, each once, and of no other;
 * WHY says what is wrong otherwise, SILENT what is when nothing is told. */
static void demand_warnings(const char *clause, const char *text, unsigned set,
			    const char *silent, const char *why)
{
	int n = 0;
	insist(clause, !set || *text, "%s", silent);
	for (int slot = 0; slot < SLOTS; slot++) {
		bool due = set & 1u << slot;
		bool told = strstr(text, warning(slot)) != NULL;
		n += due;
		insist(clause, told == due, "%s (told: \"%s\")", why,
		       shown(text));
	}
	insist(clause, warnings_in(text) == n, "%s (told: \"%s\")", why,
	       shown(text));
}

/* Asks for a report of just the journals in SET. A report that was kept from
 * writing owes nothing, but where nothing is open it has nothing to write. */
static void expect_told(const char *clause, unsigned set, const char *why)
{
	struct answer a = ask("airbag_report", "");
	if (a.faulted) {
		insist(clause, set || !kept_from_writing(a), "%s", why);
		return;
	}
	demand_warnings(clause, text_of(a, 1), set, "airbag_report tells nobody"
			" of what is open", why);
	int n = warnings_in(text_of(a, 1));
	insist("AIRBAG 4", a.value == n, "airbag_report wrote %d warning%s and "
	       "said %ld", n, n == 1 ? "" : "s", a.value);
}

/* Demands what an open owes that could not open. */
static void demand_no_journal(struct answer a)
{
	const struct call_info *call = &calls[a.fault_call];
	bool resource = a.faulted && call->role == ROLE_ACQUIRE &&
			call->got != KIND_HEAP;
	insist("JOURNAL 1", a.faulted, "journal_open said %ld, and nothing had "
	       "failed", a.value);
	insist("JOURNAL 1", a.value < 0, "journal_open said %ld, which is no "
	       "negative errno", a.value);
	insist("JOURNAL 1", !resource || tells_errno(a), "journal_open said "
	       "%ld instead of -%s (%d), the error of %s", a.value,
	       strerrorname_np(a.fault_err), -a.fault_err, call->name);
	insist("JOURNAL 1", !touched(a), "journal_open failed, and "
	       "*ret_journal was changed all the same");
}

/* Opens the journal of SLOT: whether it is open now. */
static bool opened(int slot)
{
	struct answer a = ask("journal_open", "isi", slot, paths[slot],
			      lines[slot]);
	if (a.value != 0) {
		demand_no_journal(a);
		return false;
	}
	insist("JOURNAL 1", touched(a), "journal_open said 0, and *ret_journal "
	       "was not filled");
	return true;
}

/* Closes SLOT: whether the close of the stream succeeded. What an earlier write
 * failed with may be said here: WROTE is false then. */
static bool closes(int slot, bool wrote)
{
	struct answer a = ask("journal_close", "i", slot);
	bool lost = a.faulted && calls[a.fault_call].role == ROLE_RELEASE;
	if (lost && wrote)
		insist("JOURNAL 3", tells_errno(a), "journal_close said %ld "
		       "instead of -%s (%d), the error of %s", a.value,
		       strerrorname_np(a.fault_err), -a.fault_err,
		       calls[a.fault_call].name);
	insist("JOURNAL 3", a.faulted || !wrote || a.value == 0,
	       "journal_close said %ld, and nothing had failed", a.value);
	insist("JOURNAL 3", touched(a), "journal_close left *journal as it "
	       "was%s", lost ? ": a stream whose close failed is closed" : "");
	return !lost;
}

/* Closes SLOT, the last one, and demands silence. */
static void closes_last(int slot, bool wrote)
{
	bool well = closes(slot, wrote);
	expect_told("JOURNAL 3", 0, well ? closed_but_told : lost_but_told);
}

/* --- the journal --------------------------------------------------------- */

/* Writes TEXT into SLOT: whether it was taken. */
static bool written(int slot, const char *text)
{
	struct answer a = ask("journal_write", "is", slot, text);
	insist("JOURNAL 5", a.value <= 0 && (a.faulted || a.value == 0),
	       "journal_write said %ld", a.value);
	insist("JOURNAL 5", a.value != -EPERM, "journal_write said -1 (-EPERM): "
	       "the errno of what failed is to be returned negated");
	insist("JOURNAL 5", !kept_from_writing(a) || a.value < 0,
	       "%s failed, and journal_write said %ld",
	       calls[a.fault_call].name, a.value);
	return a.value == 0 && !a.faulted;
}

START_TEST(closed_in_time)
{
	if (!opened(A)) {
		expect_told("JOURNAL 1", 0, failed_but_told);
		return;
	}
	closes_last(A, written(A, "a line\n"));
	struct answer a = ask("journal_close", "i", A);
	insist("JOURNAL 4", a.value == 0, "a second journal_close said %ld",
	       a.value);
}
END_TEST

/* Demands what a report on A owes when nothing fails. */
static void demand_first(struct answer a)
{
	const char *text = text_of(a, 1);
	insist("JOURNAL 2", *text, "journal_open said 0, the journal was "
	       "forgotten, and airbag_report tells nobody: no note was taken");
	insist("JOURNAL 2", strstr(text, warning(A)), "the caller opened a "
	       "journal with FILE caller.c and LINE %d, and forgot it, and the "
	       "warning says \"%s\": it has to name the path, and where it "
	       "was opened", lines[A],
	       shown(text));
	insist("AIRBAG 4", a.value == 1 && warnings_in(text) == 1,
	       "one journal was forgotten; airbag_report said %ld and wrote "
	       "\"%s\"", a.value, shown(text));
}

/* A report on A that could not be written tells nobody, so the next one has to.
 * Whether a flush that fails has told is left open. */
static void demand_untold(struct answer a)
{
	if (a.fault_call == CALL_fflush || strstr(text_of(a, 1), warning(A)))
		return;
	insist("AIRBAG 4", a.value == 0, "nothing could be written, and "
	       "airbag_report said that it wrote %ld", a.value);
	a = ask("airbag_report", "");
	insist("AIRBAG 5", a.faulted || strstr(text_of(a, 1), warning(A)),
	       "nobody could be told, and the next airbag_report does not tell "
	       "it either");
}

/* Two reports on A, which is open. */
static void report_twice(void)
{
	struct answer a = ask("airbag_report", "");
	if (a.faulted) {
		demand_untold(a);
		return;
	}
	demand_first(a);
	expect_told("AIRBAG 5", 0, "the same leak is told twice");
}

START_TEST(forgotten)
{
	if (!opened(A)) {
		expect_told("JOURNAL 1", 0, failed_but_told);
		return;
	}
	size_t held = held_open();
	report_twice();
	insist("AIRBAG 5", held_open() >= held, "the report has closed the "
	       "journal: an airbag only warns, and the close may still come");
	situation("when a journal is closed after it was told of");
	closes_last(A, true);
}
END_TEST

/* A failed open of B leaves A, and the note of A, as they were. */
START_TEST(two_journals)
{
	if (!opened(A)) {
		expect_told("JOURNAL 1", 0, failed_but_told);
		return;
	}
	if (opened(B))
		closes(B, true);
	else
		expect_told("JOURNAL 1", ONLY_A, "a second journal_open failed,"
			    " and only the first journal is to be told of");
	closes_last(A, true);
}
END_TEST

START_TEST(all_are_told)
{
	situation("when nine journals are forgotten");
	for (int slot = 0; slot < SLOTS; slot++)
		opened(slot);
	expect_told("AIRBAG 4", ALL, "one report has to tell of all nine");
	expect_told("AIRBAG 5", 0, "the same leaks are told twice");
	for (int slot = 0; slot < SLOTS; slot++)
		closes(slot, true);
	expect_told("JOURNAL 3", 0, closed_but_told);
}
END_TEST

/* The oldest, the one between, and the youngest. */
START_TEST(one_of_three_closed)
{
	situation("when one of three open journals is closed");
	for (int gone = 0; gone < FEW; gone++) {
		for (int slot = 0; slot < FEW; slot++)
			opened(slot);
		closes(gone, true);
		expect_told("AIRBAG 3", THREE & ~(1u << gone), "the notes of the "
			    "two others have to stay, and only they");
		for (int slot = 0; slot < FEW; slot++)
			if (slot != gone)
				closes(slot, true);
	}
}
END_TEST

START_TEST(path_reused)
{
	situation("when the memory of the path is used for something else");
	opened(A);
	ask("reuse", "");
	expect_told("AIRBAG 2", ONLY_A, "the warning now names something else: "
		    "keep a copy");
	closes_last(A, true);
}
END_TEST

/* Days on end, all in one file: it is appended to. */
START_TEST(one_after_another)
{
	char expected[128] = "";
	for (int i = 0; i < 6; i++) {
		char line[16];
		snprintf(line, sizeof(line), "line %d\n", i);
		strcat(expected, line);
		opened(A);
		closes_last(A, written(A, line));
	}
	const char *text = file_text(paths[A]);
	demand("JOURNAL 5", text, "there is no file %s", paths[A]);
	demand("JOURNAL 5", strcmp(text, expected) == 0, "six lines were written, one "
	       "by each of six journals on %s, and it holds \"%s\"", paths[A],
	       shown(text));
}
END_TEST

/* Opens a journal at PATH, in slot A, and demands that it is told by that name. */
static void demand_told_whole(const char *path)
{
	char expected[256];
	snprintf(expected, sizeof(expected), "caller.c:7: %s was never closed\n",
		 path);
	struct answer a = ask("journal_open", "isi", A, path, 7);
	insist("JOURNAL 1", a.value == 0, "journal_open said %ld", a.value);
	a = ask("airbag_report", "");
	insist("AIRBAG 2", strcmp(text_of(a, 1), expected) == 0, "the warning "
	       "is \"%s\": it has to name all of a path of %zu bytes",
	       shown(text_of(a, 1)), strlen(path));
	closes(A, true);
}

START_TEST(long_paths)
{
	char path[128];
	memset(path, 'p', sizeof(path));
	for (size_t n = 62; n <= 65; n++) {
		path[n] = '\0';
		situation("when the path of a journal is some 64 bytes long");
		demand_told_whole(path);
		path[n] = 'p';
	}
}
END_TEST

/* Texts of 63 and 64 bytes, a long one, one without a newline, and one that is
 * no format: a journal holds them as they were handed over. */
START_TEST(texts_of_every_size)
{
	static const size_t sizes[] = { 63, 64, 1, 1000 };
	char text[1001], expected[2048] = "100%% of all\n";
	situation("when texts of several sizes are written, not all of which "
		  "end in a newline");
	opened(A);
	written(A, expected);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		memset(text, 'a' + (int)i, sizes[i]);
		text[sizes[i]] = '\0';
		written(A, text);
		strcat(expected, text);
	}
	closes_last(A, true);
	const char *held = file_text(paths[A]);
	demand("JOURNAL 5", held, "there is no file %s", paths[A]);
	demand("JOURNAL 5", strcmp(held, expected) == 0, "%zu bytes were "
	       "written, and %s, which has to hold just these, holds %zu: "
	       "\"%s\"", strlen(expected), paths[A], strlen(held), shown(held));
}
END_TEST

START_TEST(no_such_folder)
{
	situation("when the folder of the journal is not there");
	struct answer a = ask("journal_open", "isi", A, "nowhere/a.journal",
			      lines[A]);
	insist("JOURNAL 1", a.value == -ENOENT, "journal_open said %ld instead "
	       "of -ENOENT (%d)", a.value, -ENOENT);
	insist("JOURNAL 1", !touched(a), "journal_open failed, and "
	       "*ret_journal was changed all the same");
	expect_told("JOURNAL 1", 0, failed_but_told);
}
END_TEST

START_TEST(full_disk)
{
	situation("when the disk is full (the journal is /dev/full)");
	struct answer a = ask("journal_open", "isi", A, "/dev/full", lines[A]);
	insist("JOURNAL 1", a.value == 0, "journal_open said %ld", a.value);
	bool told = ask("journal_write", "is", A, "a line\n").value < 0;
	a = ask("journal_close", "i", A);
	insist("JOURNAL 3", told || a.value == -ENOSPC, "the line is lost, and "
	       "journal_close said %ld instead of -ENOSPC (%d): only the close "
	       "could tell", a.value, -ENOSPC);
	insist("JOURNAL 3", touched(a), "journal_close left *journal as it "
	       "was: a stream whose close failed is closed");
	expect_told("JOURNAL 3", 0, lost_but_told);
}
END_TEST

/* --- the airbag alone ---------------------------------------------------- */

/* Demands what an arm owes that has failed. */
static void demand_no_note(struct answer a)
{
	insist("AIRBAG 1", a.value == -ENOMEM, "airbag_arm said %ld: it says 0 "
	       "or -ENOMEM (%d)", a.value, -ENOMEM);
	insist("AIRBAG 1", a.faulted, "airbag_arm said -ENOMEM, and nothing "
	       "had failed");
	insist("AIRBAG 1", !touched(a), "airbag_arm failed, and *ret_bag was "
	       "changed all the same");
	a = ask("airbag_report", "");
	insist("AIRBAG 1", a.faulted || a.value == 0, "airbag_arm failed, and "
	       "a note was taken all the same");
}

START_TEST(a_bag)
{
	const char *door = "caller.c:44: the door was never closed\n";
	struct answer a = ask("airbag_arm", "isi", A, "the door", 44);
	if (a.value != 0) {
		demand_no_note(a);
		return;
	}
	insist("AIRBAG 1", touched(a), "airbag_arm said 0, and *ret_bag was "
	       "not filled");
	ask("reuse", "");
	a = ask("airbag_report", "");
	insist("AIRBAG 2", a.faulted ||
	       strcmp(text_of(a, 1), door) == 0, "the caller armed \"the "
	       "door\" with FILE caller.c and LINE 44, then its memory was used for something else, and "
	       "the warning says \"%s\"", shown(text_of(a, 1)));
	for (int i = 0; i < 2; i++) {
		a = ask("airbag_disarm", "i", A);
		insist("AIRBAG 3", a.value, "airbag_disarm left *bag as it "
		       "was");
	}
}
END_TEST

/* An arm that fails has taken no note, and those of before and after it stay. */
START_TEST(nine_bags)
{
	unsigned armed = 0;
	for (int slot = 0; slot < SLOTS; slot++) {
		struct answer a = ask("airbag_arm", "isi", slot, paths[slot],
				      lines[slot]);
		insist("AIRBAG 1", a.value == 0 || (a.value == -ENOMEM &&
		       a.faulted), "airbag_arm said %ld", a.value);
		insist("AIRBAG 1", touched(a) == (a.value == 0), "airbag_arm "
		       "said %ld, and *ret_bag was %s", a.value, touched(a) ?
		       "changed all the same" : "not filled");
		armed |= a.value == 0 ? 1u << slot : 0;
	}
	expect_told(armed == ALL ? "AIRBAG 4" : "AIRBAG 1", armed, "nine bags "
		    "were armed, and just those are to be told whose arm said "
		    "0");
	for (int slot = 0; slot < SLOTS; slot++)
		if (armed & 1u << slot)
			ask("airbag_disarm", "i", slot);
	expect_told("AIRBAG 3", 0, "a note that was dropped is still told");
}
END_TEST

/* --- the real exit ------------------------------------------------------- */

START_TEST(exit_tells)
{
	situation("when the process exits with two journals open");
	may_outlive();
	for (int slot = 0; slot < SLOTS; slot++)
		opened(slot);
	closes(B, true);
	size_t held = held_open();
	leave("exit");
	demand_warnings("AIRBAG 6", left_err(), ALL & ~ONLY_B, silent_exit,
			"stderr has to be told of those two at exit, and of no "
			"other");
	insist("AIRBAG 6", left_status() == OWN_STATUS, "the warning changed "
	       "the exit status from %d to %d", OWN_STATUS, left_status());
	insist("AIRBAG 6", held_open() >= held, "a journal was closed at exit: "
	       "an airbag only warns");
}
END_TEST

START_TEST(exit_tells_the_rest)
{
	situation("when the process exits after a report");
	may_outlive();
	opened(A);
	expect_told("AIRBAG 4", ONLY_A, "what was forgotten is not told");
	opened(B);
	leave("exit");
	insist("AIRBAG 5", !strstr(left_err(), warning(A)), "the same leak is "
	       "told twice: once when asked, once at exit");
	demand_warnings("AIRBAG 6", left_err(), ONLY_B, silent_exit,
			"stderr has to be told at exit of what was opened "
			"after the report");
}
END_TEST

/* Leaves by a way on which nothing that was registered runs. */
static void leave_silently(const char *how, int status)
{
	may_outlive();
	opened(A);
	leave(how);
	demand_warnings("AIRBAG 6", left_err(), 0, "",
			"the airbag warns at exit and nowhere else");
	insist("AIRBAG 6", left_status() == status, "it ended with %d instead "
	       "of %d", left_status(), status);
}

START_TEST(leaving_at_once)
{
	situation("when the process leaves by _exit");
	leave_silently("_exit", OWN_STATUS);
}
END_TEST

START_TEST(leaving_by_a_signal)
{
	situation("when the process is killed by a signal");
	leave_silently("signal", 128 + SIGTERM);
}
END_TEST

void judge_suite(struct suite *suite)
{
	add_scenario(suite, closed_in_time, SWEPT);
	add_scenario(suite, forgotten, SWEPT);
	add_scenario(suite, two_journals, SWEPT);
	add_scenario(suite, all_are_told, PLAIN);
	add_scenario(suite, one_of_three_closed, PLAIN);
	add_scenario(suite, path_reused, PLAIN);
	add_scenario(suite, long_paths, PLAIN);
	add_scenario(suite, texts_of_every_size, PLAIN);
	add_scenario(suite, one_after_another, PLAIN);
	add_scenario(suite, no_such_folder, PLAIN);
	add_scenario(suite, full_disk, PLAIN);
	add_scenario(suite, a_bag, SWEPT);
	add_scenario(suite, nine_bags, SWEPT);
	add_scenario(suite, exit_tells, PLAIN);
	add_scenario(suite, exit_tells_the_rest, PLAIN);
	add_scenario(suite, leaving_at_once, PLAIN);
	add_scenario(suite, leaving_by_a_signal, PLAIN);
}
