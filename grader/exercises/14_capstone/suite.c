/* suite.c - what the five headers promise, in four stages: each file by itself,
 * then all of them. The recipient, who takes what stands in the outbox, is
 * played here: what it got is the measure of "lost" and "twice". */
#include "oracle/judge.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LETTERS = 2, SLOTS = 2, TEXTS_MAX = 12, OWN_STATUS = 3,
       LONGEST = 1000 /* LETTER_MAX of spool.h */,
       LONG_FOLDER = 150, LONG_ID = 104 /* a path of NAME_MAX bytes, without .tmp */ };

static const char *const ids[LETTERS] = { "anna", "ben" };
static const char *const texts[LETTERS] = { "Dear Anna,\nall is well.\n",
					    "Dear Ben,\ncome soon.\n" };
static const char ledger[] = "ledger.db";

/* --- words --------------------------------------------------------------- */

/* Value N of an answer as text, "" when there is none. */
static const char *text_of(struct answer a, size_t n)
{
	return n < a.n ? a.text[n] : "";
}

/* Value N of an answer as a number. */
static long number_of(struct answer a, size_t n)
{
	return strtol(text_of(a, n), NULL, 10);
}

/* Whether ID is among the texts of an answer, from the first on, in steps. */
static bool names(struct answer a, const char *id, size_t step)
{
	for (size_t i = 1; i < a.n; i += step)
		if (strcmp(a.text[i], id) == 0)
			return true;
	return false;
}

/* Whether ID has a row in the ledger at PATH. */
static bool has_row(const char *path, const char *id)
{
	return names(ask("rows", "s", path), id, 1);
}

/* The same in a scenario of unit_run alone. */
static bool unit_has_row(const char *id)
{
	return names(ask("unit_rows", "s", ledger), id, 1);
}

/* Whether the letter ID waits in the folder SPOOL. */
static bool waits(const char *spool, const char *id)
{
	char path[80];
	snprintf(path, sizeof(path), "%s/%s", spool, id);
	return file_text(path) != NULL;
}

/* Puts the first N letters into SPOOL, which is made. */
static void fill_spool(const char *spool, int n)
{
	ask("folder", "s", spool);
	for (int i = 0; i < n; i++) {
		char path[80];
		snprintf(path, sizeof(path), "%s/%s", spool, ids[i]);
		write_file(path, texts[i]);
	}
}

/* A letter of N bytes that is no format, with a newline at its end. */
static const char *long_text(size_t n)
{
	static char text[LONGEST + 1];
	memset(text, 'x', n);
	memcpy(text, "100%s", 5);
	text[n - 1] = '\n';
	text[n] = '\0';
	return text;
}

/* Demands of any answer that it is 0 or a negative errno, and 0 when nothing
 * failed. */
static void demand_errno(const char *clause, const char *function,
			 struct answer a)
{
	insist(clause, a.value <= 0, "%s said %ld: it says 0 or a negative "
	       "errno", function, a.value);
	insist(clause, a.faulted || a.value == 0, "%s said %ld, and nothing "
	       "had failed", function, a.value);
}

/* --- owner: spool.c, and the ends of the ledger -------------------------- */

/* Demands of a letter_next that returned 1 that it read the letter ID. */
static void demand_letter(struct answer a, const char *id, const char *text)
{
	demand("SPOOL 2", strcmp(text_of(a, 1), id) == 0, "letter_next read a "
	       "letter \"%s\", and the only one in the spool is %s",
	       shown(text_of(a, 1)), id);
	demand("SPOOL 2", strcmp(text_of(a, 2), text) == 0, "letter_next said "
	       "1, and the text that it read is not whole: it is \"%s\"",
	       shown(text_of(a, 2)));
	const char *name = strrchr(text_of(a, 3), '/');
	demand("SPOOL 3", name && strcmp(name + 1, id) == 0, "the path of the "
	       "letter is \"%s\", not that of its file in the spool",
	       shown(text_of(a, 3)));
}

/* Demands that the out-parameter of a letter_next that returned no letter is
 * as it was. */
static void demand_no_letter(struct answer a)
{
	for (size_t i = 1; i <= 3; i++)
		demand("SPOOL 3", strcmp(text_of(a, i), "untouched") == 0,
		       "letter_next said %ld, and *ret_letter was changed all "
		       "the same", a.value);
}

START_TEST(owner_letter)
{
	fill_spool("spool", 1);
	struct answer a = ask("letter_next", "s", "spool");
	if (a.value == 1) {
		demand_letter(a, ids[0], texts[0]);
		return;
	}
	demand("SPOOL 2", a.faulted, "there is a letter in the spool, and "
	       "letter_next said %ld", a.value);
	demand("SPOOL 2", a.value < 0, "%s said that it failed, and "
	       "letter_next said %ld, as if the spool were empty",
	       calls[a.fault_call].name, a.value);
	demand_no_letter(a);
}
END_TEST

/* Has the only letter of the spool, with TEXT in it, read. */
static void read_letter(const char *text)
{
	write_file("spool/anna", text);
	struct answer a = ask("letter_next", "s", "spool");
	demand("SPOOL 2", a.value == 1, "there is a letter of %zu bytes in the "
	       "spool, LETTER_MAX being %d, and letter_next said %ld",
	       strlen(text), LONGEST, a.value);
	demand_letter(a, ids[0], text);
}

START_TEST(owner_longest_letter)
{
	situation("when a letter is as long as a letter may be, or one byte "
		  "shorter");
	fill_spool("spool", 0);
	read_letter(long_text(LONGEST));
	read_letter(long_text(LONGEST - 1));
}
END_TEST

START_TEST(owner_empty_letter)
{
	situation("when a letter is empty");
	fill_spool("spool", 0);
	read_letter("");
}
END_TEST

/* What one call has read or failed to read is nothing to the next one. */
START_TEST(owner_letter_after_a_failure)
{
	situation("when a letter can be read that could not be read before");
	fill_spool("spool", 0);
	ask("letter_next", "s", "nowhere");
	ask("folder", "s", "spool/anna");
	ask("letter_next", "s", "spool");
	ask("discard", "s", "spool/anna");
	read_letter(texts[0]);
	read_letter("short\n");
}
END_TEST

START_TEST(owner_empty_spool)
{
	situation("when nothing but .hidden is in the spool");
	fill_spool("spool", 0);
	write_file("spool/.hidden", "no letter");
	struct answer a = ask("letter_next", "s", "spool");
	demand("SPOOL 2", a.value == 0, "letter_next said %ld instead of 0",
	       a.value);
	demand_no_letter(a);
}
END_TEST

START_TEST(owner_no_spool)
{
	situation("when the spool is not there");
	struct answer a = ask("letter_next", "s", "nowhere");
	demand("SPOOL 2", a.value == -ENOENT, "letter_next said %ld instead of "
	       "-ENOENT (%d)", a.value, -ENOENT);
	demand_no_letter(a);
}
END_TEST

START_TEST(owner_unreadable_letter)
{
	situation("when what should be a letter is a folder");
	fill_spool("spool", 0);
	ask("folder", "s", "spool/anna");
	struct answer a = ask("letter_next", "s", "spool");
	demand("SPOOL 2", a.value < 0, "it cannot be read, and letter_next "
	       "said %ld", a.value);
	demand_no_letter(a);
}
END_TEST

START_TEST(owner_ledger)
{
	struct answer a = ask("ledger_open", "s", ledger);
	demand_errno("UNIT 1", "ledger_open", a);
	if (a.value < 0) {
		demand("UNIT 1", number_of(a, 1) == 0, "ledger_open failed, "
		       "and *ret_db was changed all the same");
		return;
	}
	insist("UNIT 1", number_of(a, 1) == 1, "ledger_open said 0, and "
	       "*ret_db was not filled");
	a = ask("ledger_close", "");
	demand_errno("UNIT 2", "ledger_close", a);
	demand("UNIT 2", number_of(a, 1) == 1, "ledger_close left *db as it "
	       "was");
	a = ask("ledger_close", "");
	demand("UNIT 2", a.faulted || a.value == 0, "*db was NULL, and "
	       "ledger_close said %ld", a.value);
}
END_TEST

/* Demands what is owed by a ledger_open that cannot open. */
static void expect_refused(const char *path)
{
	struct answer a = ask("ledger_open", "s", path);
	insist("UNIT 1", a.value < 0, "ledger_open said %ld", a.value);
	demand("UNIT 1", number_of(a, 1) == 0, "ledger_open failed, and "
	       "*ret_db was changed all the same");
}

START_TEST(owner_ledger_refused)
{
	situation("when the folder of the ledger is not there");
	expect_refused("nowhere/ledger.db");
}
END_TEST

START_TEST(owner_no_database)
{
	situation("when the file of the ledger is no database");
	write_file(ledger, "This is a text, and long enough not to be taken "
		   "for an empty file, nor for what SQLite made.\n");
	expect_refused(ledger);
}
END_TEST

/* --- owner: owners.txt --------------------------------------------------- */

static const char spaces[] = " \t\r";

/* What stands after THING and a colon in LINE, NULL when it is about another thing. Case
 * and the number of spaces are free. */
static const char *after_thing(const char *line, const char *thing)
{
	line += strspn(line, spaces);
	for (; *thing; thing++) {
		if (*thing == ' ' && strspn(line, spaces) > 0) {
			line += strspn(line, spaces);
			continue;
		}
		if (tolower((unsigned char)*line) != tolower((unsigned char)*thing))
			return NULL;
		line++;
	}
	line += strspn(line, spaces);
	return *line == ':' ? line + 1 : NULL;
}

/* The answer that owners.txt gives for THING: the first word, without what may follow
 * it, such as "()" or a comment; "" for none. */
static const char *defended(const char *thing)
{
	static char answer[80];
	const char *line = handed_in("owners.txt"), *at = NULL;
	while (*line && !(at = after_thing(line, thing))) {
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	if (!at)
		return "";
	at += strspn(at, " \t`'\"");
	snprintf(answer, sizeof(answer), "%.*s",
		 (int)strcspn(at, " \t\r\n()#;,.`'\"/"), at);
	if (strcasecmp(answer, "caller") == 0)
		return "caller";
	return answer;
}

/* What is defended: a thing of owners.txt, and the resource of this run that it is. */
struct defence {
	const char *thing;
	size_t number;		/* 0: this code does without */
	char released_in[80];	/* "" when nothing has released it */
};

/* The newest resource of KIND as what owners.txt calls THING. */
static struct defence defend(const char *thing, enum kind kind)
{
	struct defence d = { .thing = thing, .number = newest_of(kind) };
	snprintf(d.released_in, sizeof(d.released_in), "%s", released_in(kind));
	return d;
}

/* Demands that owners.txt names a function that ends what D tells of: the one that
 * releases it, or one that calls it. Of a thing that this code does without, nothing is
 * asked. */
static void demand_owner(const struct defence *d)
{
	const char *answer = defended(d->thing);
	if (d->number == 0)
		return;
	demand("COURIER 6", *answer, "owners.txt has no line \"%s: \" with the "
	       "function of yours that ends it", d->thing);
	demand("COURIER 6", strcmp(answer, "?") != 0, "owners.txt does not say "
	       "yet which function of yours ends the %s", d->thing);
	demand("COURIER 6", *d->released_in, "owners.txt says that %s ends the "
	       "%s, and nothing does", answer, d->thing);
	demand("COURIER 6", released_within(d->number, answer), "owners.txt says "
	       "that %s ends the %s, and in your code %s does, which %s does not "
	       "call", answer, d->thing, d->released_in, answer);
}

/* A file is a stream, or, in code that has none, a descriptor. */
static enum kind file_kind(void)
{
	return *acquired_in(KIND_STREAM) ? KIND_STREAM : KIND_DESCRIPTOR;
}

/* Makes a whole run, too: what calls the function that ends a thing there is also its
 * owner. Nothing that is asked of it belongs here. */
static void run_as_well(void)
{
	ask("folder", "s", "all.spool");
	write_file("all.spool/ben", texts[1]);
	ask("folder", "s", "all.outbox");
	ask("courier_run", "sss", "all.spool", "all.outbox", "all.db");
	situation("");
}

START_TEST(owner_defended_letter)
{
	fill_spool("spool", 1);
	ask("letter_next", "s", "spool");
	struct defence directory = defend("spool directory", KIND_DIRECTORY);
	struct defence letter = defend("letter file", file_kind());
	run_as_well();
	demand_owner(&directory);
	demand_owner(&letter);
}
END_TEST

START_TEST(owner_defended_parcel)
{
	ask("folder", "s", "outbox");
	ask("parcel_open", "issi", 0, "outbox", ids[0], 1);
	ask("parcel_write", "is", 0, texts[0]);
	ask("parcel_send", "i", 0);
	struct defence parcel = defend("parcel file", file_kind());
	run_as_well();
	demand_owner(&parcel);
}
END_TEST

/* Demands that the database which unit_run is handed is left to its caller. */
static void demand_lent(void)
{
	const char *lent = defended("database in unit_run");
	demand("UNIT 3", *lent && strcmp(lent, "?") != 0, "owners.txt does not "
	       "say yet who ends the database that unit_run is handed");
	demand("UNIT 3", strcmp(lent, "caller") == 0, "owners.txt says that %s "
	       "ends the database in unit_run: it is lent to that function, "
	       "which leaves it to its caller", lent);
}

START_TEST(owner_defended_ledger)
{
	ask("ledger_open", "s", ledger);
	ask("ledger_close", "");
	struct defence database = defend("database", KIND_DATABASE);
	ask("lend", "s", ledger);
	ask("unit_run", "si", ids[0], 0);
	struct defence statement = defend("statement", KIND_STATEMENT);
	struct defence transaction = defend("transaction", KIND_TRANSACTION);
	run_as_well();
	demand_owner(&database);
	demand_owner(&statement);
	demand_owner(&transaction);
	demand_lent();
}
END_TEST

/* --- unit: unit_run --------------------------------------------------- */

/* Runs a unit on the row ID and demands that it did both or neither. WAS says
 * whether the row was there before. */
static struct answer run_unit(const char *id, int result, bool was)
{
	struct answer a = ask("unit_run", "si", id, result);
	long value = a.value, acts = number_of(a, 1), undos = number_of(a, 2);
	bool row = unit_has_row(id), done = acts > 0 && result == 0;
	demand("UNIT 4", value <= 0, "unit_run said %ld: it says 0 or a "
	       "negative errno", value);
	demand("UNIT 4", value < 0 || row, "unit_run said 0, and the row %s "
	       "is not there", id);
	demand("UNIT 4", value == 0 || row == was, "unit_run said %ld, and the "
	       "row %s is %s all the same", value, id, row ? "there" : "gone");
	demand("UNIT 5", acts <= 1, "act was called %ld times", acts);
	demand("UNIT 5", !was || acts == 0, "the row %s was there before, and "
	       "act was called all the same: done twice", id);
	demand("UNIT 3", was || !row || done, "the row %s was committed, and "
	       "the work was not done", id);
	demand("UNIT 5", undos == 0 || done, "undo was called, and act had "
	       "done nothing that could be undone");
	demand("UNIT 5", undos == 0 || !row, "undo was called, and the row %s "
	       "is committed: the work is undone for good", id);
	demand("UNIT 5", row || !done || undos > 0, "the work was done, the "
	       "row %s is not there, and undo was not called", id);
	demand("UNIT 5", undos <= 1, "undo was called %ld times", undos);
	return a;
}

/* Runs it once more when a fault fell: now it has to succeed. */
static void run_unit_again(struct answer a, const char *id)
{
	if (!a.faulted)
		return;
	bool row = unit_has_row(id);
	struct answer again = run_unit(id, 0, row);
	demand("UNIT 4", again.faulted || again.value == 0, "unit_run said "
	       "%ld when it was called again, and nothing failed in it",
	       again.value);
}

START_TEST(unit_one_row)
{
	ask("lend", "s", ledger);
	struct answer a = run_unit(ids[0], 0, false);
	demand_errno("UNIT 4", "unit_run", a);
	run_unit_again(a, ids[0]);
}
END_TEST

START_TEST(unit_row_was_there)
{
	ask("put_row", "ss", ledger, ids[0]);
	ask("lend", "s", ledger);
	struct answer a = run_unit(ids[0], 0, true);
	demand_errno("UNIT 4", "unit_run", a);
	run_unit_again(a, ids[0]);
}
END_TEST

START_TEST(unit_work_fails)
{
	situation("when the work itself fails");
	ask("lend", "s", ledger);
	struct answer a = run_unit(ids[0], -EDQUOT, false);
	demand("UNIT 4", a.value < 0, "act said %d, and unit_run said %ld",
	       -EDQUOT, a.value);
	run_unit(ids[1], 0, false);
	situation("when it is called again after the work has failed");
	a = run_unit(ids[0], 0, false);
	demand("UNIT 4", a.value == 0, "unit_run said %ld", a.value);
}
END_TEST

START_TEST(unit_commit_is_refused)
{
	situation("when someone reads the database, so that SQLite refuses the "
		  "commit");
	ask("lend", "s", ledger);
	ask("hold", "s", ledger);
	struct answer a = run_unit(ids[0], 0, false);
	demand("UNIT 4", a.value < 0, "unit_run said %ld", a.value);
	ask("let_go", "");
	situation("after a commit that SQLite has refused");
	a = run_unit(ids[0], 0, false);
	demand("UNIT 4", a.value == 0, "unit_run said %ld, and nothing failed "
	       "in it", a.value);
}
END_TEST

/* --- airbag: outbox.c ---------------------------------------------------- */

/* What is to be told of SLOT: the slots are opened at lines 11, 22. */
static const char *warning(int slot)
{
	static char text[80];
	snprintf(text, sizeof(text), "caller.c:%d: outbox/%s was never "
		 "closed\n", 11 * (slot + 1), ids[slot]);
	return text;
}

/* Opens the parcel of SLOT; false when that was made to fail. */
static bool opened(int slot)
{
	struct answer a = ask("parcel_open", "issi", slot, "outbox", ids[slot],
			      11 * (slot + 1));
	demand_errno("OUTBOX 1", "parcel_open", a);
	bool touched = number_of(a, 1) == 1;
	insist("OUTBOX 1", touched == (a.value == 0), "parcel_open said %ld, "
	       "and *ret_parcel was %s", a.value, touched ? "changed all the "
	       "same" : "not filled");
	return a.value == 0;
}

/* Asks the airbag, which has to tell of just the parcels in SET, in bits. */
static void expect_told(unsigned set, const char *why)
{
	struct answer a = ask("airbag_report", "");
	for (int slot = 0; slot < SLOTS; slot++) {
		bool due = set & 1u << slot;
		bool told = strstr(text_of(a, 1), warning(slot)) != NULL;
		insist("OUTBOX 2", a.faulted || told == due, "%s (told: "
		       "\"%s\")", why, shown(text_of(a, 1)));
	}
	insist("OUTBOX 2", a.faulted || a.value == (set & 1) + (set >> 1 & 1),
	       "%s (told: \"%s\")", why, shown(text_of(a, 1)));
}

/* Demands that the outbox holds nothing of the parcel of SLOT. In a disk that
 * fails from some call on it may, since the removing fails too. */
static void expect_no_file(int slot, const char *clause, const char *after)
{
	struct answer a = ask("list", "s", "outbox");
	char temp[80];
	snprintf(temp, sizeof(temp), "%s.tmp", ids[slot]);
	demand(clause, !names(a, temp, 1), "after %s, outbox/%s is still there",
	       after, temp);
	demand(clause, !names(a, ids[slot], 1), "after %s, there is a file "
	       "outbox/%s all the same", after, ids[slot]);
}

/* Drops the parcel of SLOT, twice. */
static void dropped(int slot)
{
	for (int i = 0; i < 2; i++) {
		struct answer a = ask("parcel_drop", "i", slot);
		insist("OUTBOX 4", a.value == 1, "parcel_drop left *parcel as "
		       "it was");
	}
}

static const char ended_but_told[] = "a parcel that was ended is still warned "
	"about: it was never disarmed";
static const char unopened_but_told[] = "parcel_open failed, yet a leak is "
	"announced: it was armed before there was anything to close, or not "
	"disarmed after";

/* Sends the parcel of SLOT: what was said. A fault in an earlier write, if one
 * was STRUCK, may be told only now. */
static long send_parcel(int slot, bool struck)
{
	struct answer a = ask("parcel_send", "i", slot);
	insist("OUTBOX 3", number_of(a, 1) == 1, "parcel_send left *parcel as "
	       "it was");
	insist("OUTBOX 3", a.value <= 0, "parcel_send said %ld: it says 0 or a "
	       "negative errno", a.value);
	insist("OUTBOX 3", a.faulted || struck || a.value == 0, "parcel_send "
	       "said %ld, and nothing had failed", a.value);
	return a.value;
}

/* Demands that outbox/anna is there, and whole. */
static void expect_whole(void)
{
	const char *text = file_text("outbox/anna");
	demand("OUTBOX 3", text, "parcel_send said 0, and there is no "
	       "outbox/anna");
	demand("OUTBOX 3", strcmp(text, texts[0]) == 0, "parcel_send said 0, "
	       "and outbox/anna is not whole: it is \"%s\"", shown(text));
}

START_TEST(airbag_sent)
{
	ask("folder", "s", "outbox");
	if (!opened(0)) {
		expect_told(0, unopened_but_told);
		if (!all_fail())
			expect_no_file(0, "OUTBOX 1", "a parcel_open that "
				       "failed");
		return;
	}
	struct answer a = ask("parcel_write", "is", 0, texts[0]);
	demand_errno("OUTBOX 3", "parcel_write", a);
	bool written = a.value == 0;
	long rc = written ? send_parcel(0, a.faulted) : a.value;
	if (!written)
		dropped(0);
	expect_told(0, ended_but_told);
	if (rc == 0)
		expect_whole();
	else if (!all_fail())
		expect_no_file(0, written ? "OUTBOX 3" : "OUTBOX 4", written ?
			       "a parcel_send that failed" : "parcel_drop");
}
END_TEST

START_TEST(airbag_long_text)
{
	situation("when a parcel holds the text of the longest letter");
	ask("folder", "s", "outbox");
	opened(0);
	ask("parcel_write", "is", 0, long_text(LONGEST));
	send_parcel(0, false);
	const char *text = file_text("outbox/anna");
	demand("OUTBOX 3", text && strcmp(text, long_text(LONGEST)) == 0,
	       "parcel_send said 0, and outbox/anna does not hold these %d bytes: "
	       "it is \"%s\"", LONGEST, shown(text ? text : ""));
}
END_TEST

/* The path has as many bytes as a name may have; with .tmp it is longer. */
START_TEST(airbag_long_path)
{
	char folder[LONG_FOLDER + 1], id[LONG_ID + 1];
	char path[sizeof(folder) + sizeof(id)];
	situation("when the path of a parcel is 255 bytes long");
	memset(folder, 'o', LONG_FOLDER);
	memset(id, 'i', LONG_ID);
	folder[LONG_FOLDER] = id[LONG_ID] = '\0';
	snprintf(path, sizeof(path), "%s/%s", folder, id);
	ask("folder", "s", folder);
	struct answer a = ask("parcel_open", "issi", 0, folder, id, 11);
	demand("OUTBOX 1", a.value == 0, "parcel_open said %ld: a path may "
	       "be as long as PATH_MAX", a.value);
	ask("parcel_write", "is", 0, texts[0]);
	demand("OUTBOX 3", file_text(path) == NULL, "the parcel is not sent "
	       "yet, and has a file under its last name already");
	send_parcel(0, false);
	const char *text = file_text(path);
	demand("OUTBOX 3", text && strcmp(text, texts[0]) == 0, "parcel_send "
	       "said 0, and the text is not at the path of %zu bytes that it "
	       "was given", strlen(path));
}
END_TEST

START_TEST(airbag_recalled)
{
	situation("when a parcel is recalled after it was sent");
	ask("folder", "s", "outbox");
	write_file("outbox/ben", texts[1]);
	opened(0);
	ask("parcel_write", "is", 0, texts[0]);
	send_parcel(0, false);
	struct answer a = ask("parcel_recall", "ss", "outbox", ids[0]);
	demand("OUTBOX 5", a.value == 0, "parcel_recall said %ld", a.value);
	demand("OUTBOX 5", file_text("outbox/anna") == NULL, "parcel_recall said "
	       "0, and outbox/anna is still there");
	demand("OUTBOX 5", file_text("outbox/ben") != NULL, "parcel_recall has "
	       "removed outbox/ben, which is another parcel's");
}
END_TEST

START_TEST(airbag_dropped)
{
	ask("folder", "s", "outbox");
	if (!opened(0)) {
		expect_told(0, unopened_but_told);
		return;
	}
	ask("parcel_write", "is", 0, texts[0]);
	dropped(0);
	expect_told(0, ended_but_told);
	demand("OUTBOX 4", file_text("outbox/anna") == NULL, "the parcel was "
	       "dropped, and outbox/anna is there");
}
END_TEST

START_TEST(airbag_forgotten)
{
	situation("when two parcels are forgotten");
	ask("folder", "s", "outbox");
	for (int slot = 0; slot < SLOTS; slot++)
		opened(slot);
	expect_told(3, "the airbag has to tell of both, with the line that "
		    "called parcel_open");
	expect_told(0, "the same leak is told twice");
	situation("when one of two open parcels is sent, and one dropped");
	insist("OUTBOX 3", ask("parcel_send", "i", 0).value == 0, "the first "
	       "cannot be sent");
	dropped(1);
	expect_told(0, ended_but_told);
	demand("OUTBOX 4", file_text( "outbox/ben.tmp") == NULL,
	       "outbox/ben.tmp is still there");
}
END_TEST

START_TEST(airbag_one_of_two)
{
	situation("when one of two open parcels is sent");
	ask("folder", "s", "outbox");
	for (int slot = 0; slot < SLOTS; slot++)
		opened(slot);
	insist("OUTBOX 3", file_text("outbox/anna") == NULL, "outbox/anna is "
	       "there before it is sent: the recipient takes half of it");
	ask("parcel_send", "i", 1);
	expect_told(1, "the airbag has to tell of the other, and only of it");
	dropped(0);
}
END_TEST

START_TEST(airbag_told_at_exit)
{
	situation("when the process exits with a parcel open");
	may_outlive();
	ask("folder", "s", "outbox");
	opened(0);
	leave("exit");
	demand("OUTBOX 2", strstr(left_err(), warning(0)) != NULL, "stderr "
	       "should be told of it at exit, and is told \"%s\"",
	       shown(left_err()));
}
END_TEST

START_TEST(airbag_no_outbox)
{
	situation("when the outbox is not there");
	struct answer a = ask("parcel_open", "issi", 0, "nowhere", ids[0], 11);
	demand("OUTBOX 1", a.value == -ENOENT, "parcel_open said %ld instead "
	       "of -ENOENT (%d)", a.value, -ENOENT);
	demand("OUTBOX 1", number_of(a, 1) == 0, "parcel_open failed, and "
	       "*ret_parcel was changed all the same");
	expect_told(0, unopened_but_told);
}
END_TEST

START_TEST(airbag_full_disk)
{
	situation("when the disk is full");
	ask("folder", "s", "outbox");
	ask("disk", "s", "full");
	opened(0);
	bool told = ask("parcel_write", "is", 0, texts[0]).value < 0;
	struct answer a = { .value = 0 };
	if (told)
		dropped(0);
	else
		a = ask("parcel_send", "i", 0);
	long sent = a.value;
	ask("disk", "s", "free");
	demand("OUTBOX 3", told || sent < 0, "the text is lost, and "
	       "parcel_send said %ld: only the close could tell, and it failed",
	       sent);
	expect_told(0, ended_but_told);
	expect_no_file(0, told ? "OUTBOX 4" : "OUTBOX 3", told ? "parcel_drop" :
		       "a parcel_send that failed");
}
END_TEST

/* --- all: courier_run ---------------------------------------------------- */

/* A set of folders, and what became of each letter: how often the recipient
 * found it in the outbox. */
struct round {
	const char *spool, *outbox, *ledger;
	int n;			/* letters */
	bool was[LETTERS];	/* delivered before this round */
	bool row[LETTERS];	/* after the first run */
	int found[LETTERS];
};

static struct round first_round(int n)
{
	return (struct round){ .spool = "spool", .outbox = "outbox",
			       .ledger = ledger, .n = n };
}

/* Makes the folders and the letters of a round. */
static void prepare(const struct round *r)
{
	fill_spool(r->spool, r->n);
	ask("folder", "s", r->outbox);
}

/* Lets the recipient take what is finished. Each text has to be whole. */
static void collect(struct round *r)
{
	struct answer a = ask("collect", "s", r->outbox);
	for (int i = 0; i < LETTERS; i++)
		r->found[i] += names(a, ids[i], 2);
	for (size_t t = 1; t + 1 < a.n; t += 2) {
		int i = strcmp(a.text[t], ids[0]) == 0 ? 0 : 1;
		demand("COURIER 1", i < r->n && strcmp(a.text[t], ids[i]) == 0,
		       "there is a file \"%s\" in the outbox, and no letter "
		       "had that name", shown(a.text[t]));
		demand("COURIER 1", strcmp(a.text[t + 1], texts[i]) == 0, "%s "
		       "stands in the outbox, and is not whole: it is \"%s\"",
		       ids[i], shown(a.text[t + 1]));
	}
}

/* Demands that letter I is still somewhere. */
static void demand_not_lost(const struct round *r, int i)
{
	demand("COURIER 2", waits(r->spool, ids[i]) ||
	       has_row(r->ledger, ids[i]), "the letter %s is lost: it has left "
	       "the spool, and the ledger does not know of it", ids[i]);
}

/* Demands that outbox and ledger agreed on letter I when the first run was
 * over: FOUND says how often it stood in the outbox then. */
static void demand_agreement(const struct round *r, int i, int found)
{
	demand("COURIER 1", !r->row[i] || r->was[i] || found > 0, "the ledger "
	       "says that %s was delivered, and it was not in the outbox: it "
	       "is lost", ids[i]);
	demand("COURIER 4", r->row[i] || found == 0, "%s stood in the outbox, "
	       "and the ledger did not know of it: the next run delivers it "
	       "again", ids[i]);
}

/* Demands that letter I is delivered, once. */
static void demand_delivered(const struct round *r, int i)
{
	demand("COURIER 1", has_row(r->ledger, ids[i]), "%s has no row in %s",
	       ids[i], r->ledger);
	demand("COURIER 1", r->found[i] > 0 || r->was[i], "%s never came to "
	       "the outbox %s: it is lost", ids[i], r->outbox);
	demand("COURIER 3", r->found[i] + r->was[i] == 1, "%s was delivered "
	       "twice: the recipient had taken it, and found it in the outbox "
	       "again", ids[i]);
}

/* Runs the courier: what it answered. WHICH run it is, for the sentence. */
static struct answer run(const struct round *r, const char *which)
{
	struct answer a = ask("courier_run", "sss", r->spool, r->outbox,
			      r->ledger);
	insist("COURIER 5", a.value <= 0, "courier_run said %ld: it says 0 or "
	       "a negative errno", a.value);
	insist("COURIER 5", a.faulted || a.value == 0, "courier_run said %ld%s",
	       a.value, which);
	for (int i = 0; i < LETTERS && i < r->n; i++)
		demand("COURIER 5", a.value < 0 || !waits(r->spool, ids[i]),
		       "courier_run said 0, and %s is still in the spool",
		       ids[i]);
	for (int i = 0; i < LETTERS && i < r->n; i++)
		demand_not_lost(r, i);
	return a;
}

/* A run and, when a call failed in it, another: each letter is delivered in the
 * end, and once. While calls go on failing, only nothing must be lost. */
static void deliver(struct round *r)
{
	int found[LETTERS];
	struct answer a = run(r, ", and nothing had failed");
	for (int i = 0; i < LETTERS && i < r->n; i++)
		r->row[i] = has_row(r->ledger, ids[i]);
	collect(r);
	memcpy(found, r->found, sizeof(found));
	if (a.faulted && run(r, " in the next run, in which nothing failed")
			 .faulted)
		return;
	for (int i = 0; i < LETTERS && i < r->n; i++)
		demand_agreement(r, i, found[i]);
	collect(r);
	for (int i = 0; i < LETTERS && i < r->n; i++)
		demand_delivered(r, i);
}

START_TEST(all_one_letter)
{
	struct round r = first_round(1);
	prepare(&r);
	deliver(&r);
}
END_TEST

START_TEST(all_longest_letter)
{
	situation("when the letter is as long as a letter may be");
	struct round r = first_round(0);
	prepare(&r);
	write_file("spool/anna", long_text(LONGEST));
	run(&r, ", and nothing had failed");
	const char *text = file_text("outbox/anna");
	demand("COURIER 1", text && strcmp(text, long_text(LONGEST)) == 0,
	       "courier_run said 0, and the letter of %d bytes is not whole in "
	       "the outbox: it is \"%s\"", LONGEST, shown(text ? text : ""));
}
END_TEST

START_TEST(all_two_letters)
{
	struct round r = first_round(2);
	prepare(&r);
	deliver(&r);
}
END_TEST

/* The letter was delivered, and then could not be removed from the spool. */
START_TEST(all_delivered_before)
{
	struct round r = first_round(1);
	r.was[0] = true;
	prepare(&r);
	ask("put_row", "ss", ledger, ids[0]);
	deliver(&r);
}
END_TEST

START_TEST(all_two_rounds)
{
	struct round one = first_round(1);
	struct round two = { .spool = "spool.2", .outbox = "outbox.2",
			     .ledger = "ledger.2", .n = 2 };
	prepare(&one);
	prepare(&two);
	deliver(&one);
	situation("when the next run has other folders and another ledger");
	deliver(&two);
	situation("when a run finds the spool empty");
	run(&one, "");
	collect(&one);
	demand_delivered(&one, 0);
}
END_TEST

/* What failed in one run is not tried again in another, with other folders. */
START_TEST(all_failed_round_forgotten)
{
	struct round one = first_round(1);
	struct round two = { .spool = "spool.2", .outbox = "outbox.2",
			     .ledger = "ledger.2", .n = 1 };
	situation("when a run of the spool spool.2 follows one of the spool "
		  "spool, in which a rename was refused");
	prepare(&one);
	prepare(&two);
	ask("folder", "s", "outbox/anna");
	ask("courier_run", "sss", one.spool, one.outbox, one.ledger);
	deliver(&two);
	demand("COURIER 6", waits(one.spool, ids[0]), "%s has left the spool "
	       "of the run before: something remembers it", ids[0]);
	situation("when nothing stands in the way of the rename any more");
	ask("discard", "s", "outbox/anna");
	deliver(&one);
}
END_TEST

/* A letter whose file a crash has left in the outbox, without a row. */
START_TEST(all_stale_files)
{
	situation("when a crash has left outbox/anna and outbox/anna.tmp, and "
		  "no row");
	struct round r = first_round(1);
	prepare(&r);
	write_file("outbox/anna", "Dear");
	write_file("outbox/anna.tmp", "Dear Anna, this was never finished, and "
		   "it is longer than the letter");
	deliver(&r);
}
END_TEST

/* A run that has to fail and leave everything as it was; CURE ends what failed,
 * and the next run delivers. */
static void fail_then_deliver(struct round *r, const char *cure,
			      const char *what, const char *then)
{
	struct answer a = ask("courier_run", "sss", r->spool, r->outbox,
			      r->ledger);
	demand("COURIER 5", a.value < 0, "courier_run said %ld", a.value);
	demand("COURIER 2", waits(r->spool, ids[0]), "%s has left the spool",
	       ids[0]);
	ask(cure, "s", what);
	demand("COURIER 2", !has_row(r->ledger, ids[0]), "%s has a row in the "
	       "ledger", ids[0]);
	collect(r);
	demand("COURIER 4", r->found[0] == 0, "%s stands in the outbox, and "
	       "has no row in the ledger", ids[0]);
	situation(then);
	deliver(r);
}

START_TEST(all_full_disk)
{
	situation("when the disk is full");
	struct round r = first_round(1);
	prepare(&r);
	ask("lend", "s", ledger);
	ask("disk", "s", "full");
	fail_then_deliver(&r, "disk", "free", "when the disk has room again");
}
END_TEST

START_TEST(all_rename_refused)
{
	situation("when a folder stands in the way of the rename");
	struct round r = first_round(1);
	prepare(&r);
	ask("folder", "s", "outbox/anna");
	fail_then_deliver(&r, "discard", "outbox/anna",
			  "when nothing stands in the way any more");
}
END_TEST

START_TEST(all_commit_refused)
{
	situation("when someone reads the ledger, so that SQLite refuses the "
		  "commit");
	struct round r = first_round(1);
	prepare(&r);
	ask("hold", "s", ledger);
	fail_then_deliver(&r, "let_go", "", "after a commit that SQLite has "
			  "refused");
}
END_TEST

void judge_suite(struct suite *suite)
{
	add_scenario(suite, owner_letter, SWEPT);
	add_scenario(suite, owner_longest_letter, PLAIN);
	add_scenario(suite, owner_empty_letter, PLAIN);
	add_scenario(suite, owner_letter_after_a_failure, PLAIN);
	add_scenario(suite, owner_empty_spool, PLAIN);
	add_scenario(suite, owner_no_spool, PLAIN);
	add_scenario(suite, owner_unreadable_letter, PLAIN);
	add_scenario(suite, owner_ledger, SWEPT);
	add_scenario(suite, owner_ledger_refused, PLAIN);
	add_scenario(suite, owner_no_database, PLAIN);
	add_scenario(suite, owner_defended_letter, PLAIN);
	add_scenario(suite, owner_defended_parcel, PLAIN);
	add_scenario(suite, owner_defended_ledger, PLAIN);
	add_scenario(suite, unit_one_row, SWEPT);
	add_scenario(suite, unit_row_was_there, SWEPT);
	add_scenario(suite, unit_work_fails, PLAIN);
	add_scenario(suite, unit_commit_is_refused, PLAIN);
	add_scenario(suite, airbag_sent, SWEPT);
	add_scenario(suite, airbag_long_text, PLAIN);
	add_scenario(suite, airbag_long_path, PLAIN);
	add_scenario(suite, airbag_recalled, PLAIN);
	add_scenario(suite, airbag_dropped, SWEPT);
	add_scenario(suite, airbag_forgotten, PLAIN);
	add_scenario(suite, airbag_one_of_two, PLAIN);
	add_scenario(suite, airbag_told_at_exit, PLAIN);
	add_scenario(suite, airbag_no_outbox, PLAIN);
	add_scenario(suite, airbag_full_disk, PLAIN);
	add_scenario(suite, all_one_letter, SWEPT);
	add_scenario(suite, all_longest_letter, PLAIN);
	add_scenario(suite, all_two_letters, SWEPT);
	add_scenario(suite, all_delivered_before, SWEPT);
	add_scenario(suite, all_two_rounds, PLAIN);
	add_scenario(suite, all_failed_round_forgotten, PLAIN);
	add_scenario(suite, all_stale_files, PLAIN);
	add_scenario(suite, all_full_disk, PLAIN);
	add_scenario(suite, all_rename_refused, PLAIN);
	add_scenario(suite, all_commit_refused, PLAIN);
}
