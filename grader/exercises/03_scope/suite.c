/* suite.c - what ticket.h promises, asked of ticket_sell. */
#include "oracle/judge.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum fate { UNTOUCHED, GIVEN, SET_TO_NULL };

/* A sale as it was seen right after the answer. */
struct sale {
	struct answer answer;	/* its texts are gone by now */
	enum fate fate;		/* of *ret_ticket */
	long left;		/* hall->left after it */
	long seat;		/* of the ticket */
	char who[40];		/* on the ticket */
	bool dead;		/* it holds no name, and no memory is held */
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

/* Lets COMMAND sell a seat to WHO; the list is at FILE. A ticket that was given
 * is freed at once, whatever is demanded later, unless it is freed already. */
static struct sale see_sale(const char *command, const char *who,
			    const char *file)
{
	struct sale sale = { .answer = ask(command, "s", who) };
	sale.fate = (enum fate)number_in(sale.answer, 1);
	sale.left = number_in(sale.answer, 2);
	sale.seat = number_in(sale.answer, 3);
	snprintf(sale.who, sizeof(sale.who), "%s",
		 sale.answer.n > 4 ? sale.answer.text[4] : "");
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
	struct sale sale = see_sale("ticket_sell", who, "a.list");
	struct answer a = sale.answer;
	bool spared = calls[a.fault_call].got == KIND_HEAP && a.value == 0;
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

START_TEST(one_sale)
{
	ask("hall", "is", 7, "a.list");
	sell("Ada", 7);
}
END_TEST

START_TEST(two_sales)
{
	ask("hall", "is", 2, "a.list");
	sell("Bob", sell("Ada", 2));
}
END_TEST

START_TEST(no_seat)
{
	situation("when no seat is left");
	write_file("a.list", "1 Zoe\n");
	ask("hall", "is", 0, "a.list");
	struct sale sale = see_sale("ticket_sell", "Ada", "a.list");
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
	struct sale sale = see_sale("ticket_sell", "Ada", "nowhere/a.list");
	demand("CONTRACT 6", sale.answer.value == -ENOENT, "ticket_sell said "
	       "%ld instead of -ENOENT (%d)", sale.answer.value, -ENOENT);
	demand_no_trace(sale, 7);
}
END_TEST

START_TEST(full_disk)
{
	situation("when the disk is full (the list is /dev/full)");
	ask("hall", "is", 7, "/dev/full");
	struct sale sale = see_sale("ticket_sell", "Ada", "a.list");
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
	struct sale sale = see_sale("sell_beside", "Ada", "a.list");
	demand("CONTRACT 2", sale.answer.value < 0, "ticket_sell sold that "
	       "seat once more: wait for the lock before you look at the hall");
	demand("CONTRACT 2", sale.answer.value == -ENOENT, "ticket_sell said "
	       "%ld: it should wait for the lock and then find no seat "
	       "(-ENOENT, %d)", sale.answer.value, -ENOENT);
	demand_no_trace(sale, 0);
}
END_TEST

void judge_suite(struct suite *suite)
{
	add_scenario(suite, one_sale, SWEPT);
	add_scenario(suite, two_sales, SWEPT);
	add_scenario(suite, no_seat, PLAIN);
	add_scenario(suite, a_list_that_was_begun, PLAIN);
	add_scenario(suite, no_such_folder, PLAIN);
	add_scenario(suite, full_disk, PLAIN);
	add_scenario(suite, two_counters, PLAIN);
}
