/* judge.h - what the suite of an exercise is written with.
 *
 * A suite is Check tests that run in the judge, never beside the learner's
 * code. Each is a scenario: it asks commands of the driver and demands what the
 * numbered clauses of the exercise promise. A SWEPT scenario is run again with
 * each of its fallible calls failing, once and from there on; what it demands
 * must therefore follow from the answer: value, errno, and whether a fault fell
 * in that very call.
 *
 *	START_TEST(one_day)
 *	{
 *		struct answer a = ask("run", "si", "a.book", 2);
 *		if (a.faulted)
 *			demand("CONTRACT 1", a.value < 0, "a call failed, and "
 *			       "day_run said %ld", a.value);
 *		else
 *			demand("CONTRACT 6", a.value == 0, "...");
 *	}
 *	END_TEST
 *
 *	void judge_suite(struct suite *suite)
 *	{
 *		add_scenario(suite, one_day, SWEPT);
 *	}
 *
 * No leak, no double release, no release by a stranger, no mismatched pair and
 * no use after release need no demand: they are looked for after every run.
 */
#ifndef ORACLE_JUDGE_H
#define ORACLE_JUDGE_H

#include <check.h>
#include <stdbool.h>
#include "session.h"

enum sweeping { PLAIN, SWEPT };

struct suite;

/* The one function that the suite of an exercise defines. */
void judge_suite(struct suite *suite);

/* Adds the Check test NAME as a scenario. */
#define add_scenario(suite, name, sweeping) \
	suite_add(suite, name, #name, sweeping)
void suite_add(struct suite *suite, const TTest *test, const char *name,
	       enum sweeping sweeping);

/* Asks COMMAND with the arguments that FORMAT lists: i an int, l a long, s a
 * string. When the run ends instead of answering (an exit, a crash, no answer
 * in time), the scenario is over and the finding is named after it. */
struct answer ask(const char *command, const char *format, ...);

/* Ends the scenario with a finding unless CONDITION holds. The message
 * completes the sentence; CLAUSE is the numbered clause that it breaks. */
#define demand(clause, condition, ...) \
	((condition) ? (void)0 : demand_failed(clause, __VA_ARGS__))
void demand_failed(const char *clause, const char *message, ...)
	__attribute__((noreturn, format(printf, 2, 3)));

/* The same while something is rightly open: what the scenario had yet to close is
 * then no leak of the learner's. */
#define insist(clause, condition, ...) \
	((condition) ? (void)0 : (may_outlive(), \
				  demand_failed(clause, __VA_ARGS__)))

/* Lets the driver's COMMAND leave the process, and waits for it: what it had
 * printed by then is in left_out() and left_err(). */
void leave(const char *command);
const char *left_out(void);	/* "" when it printed nothing */
const char *left_err(void);

/* How the process that left had ended: its exit status, or 128 + the signal. */
int left_status(void);

/* Names the circumstance of this scenario, "when the disk is full": a sentence about a
 * run without a fault begins with it. A literal. */
void situation(const char *when);

/* Says that what is live at the end of this scenario may stay so. */
void may_outlive(void);

/* How many resources of KIND are live at this moment. */
size_t live_now(enum kind kind);

/* Whether anything at all is live at this moment. */
bool anything_live(void);

/* The text of FILE in the scratch folder, NUL-terminated, or NULL when there
 * is none; valid until the next call. At most 64 KiB are read. */
const char *file_text(const char *file);

/* Writes FILE in the scratch folder, for the code to find there. */
void write_file(const char *file, const char *text);

/* Whether the value of an answer is the negative errno that the failed call left. */
bool tells_errno(struct answer answer);

/* The text of a FILE that the learner handed in, NUL-terminated, "" when there
 * is none; valid until the next call. At most 64 KiB are read. */
const char *handed_in(const char *file);

/* Points at a line of a file that the learner handed in: the next demand that
 * is not met says "look here" of it. A literal. */
void point_at(const char *file, int line);

/* The function of the learner's code in which the newest resource of KIND was
 * acquired, or released, in this run: "" when none was; valid until the run
 * ends. */
const char *acquired_in(enum kind kind);
const char *released_in(enum kind kind);

/* The path by which the file was opened that the first fault of this run fell
 * into, its close or a use of it; "" when it was no file, or not by a path. */
const char *fault_path(void);

/* How many times the code under test has opened the file at PATH in this run, as
 * a stream or as a descriptor. An open that failed does not count. */
size_t times_opened(const char *path);

/* Whether the code under test has closed the file that it opened at PATH, but only when it
 * had opened the one at NEXT. */
bool closed_after_opening(const char *path, const char *next);

/* The path by which the file was opened that the call of the first fault reads
 * while it writes another one (sendfile, copy_file_range); "" for other calls. */
const char *fault_source(void);

/* Whether a fault has fallen in this run so far, in an ask or in leave(). */
bool fault_fell(void);

/* Whether every call after the first fault of this run fails too: then an error
 * that came may be that of a later one. */
bool all_fail(void);

/* The number of the newest resource of KIND, from 1; 0 when there was none. */
size_t newest_of(enum kind kind);

/* Whether the resource NUMBER, or one that was acquired at the same place of the code,
 * was released in FUNCTION, or in one that FUNCTION had called. */
bool released_within(size_t number, const char *function);

/* For sentences: VALUE as "-EIO" or a number, -1 among them, which is what many
 * write for any error; and TEXT as C writes it between quotes, not too long. Each is
 * valid until the fourth call after it. */
const char *said(long value);
const char *shown(const char *text);

/* The words for what tells HELD, the text of a file or NULL, from WHOLE, which it should
 * be: "line 2 should be "tea\n" and is "te"", "it ends before "tea\n"". "" when nothing
 * does. Valid until the next call. */
const char *difference(const char *held, const char *whole);

/* A number below N from the logged seed, the same in every replay. */
unsigned any(unsigned n);

#endif
