/* suite.c - what memo.h promises, asked of a memo. By which calls the text is
 * gathered and written is nobody's promise. */
#include "oracle/judge.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { A, B, C, FULL = 1000 };	/* MEMO_MAX of memo.h */

/* A memo under test, and what has to be in its file. */
struct held {
	int slot;
	const char *path;
	char text[FULL + 1];
};

/* Value N of an answer, as a number. */
static bool is_set(struct answer a, size_t n)
{
	return n < a.n && strcmp(a.text[n], "1") == 0;
}

/* Whether CALL writes a part of the text. */
static bool writes(enum call call)
{
	static const enum call writers[] = {
		CALL_write, CALL_pwrite, CALL_dprintf, CALL_vdprintf,
		CALL_fwrite, CALL_fputs, CALL_fputc, CALL_putc, CALL_fprintf,
		CALL_vfprintf, CALL_fflush,
	};
	for (size_t i = 0; i < sizeof(writers) / sizeof(*writers); i++)
		if (writers[i] == call)
			return true;
	return false;
}

/* Whether CALL opens the file. */
static bool opens(enum call call)
{
	return calls[call].got == KIND_DESCRIPTOR ||
	       calls[call].got == KIND_STREAM;
}

/* Opens the memo; false when a failing call kept it from that. */
static bool open_memo(struct held *h)
{
	struct answer a = ask("memo_open", "is", h->slot, h->path);
	bool may_fail = a.faulted;
	h->text[0] = '\0';
	if (a.faulted && opens(a.fault_call))
		demand("CONTRACT 1", tells_errno(a), "%s failed with %s, and "
		       "memo_open returned %s instead of -%s",
		       calls[a.fault_call].name, strerrorname_np(a.fault_err),
		       said(a.value), strerrorname_np(a.fault_err));
	demand("CONTRACT 1", a.value == 0 || (may_fail && a.value < 0),
	       "memo_open returned %s", said(a.value));
	if (a.value == 0)
		demand("CONTRACT 1", is_set(a, 1), "memo_open returned 0, and "
		       "has not filled *ret_memo");
	else
		demand("CONTRACT 1", !is_set(a, 1), "memo_open failed, and "
		       "*ret_memo was changed all the same");
	return a.value == 0;
}

/* Adds TEXT; what a failing call keeps out is not expected in the file. */
static void add(struct held *h, const char *text)
{
	struct answer a = ask("memo_add", "is", h->slot, text);
	insist("CONTRACT 2", a.value == 0 || (a.faulted && a.value < 0),
	       "memo_add returned %s for %zu bytes more, where %zu of %d were "
	       "held", said(a.value), strlen(text), strlen(h->text), FULL);
	if (a.value == 0)
		strcat(h->text, text);
}

/* Adds what does not fit any more: the memo stays as it was. */
static void add_too_much(const struct held *h, const char *text)
{
	struct answer a = ask("memo_add", "is", h->slot, text);
	insist("CONTRACT 2", a.value == -EFBIG || a.faulted, "the memo holds %zu bytes of %d, "
	       "and memo_add of %zu more returned %s instead of -EFBIG",
	       strlen(h->text), FULL, strlen(text), said(a.value));
}

/* Demands that the file of H holds what was added. */
static void demand_text(const struct held *h)
{
	const char *text = file_text(h->path);
	demand("CONTRACT 2", text != NULL, "memo_close returned 0, and there is "
	       "no file %s", h->path);
	demand("CONTRACT 2", text && (strlen(h->text) < FULL / 2 ||
				      strcmp(text, h->text) == 0), "memo_close "
	       "returned 0, and the file %s has %zu bytes of %zu, or other ones",
	       h->path, text ? strlen(text) : 0, strlen(h->text));
	demand("CONTRACT 2", text && strcmp(text, h->text) == 0, "memo_close "
	       "returned 0, and the file %s should hold \"%.*s\", and holds "
	       "\"%.*s\"", h->path, (int)strcspn(h->text, "\n"), h->text,
	       (int)(text ? strcspn(text, "\n") : 0), text ? text : "");
}

/* Demands that the close left the caller no pointer. */
static void demand_cleared(long value, bool cleared)
{
	demand("CONTRACT 3", cleared, "memo_close returned %s, and *memo "
	       "is not NULL: a caller who comes again hands in a memo that is "
	       "gone", said(value));
}

/* What came of a close. */
struct closing {
	struct answer answer;
	bool cleared;
};

/* Closes the memo of H. */
static struct closing close_of(const struct held *h)
{
	struct answer a = ask("memo_close", "i", h->slot);
	return (struct closing){ a, is_set(a, 1) };
}

/* Demands what follows from how the close of H went. */
static void demand_closed(const struct held *h, struct closing closing)
{
	struct answer a = closing.answer;
	demand_cleared(a.value, closing.cleared);
	if (a.faulted && (writes(a.fault_call) ||
			  calls[a.fault_call].role == ROLE_RELEASE))
		demand("CONTRACT 5", tells_errno(a), "%s failed first, with "
		       "%s, and memo_close returned %s instead of -%s",
		       calls[a.fault_call].name, strerrorname_np(a.fault_err),
		       said(a.value), strerrorname_np(a.fault_err));
	demand("CONTRACT 5", a.value == 0 || a.faulted, "memo_close returned "
	       "%s", said(a.value));
	if (a.value == 0)
		demand_text(h);
}

/* Closes the memo and demands what follows from how that went. */
static void close_memo(struct held *h)
{
	demand_closed(h, close_of(h));
}

/* Closes what is closed. */
static void close_again(struct held *h)
{
	struct closing closing = close_of(h);
	long value = closing.answer.value;
	demand("CONTRACT 4", value == 0, "memo_close returned %s when it was "
	       "called again, instead of 0", said(value));
	demand_cleared(value, closing.cleared);
}

/* What a failed call leaves behind must not make the next memo fail. One that left
 * something open is told that, and not what follows from it. */
static void demand_next(void)
{
	struct held b = { B, "b.memo", "" };
	struct answer a = ask("memo_open", "is", b.slot, b.path);
	demand("CONTRACT 1", a.value == 0, "the next memo_open, in which no call "
	       "fails, returned %s: what one memo meets must not be remembered in "
	       "the next", said(a.value));
	add(&b, "honey\n");
	a = ask("memo_close", "i", b.slot);
	if (a.faulted)
		return;		/* its transfers come short, too */
	demand("CONTRACT 5", a.value == 0, "the memo_close of the next memo, in "
	       "which no call fails, returned %s: what one memo meets must not be "
	       "remembered in the next", said(a.value));
	demand_text(&b);
}

START_TEST(closed_twice)
{
	static char too_long[FULL + 2];
	struct held a = { A, "a.memo", "" };
	if (!open_memo(&a))
		return;
	add(&a, "milk and ");
	memset(too_long, 'x', FULL + 1);
	add_too_much(&a, too_long);
	add(&a, "bread\n");
	close_memo(&a);
	close_again(&a);
	if (fault_fell() && !all_fail() && !anything_live())
		demand_next();
}
END_TEST

/* The second memo may well get the descriptor that the first one had. */
START_TEST(another_memo_in_between)
{
	struct held a = { A, "a.memo", "" }, b = { B, "b.memo", "" };
	if (!open_memo(&a))
		return;
	add(&a, "milk\n");
	close_memo(&a);
	bool opened = open_memo(&b);
	close_again(&a);
	if (!opened)
		return;
	add(&b, "honey\n");
	close_memo(&b);
}
END_TEST

START_TEST(nothing_to_close)
{
	situation("when memo_close is called with NULL");
	struct answer a = ask("memo_close", "");
	demand("CONTRACT 4", a.value == 0, "it returned %s instead of 0",
	       said(a.value));
	situation("when the memo is NULL");
	close_again(&(struct held){ A, "a.memo", "" });
}
END_TEST

START_TEST(an_empty_memo)
{
	struct held a = { A, "a.memo", "" };
	write_file("a.memo", "from the day before\n");
	situation("when nothing was added");
	if (open_memo(&a))
		close_memo(&a);
}
END_TEST

/* Adds SIZE letters. */
static void add_letters(struct held *h, size_t size)
{
	char text[FULL + 1];
	for (size_t i = 0; i < size; i++)
		text[i] = (char)('a' + i % 26);
	text[size] = '\0';
	add(h, text);
}

/* Fills a memo to FULL bytes, by one text or by several. */
static void fill_memo(struct held *h, size_t first)
{
	if (!open_memo(h))
		return;
	add_letters(h, first);
	if (first < FULL)
		add_letters(h, FULL - first);
	add_too_much(h, "!");
	close_memo(h);
	close_again(h);
}

START_TEST(a_full_memo)
{
	situation("when the memo is exactly full");
	fill_memo(&(struct held){ A, "a.memo", "" }, FULL);
	fill_memo(&(struct held){ A, "b.memo", "" }, FULL - 1);
	fill_memo(&(struct held){ A, "c.memo", "" }, 255);
	fill_memo(&(struct held){ A, "d.memo", "" }, 512);
}
END_TEST

START_TEST(a_text_too_long)
{
	struct held a = { A, "a.memo", "" };
	static char text[FULL + 2];
	situation("when a text does not fit");
	if (!open_memo(&a))
		return;
	memset(text, 'x', FULL + 1);
	add(&a, "milk\n");
	add_too_much(&a, text);
	add(&a, "bread\n");
	close_memo(&a);
}
END_TEST

START_TEST(percent_signs)
{
	struct held a = { A, "a.memo", "" };
	situation("when a text has percent signs in it");
	if (!open_memo(&a))
		return;
	add(&a, "5%% off, 100%%\n");
	close_memo(&a);
}
END_TEST

/* The next memo starts from nothing, whatever the one before it met. */
START_TEST(after_a_close_that_failed)
{
	struct held full = { A, "/dev/full", "" }, b = { B, "b.memo", "" };
	situation("when a memo is closed after one whose close failed");
	if (!open_memo(&full))
		return;
	add(&full, "milk\n");
	struct answer a = ask("memo_close", "i", A);
	demand("CONTRACT 5", a.value == -ENOSPC, "the text is lost, and "
	       "memo_close returned %s instead of -ENOSPC", said(a.value));
	demand_cleared(a.value, is_set(a, 1));
	if (!open_memo(&b))
		return;
	add(&b, "honey\n");
	close_memo(&b);
	close_again(&b);
}
END_TEST

/* All three are closed before the first demand: a scenario that ended between
 * them would leave memos open that nobody was asked to close. */
START_TEST(three_at_once)
{
	struct held a = { A, "a.memo", "" }, b = { B, "b.memo", "" },
		    c = { C, "c.memo", "" };
	situation("when three memos are open at once");
	if (!open_memo(&a) || !open_memo(&b) || !open_memo(&c))
		return;
	add(&b, "honey\n");
	add(&a, "milk\n");
	struct closing second = close_of(&b);
	add(&a, "bread\n");
	add(&c, "tea\n");
	struct closing third = close_of(&c);
	demand_closed(&a, close_of(&a));
	demand_closed(&b, second);
	demand_closed(&c, third);
	close_again(&b);
}
END_TEST

START_TEST(one_after_the_other)
{
	static const char *const paths[] = { "a.memo", "b.memo", "c.memo",
		"d.memo", "e.memo", "f.memo", "g.memo", "h.memo" };
	situation("when eight memos are opened and closed in turn");
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		struct held h = { i % 2 ? A : B, paths[i], "" };
		if (!open_memo(&h))
			return;
		add(&h, i % 3 ? "milk\n" : "bread\n");
		close_memo(&h);
	}
}
END_TEST

START_TEST(descriptor_0)
{
	struct held a = { A, "a.memo", "" };
	ask("free_descriptor_0", "");
	situation("when the memo's descriptor is 0");
	if (!open_memo(&a))
		return;
	add(&a, "milk\n");
	close_memo(&a);
	close_again(&a);
}
END_TEST

START_TEST(full_disk)
{
	situation("when the disk is full (the file is /dev/full)");
	struct held a = { A, "/dev/full", "" };
	if (!open_memo(&a))
		return;
	add(&a, "milk\n");
	struct answer closed = ask("memo_close", "i", A);
	demand("CONTRACT 5", closed.value == -ENOSPC, "the text is lost, and "
	       "memo_close returned %s instead of -ENOSPC",
	       said(closed.value));
	demand_cleared(closed.value, is_set(closed, 1));
	close_again(&a);
}
END_TEST

START_TEST(no_such_folder)
{
	situation("when the folder of the file is not there");
	struct answer a = ask("memo_open", "is", A, "nowhere/a.memo");
	demand("CONTRACT 1", a.value == -ENOENT, "memo_open returned %s instead "
	       "of -ENOENT", said(a.value));
	demand("CONTRACT 1", !is_set(a, 1), "memo_open failed, and *ret_memo was "
	       "changed all the same");
}
END_TEST

/* A signal interrupts call NTH of the close. A write may be made again; that a
 * close is not, the ledger sees. */
static void interrupt(int nth)
{
	struct held h = { A, "a.memo", "" };
	if (!open_memo(&h))
		return;
	add(&h, "milk\n");
	struct answer a = ask("memo_close", "ii", A, nth);
	demand_cleared(a.value, is_set(a, 1));
	demand("CONTRACT 5", a.value == 0 || a.value == -EINTR, "memo_close "
	       "returned %s instead of -EINTR or 0", said(a.value));
	if (a.value == 0)
		demand_text(&h);
	close_again(&h);
}

START_TEST(a_signal_at_the_first_call)
{
	interrupt(1);
}
END_TEST

START_TEST(a_signal_at_the_second_call)
{
	interrupt(2);
}
END_TEST

START_TEST(a_signal_at_the_third_call)
{
	interrupt(3);
}
END_TEST

/* --- promise.txt --------------------------------------------------------- */

/* A line of promise.txt: how it begins, and the two words that may end it. */
struct line {
	const char *key, *words[2];
};

/* Lets the next demand point at LINE of promise.txt. */
static void point_at_promise(const struct line *line)
{
	const char *text = handed_in("promise.txt");
	const char *at = strstr(text, line->key);
	int number = 1;
	for (; text < at; text++)
		number += *text == '\n';
	point_at("promise.txt", number);
}

/* Which of its two words ends LINE; anything else ends the scenario. */
static int promised(const struct line *line)
{
	const char *at = strstr(handed_in("promise.txt"), line->key);
	at = at ? strpbrk(at, ":\n") : NULL;
	at = at && *at == ':' ? at + 1 + strspn(at + 1, " \t") : "";
	size_t n = strcspn(at, " \t\r\n.");
	for (int i = 0; i < 2; i++)
		if (n == strlen(line->words[i]) &&
		    strncasecmp(at, line->words[i], n) == 0)
			return i;
	point_at_promise(line);
	demand("CONTRACT 7", false, "promise.txt has no answer behind the "
	       "colon of \"%s\": write %s or %s", line->key, line->words[0],
	       line->words[1]);
	return -1;
}

/* What a close that fails does, in the order of the lines. */
static void see_what_happens(int happened[3])
{
	struct held a = { A, "/dev/full", "" };
	if (!open_memo(&a))
		return;
	add(&a, "milk\n");
	struct answer first = ask("memo_close", "i", A);
	happened[1] = live_now(KIND_DESCRIPTOR) + live_now(KIND_STREAM) > 0;
	happened[2] = !is_set(first, 1);
	happened[0] = ask("memo_close", "i", A).value != 0;
}

/* The promise has to be true, and what is promised has to be right: true words
 * on a wrong close earn nothing. */
START_TEST(the_promise)
{
	static const struct line lines[] = {
		{ "A second call returns", { "0", "error" } },
		{ "When it fails, the file is", { "closed", "open" } },
		{ "When it fails, *memo is", { "NULL", "kept" } },
	};
	int said[3], happened[3] = { 0 };
	situation("when your promise is held against your memo_close");
	/* A close that crashes is told of whether or not there is a promise. */
	see_what_happens(happened);
	for (int i = 0; i < 3; i++)
		said[i] = promised(&lines[i]);
	for (int i = 0; i < 3; i++) {
		point_at_promise(&lines[i]);
		demand("CONTRACT 7", said[i] == happened[i], "promise.txt says "
		       "\"%s: %s\", and what came is: %s", lines[i].key,
		       lines[i].words[said[i]], lines[i].words[happened[i]]);
	}
	for (int i = 0; i < 3; i++)
		demand("CONTRACT 7", happened[i] == 0, "what it says is true, "
		       "\"%s: %s\"; but the contract asks for %s",
		       lines[i].key, lines[i].words[1], lines[i].words[0]);
}
END_TEST

void judge_suite(struct suite *suite)
{
	add_scenario(suite, closed_twice, SWEPT);
	add_scenario(suite, another_memo_in_between, SWEPT);
	add_scenario(suite, full_disk, PLAIN);
	add_scenario(suite, descriptor_0, PLAIN);
	add_scenario(suite, nothing_to_close, PLAIN);
	add_scenario(suite, an_empty_memo, PLAIN);
	add_scenario(suite, a_full_memo, PLAIN);
	add_scenario(suite, a_text_too_long, PLAIN);
	add_scenario(suite, percent_signs, PLAIN);
	add_scenario(suite, after_a_close_that_failed, PLAIN);
	add_scenario(suite, three_at_once, PLAIN);
	add_scenario(suite, one_after_the_other, PLAIN);
	add_scenario(suite, no_such_folder, PLAIN);
	add_scenario(suite, a_signal_at_the_first_call, PLAIN);
	add_scenario(suite, a_signal_at_the_second_call, PLAIN);
	add_scenario(suite, a_signal_at_the_third_call, PLAIN);
	add_scenario(suite, the_promise, PLAIN);
}
