/* suite.c - what ticket.h promises, asked of ticket_sell. */
#include "oracle/judge.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum fate { UNTOUCHED, GIVEN, SET_TO_NULL };

enum { NAME = 32, REOPENED = 40 };

/* A sale as it was seen right after the answer. */
struct sale {
	struct answer answer;	/* its texts are gone by now */
	enum fate fate;		/* of *ret_ticket */
	long left;		/* hall->left after it */
	long seat;		/* of the ticket */
	char who[40];		/* on the ticket */
	bool dead;		/* it holds no name, and no memory is held */
	long unlocks;		/* of the hall, where they are counted */
	long left_then;		/* hall->left at the last of them */
	char line[80];		/* the last one of the list */
};

/* Copies the last line of the list in FILE, without its newline, "" when there
 * is none. */
static void read_last_line(const char *file, char line[80])
{
	const char *text = file_text(file);
	size_t end = text ? strlen(text) : 0;
	end -= end > 0 && text[end - 1] == '\n';
	size_t begin = end;
	while (begin > 0 && text[begin - 1] != '\n')
		begin--;
	snprintf(line, 80, "%.*s", (int)(end - begin),
		 text ? text + begin : "");
}

/* Number PLACE of the answer. */
static long number_in(struct answer a, size_t place)
{
	return a.n > place ? strtol(a.text[place], NULL, 10) : 0;
}

/* Lets COMMAND sell a seat to WHO, with NUMBER as its second argument; the list is
 * at FILE. A ticket that was given is freed at once, whatever is demanded later,
 * unless it is freed already. */
static struct sale see_sale(const char *command, const char *who, int number,
			    const char *file)
{
	struct sale sale = { .answer = ask(command, "si", who, number) };
	sale.fate = (enum fate)number_in(sale.answer, 1);
	sale.left = number_in(sale.answer, 2);
	sale.seat = number_in(sale.answer, 3);
	snprintf(sale.who, sizeof(sale.who), "%s",
		 sale.answer.n > 4 ? sale.answer.text[4] : "");
	sale.unlocks = number_in(sale.answer, 5);
	sale.left_then = number_in(sale.answer, 6);
	read_last_line(file, sale.line);
	sale.dead = strcmp(sale.who, who) != 0 && live_now(KIND_HEAP) == 0;
	if (sale.fate == GIVEN && !sale.dead)
		ask("ticket_free", "");
	return sale;
}

/* Whether CALL takes the line on its way to the disk. */
static bool writes(enum call call)
{
	return calls[call].role == ROLE_USE &&
	       (calls[call].gone == KIND_STREAM ||
		calls[call].gone == KIND_DESCRIPTOR);
}

/* Demands that the error of the call that was made to fail came back. */
static void demand_error(struct answer a)
{
	const char *name = calls[a.fault_call].name;
	bool told = tells_errno(a) || (writes(a.fault_call) && a.value == -EIO);
	demand("CONTRACT 6", a.value < 0, "%s said that it failed, and "
	       "ticket_sell said %ld", name, a.value);
	demand("CONTRACT 6", told, "%s left an errno of %d, and ticket_sell "
	       "said %ld instead of %d", name, a.fault_err, a.value,
	       -a.fault_err);
}

/* Demands that a sale that failed gave nothing and took no seat. */
static void demand_no_trace(struct sale sale, int left)
{
	long value = sale.answer.value;
	demand("CONTRACT 3", sale.fate != GIVEN, "the sale failed with %ld, "
	       "and the caller was given a ticket all the same", value);
	demand("CONTRACT 3", sale.fate == UNTOUCHED, "the sale failed with "
	       "%ld, and *ret_ticket was set to NULL: leave it as it was",
	       value);
	demand("CONTRACT 3", sale.left == left, "the sale failed with %ld, and "
	       "hall->left went from %d to %ld", value, left, sale.left);
}

/* Demands that the caller was given the ticket for seat LEFT. */
static void demand_ticket(struct sale sale, int left, const char *who)
{
	demand("CONTRACT 3", sale.answer.value == 0, "a seat was free, and "
	       "ticket_sell said %ld", sale.answer.value);
	demand("CONTRACT 3", sale.fate == GIVEN, "ticket_sell said 0, and the "
	       "caller was given no ticket");
	demand("CONTRACT 3", !sale.dead, "the ticket that the caller was given "
	       "is freed already: take it out before its scope ends");
	demand("CONTRACT 3", strlen(sale.who) < NAME, "the name in the ticket has no "
	       "NUL at its end: it is \"%s\" and goes on", shown(sale.who));
	demand("CONTRACT 3", sale.seat == left && strcmp(sale.who, who) == 0,
	       "the ticket should be for seat %d and %s, and is for seat %ld "
	       "and %s", left, who, sale.seat, sale.who);
	demand("CONTRACT 3", sale.left == left - 1, "a seat was sold, and "
	       "hall->left went from %d to %ld", left, sale.left);
}

/* Whether TEXT ends with END. */
static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);
	return n >= m && strcmp(text + n - m, end) == 0;
}

/* Demands the line of a sale. Half a line of a sale that failed may stand
 * before it; and as long as the list is open the line may be on its way. */
static void demand_line(struct sale sale, int seat, const char *who)
{
	char line[80];
	snprintf(line, sizeof(line), "%d %s", seat, who);
	if (live_now(KIND_STREAM) + live_now(KIND_DESCRIPTOR) == 0)
		demand("CONTRACT 4", ends_with(sale.line, line), "the last "
		       "line of the list should be \"%s\", and is \"%s\"", line,
		       sale.line);
}

/* Sells one of LEFT seats to WHO and demands that it went as it had to: the
 * seats that are left. */
static int sell(const char *who, int left)
{
	struct sale sale = see_sale("ticket_sell", who, 0, "a.list");
	struct answer a = sale.answer;
	bool spared = calls[a.fault_call].got == KIND_HEAP && a.value == 0;
	demand("CONTRACT 2", a.value < 0 || *acquired_in(KIND_LOCK), "a seat was "
	       "sold, and the lock of the hall was never taken: another counter "
	       "may sell it too");
	if (a.faulted && !spared) {
		demand_error(a);
		demand_no_trace(sale, left);
		return left;
	}
	demand_ticket(sale, left, who);
	demand_line(sale, left, who);
	return left - 1;
}

/* Demands of a sale that there was no seat to sell. */
static void demand_sold_out(struct sale sale)
{
	demand("CONTRACT 5", sale.answer.value == -ENOENT, "no seat is left, "
	       "and ticket_sell said %ld instead of -ENOENT (%d)",
	       sale.answer.value, -ENOENT);
	demand_no_trace(sale, 0);
}

/* What a failed sale leaves behind must not make the next one fail. One that left
 * something held is told that, and not what follows from it. */
static void demand_next(int left)
{
	struct sale sale = see_sale("ticket_sell", "Zoe", 0, "a.list");
	demand("CONTRACT 3", sale.answer.value == 0, "the next ticket_sell, in which "
	       "no call fails, said %ld: what one sale meets must not be "
	       "remembered in the next", sale.answer.value);
	demand_ticket(sale, left, "Zoe");
}

START_TEST(one_sale)
{
	ask("hall", "is", 7, "a.list");
	int left = sell("Ada", 7);
	if (fault_fell() && !all_fail() && !anything_live())
		demand_next(left);
}
END_TEST

START_TEST(two_sales)
{
	ask("hall", "is", 2, "a.list");
	sell("Bob", sell("Ada", 2));
}
END_TEST

/* Sells a seat to WHO and keeps the ticket in SLOT. */
static struct answer sell_and_keep(const char *who, int slot)
{
	return ask("ticket_sell", "si", who, slot);
}

/* What was given is freed before the first demand. */
START_TEST(two_tickets_at_once)
{
	char first[40];
	situation("when two tickets are held at once");
	ask("hall", "is", 7, "a.list");
	long sold = sell_and_keep("Ada", 0).value;
	sold |= sell_and_keep("Bob", 1).value;
	struct answer a = ask("ticket", "i", 0);
	long seat = a.value, held = (long)live_now(KIND_HEAP);
	snprintf(first, sizeof(first), "%s", a.n > 1 ? a.text[1] : "");
	ask("ticket_free", "i", 1);
	ask("ticket_free", "i", 0);
	demand("CONTRACT 3", sold == 0, "two seats were free, and one of two "
	       "ticket_sell failed");
	demand("CONTRACT 3", seat == 7 && strcmp(first, "Ada") == 0, "the first "
	       "ticket, for seat 7 and Ada, is for seat %ld and %s after a second "
	       "sale: both sales gave the same ticket, and each needs its own",
	       seat, first);
	demand("CONTRACT 3", held >= 2, "two tickets were given, and memory for "
	       "%ld is held: each ticket needs its own, which ticket_free ends",
	       held);
}
END_TEST

START_TEST(a_long_name)
{
	situation("when the name has 31 bytes");
	ask("hall", "is", 7, "a.list");
	sell("Ada Augusta, Countess of Lovela", 7);
}
END_TEST

START_TEST(after_a_sale_that_failed)
{
	situation("when a seat is sold after a sale that failed");
	ask("hall", "is", 7, "nowhere/a.list");
	struct sale sale = see_sale("ticket_sell", "Ada", 0, "a.list");
	demand("CONTRACT 6", sale.answer.value == -ENOENT, "ticket_sell said "
	       "%ld instead of -ENOENT (%d)", sale.answer.value, -ENOENT);
	ask("hall", "is", 7, "a.list");
	sell("Ada", 7);
}
END_TEST

START_TEST(no_seat)
{
	situation("when no seat is left");
	write_file("a.list", "1 Zoe\n");
	ask("hall", "is", 0, "a.list");
	struct sale sale = see_sale("ticket_sell", "Ada", 0, "a.list");
	demand_sold_out(sale);
	demand("CONTRACT 5", strcmp(sale.line, "1 Zoe") == 0, "the last line "
	       "of the list should still be \"1 Zoe\", and is \"%s\"",
	       sale.line);
}
END_TEST

START_TEST(a_list_that_was_begun)
{
	situation("when the list was begun before");
	write_file("a.list", "9 Eve\n8 Zoe\n");
	ask("hall", "is", 7, "a.list");
	sell("Ada", 7);
	const char *text = file_text("a.list");
	demand("CONTRACT 4", text && strcmp(text, "9 Eve\n8 Zoe\n7 Ada\n") == 0,
	       "the list should hold its two old lines and a new one, and is "
	       "\"%s\"", text ? text : "");
}
END_TEST

START_TEST(no_such_folder)
{
	situation("when the folder of the list is not there");
	ask("hall", "is", 7, "nowhere/a.list");
	struct sale sale = see_sale("ticket_sell", "Ada", 0, "nowhere/a.list");
	demand("CONTRACT 6", sale.answer.value == -ENOENT, "ticket_sell said "
	       "%ld instead of -ENOENT (%d)", sale.answer.value, -ENOENT);
	demand_no_trace(sale, 7);
}
END_TEST

START_TEST(full_disk)
{
	situation("when the disk is full (the list is /dev/full)");
	ask("hall", "is", 7, "/dev/full");
	struct sale sale = see_sale("ticket_sell", "Ada", 0, "a.list");
	long value = sale.answer.value;
	demand("CONTRACT 6", value < 0, "the line is lost, and ticket_sell "
	       "said %ld: only the close could tell", value);
	demand("CONTRACT 6", value == -ENOSPC || value == -EIO, "ticket_sell "
	       "said %ld instead of -ENOSPC (%d)", value, -ENOSPC);
	demand_no_trace(sale, 7);
}
END_TEST

START_TEST(two_counters)
{
	situation("when another counter has the lock and sells the last seat");
	ask("hall", "is", 1, "a.list");
	struct sale sale = see_sale("sell_beside", "Ada", 0, "a.list");
	demand("CONTRACT 2", sale.answer.value < 0, "ticket_sell sold that "
	       "seat once more: wait for the lock before you look at the hall");
	demand("CONTRACT 2", sale.answer.value == -ENOENT, "ticket_sell said "
	       "%ld: it should wait for the lock and then find no seat "
	       "(-ENOENT, %d)", sale.answer.value, -ENOENT);
	demand_no_trace(sale, 0);
}
END_TEST

START_TEST(a_seat_beside)
{
	situation("when another counter has the lock, sells all but one seat and "
		  "begins a new list");
	ask("hall", "is", 7, "a.list");
	struct sale sale = see_sale("sell_beside", "Ada", 1, "next.list");
	demand("CONTRACT 2", sale.answer.value == 0, "ticket_sell said %ld: it "
	       "should wait for the lock and then sell the last seat",
	       sale.answer.value);
	demand("CONTRACT 2", sale.seat == 1 && sale.left == 0, "the ticket is for "
	       "seat %ld, and hall->left is %ld: wait for the lock before you look "
	       "at the hall", sale.seat, sale.left);
	demand("CONTRACT 2", strcmp(sale.line, "1 Ada") == 0, "the new list does "
	       "not end with \"1 Ada\": wait for the lock before you look at "
	       "hall->list");
}
END_TEST

/* What the hall holds by then belongs to the other counter, and so it has to stay;
 * the ticket and the line are from before. */
START_TEST(another_counter_comes_next)
{
	situation("when another counter changes the hall as soon as the lock is "
		  "free");
	ask("hall", "is", 7, "a.list");
	struct sale sale = see_sale("sell_before_another", "Ada", 0, "a.list");
	demand("CONTRACT 3", sale.answer.value == 0, "a seat was free, and "
	       "ticket_sell said %ld", sale.answer.value);
	demand("CONTRACT 2", sale.unlocks > 0, "the lock of the hall was never "
	       "given back, for it was never taken");
	demand("CONTRACT 2", sale.left == REOPENED, "hall->left was %d, and "
	       "ticket_sell made it %ld without the lock: change the hall only "
	       "while you hold its lock", REOPENED, sale.left);
	demand("CONTRACT 2", sale.seat == sale.left_then + 1, "the ticket is for "
	       "seat %ld, and seat %ld was sold: look at the hall only while you "
	       "hold its lock", sale.seat, sale.left_then + 1);
	demand("CONTRACT 2", sale.unlocks > 1 || strcmp(sale.line, "7 Ada") == 0,
	       "the line of the sale is not on the list of the hall as it was: "
	       "look at hall->list only while you hold the lock");
}
END_TEST

/* A sale that fails gives back what it took before it gives back the lock. One that took
 * the lock before has found the new list when it takes it again, and may succeed. */
START_TEST(another_counter_comes_after_a_failure)
{
	situation("when the disk is full (the list is /dev/full) and another "
		  "counter changes the hall as soon as the lock is free");
	ask("hall", "is", 7, "/dev/full");
	struct sale sale = see_sale("sell_before_another", "Ada", 0, "/dev/null");
	demand("CONTRACT 6", sale.answer.value < 0 || sale.unlocks > 1, "the line "
	       "could not be written, and ticket_sell said %ld", sale.answer.value);
	demand("CONTRACT 2", sale.left == REOPENED, "hall->left was %d, and "
	       "ticket_sell made it %ld without the lock: change the hall only "
	       "while you hold its lock", REOPENED, sale.left);
}
END_TEST

void judge_suite(struct suite *suite)
{
	add_scenario(suite, one_sale, SWEPT);
	add_scenario(suite, two_sales, SWEPT);
	add_scenario(suite, two_tickets_at_once, PLAIN);
	add_scenario(suite, a_long_name, PLAIN);
	add_scenario(suite, after_a_sale_that_failed, PLAIN);
	add_scenario(suite, no_seat, PLAIN);
	add_scenario(suite, a_list_that_was_begun, PLAIN);
	add_scenario(suite, no_such_folder, PLAIN);
	add_scenario(suite, full_disk, PLAIN);
	add_scenario(suite, two_counters, PLAIN);
	add_scenario(suite, a_seat_beside, PLAIN);
	add_scenario(suite, another_counter_comes_next, PLAIN);
	add_scenario(suite, another_counter_comes_after_a_failure, PLAIN);
}
