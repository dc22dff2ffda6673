/* suite.c - what tickets.h promises, asked of print_tickets. */
#include "oracle/judge.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* --- words --------------------------------------------------------------- */

/* How long the line at TEXT is, for a sentence. */
static int length(const char *text)
{
	size_t n = strcspn(text, "\n");
	return n < 40 ? (int)n : 40;
}

/* Whether CALL is one of the N in LIST. */
static bool among(enum call call, const enum call list[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == call)
			return true;
	return false;
}

#define AMONG(call, list) among(call, list, sizeof(list) / sizeof(*(list)))

/* Whether CALL reads a seat. Of getline it cannot be told whether the reading
 * or the memory failed. */
static bool reads(enum call call)
{
	static const enum call readers[] = {
		CALL_fgets, CALL_fgetc, CALL_getc, CALL_fread, CALL_read,
		CALL_pread,
	};
	return AMONG(call, readers);
}

/* Whether CALL writes a part of a ticket. */
static bool writes(enum call call)
{
	static const enum call writers[] = {
		CALL_fprintf, CALL_vfprintf, CALL_fputs, CALL_fputc, CALL_putc,
		CALL_fwrite, CALL_write, CALL_pwrite, CALL_dprintf,
		CALL_vdprintf,
	};
	return AMONG(call, writers);
}

/* --- the sheet ----------------------------------------------------------- */

/* How many bytes HELD and WHOLE begin with alike. */
static size_t alike(const char *held, const char *whole)
{
	size_t n = 0;
	while (held[n] && held[n] == whole[n])
		n++;
	return n;
}

/* Demands that the sheet, which holds HELD, is right as far as it goes. */
static void demand_beginning(const char *clause, const char *sheet,
			     const char *held, const char *whole)
{
	int line = 1;
	size_t n = alike(held, whole);
	if (!held[n])
		return;
	while (n > 0 && held[n - 1] != '\n')
		n--;
	for (size_t i = 0; i < n; i++)
		line += held[i] == '\n';
	demand(clause, whole[n], "%s goes on after its last ticket, with "
	       "\"%.*s\"", sheet, length(held + n), held + n);
	demand(clause, false, "line %d of %s should be \"%.*s\", and is "
	       "\"%.*s\"", line, sheet, length(whole + n), whole + n,
	       length(held + n), held + n);
}

/* Demands that the sheet holds WHOLE, the printing having said 0. */
static void demand_whole(struct answer a, const char *sheet, const char *whole)
{
	const char *held = file_text(sheet);
	bool closes = a.faulted && calls[a.fault_call].role == ROLE_RELEASE;
	const char *name = a.faulted ? calls[a.fault_call].name : "";
	demand("CONTRACT 5", !closes || strcmp(fault_path(), sheet) != 0, "%s "
	       "of %s said that it failed, and print_tickets said 0: tickets "
	       "may be lost, and nobody knows", name, sheet);
	if (a.faulted)
		demand(writes(a.fault_call) || reads(a.fault_call) ?
		       "CONTRACT 4" : "CONTRACT 3",
		       held && strcmp(held, whole) == 0, "%s said that it "
		       "failed, print_tickets said 0, and %s is not %s", name,
		       sheet, held ? "whole" : "there");
	demand("CONTRACT 2", held, "print_tickets said 0, and there is no %s",
	       sheet);
	demand_beginning("CONTRACT 2", sheet, held, whole);
	demand("CONTRACT 2", strlen(held) == strlen(whole), "print_tickets "
	       "said 0, and %s ends before its last ticket", sheet);
}

/* --- a printing ---------------------------------------------------------- */

/* Whether A tells of a fault in a stream that no path was opened for, one in memory or
 * a file without a name, as it may: there is no memory, or a line cannot be written. */
static bool tells_of_no_file(struct answer a)
{
	bool in_memory = a.fault_call == CALL_memory_stream;
	bool nameless = calls[a.fault_call].gone == KIND_STREAM &&
			calls[a.fault_call].role != ROLE_ACQUIRE &&
			!*fault_path();
	return (a.value == -ENOMEM && (in_memory || nameless)) ||
	       (in_memory && (a.value == -EIO || tells_errno(a)));
}

/* Demands the error of a close that failed: of the sheet its own. Of the list it is
 * free, and when later calls failed too, one of theirs may be told. */
static void demand_close_error(struct answer a, const char *name,
			       const char *sheet)
{
	bool of_sheet = strcmp(fault_path(), sheet) == 0;
	demand("CONTRACT 5", tells_errno(a) || (!of_sheet && all_fail()),
	       "%s left %s in errno, and print_tickets said %s: the first "
	       "error is the one to return", name,
	       strerrorname_np(a.fault_err), said(a.value));
}

/* Demands the error that follows from the fault in A, printing into SHEET. */
static void demand_error(struct answer a, const char *sheet)
{
	const struct call_info *call = &calls[a.fault_call];
	bool opens = call->got == KIND_STREAM || call->got == KIND_DESCRIPTOR;
	if (tells_of_no_file(a))
		return;
	if (writes(a.fault_call) || reads(a.fault_call))
		demand("CONTRACT 4", a.value == -EIO, "%s failed, which is "
		       "-EIO; print_tickets said %s", call->name,
		       said(a.value));
	else if (opens)
		demand("CONTRACT 3", tells_errno(a), "%s left %s in errno, and "
		       "print_tickets said %s: the first error is the one to "
		       "return", call->name, strerrorname_np(a.fault_err),
		       said(a.value));
	else if (call->role == ROLE_RELEASE)
		demand_close_error(a, call->name, sheet);
	else if (call->role == ROLE_ACQUIRE)
		demand("CONTRACT 3", a.value == -ENOMEM || all_fail(), "there "
		       "was no memory, and print_tickets said %s instead of "
		       "-ENOMEM", said(a.value));
}

/* Prints LIST into SHEET, which is to hold WHOLE then. */
static void print(const char *list, const char *sheet, const char *whole)
{
	struct answer a = ask("print_tickets", "ss", list, sheet);
	demand("CONTRACT 2", a.value <= 0, "print_tickets said %ld, which is "
	       "neither 0 nor a negative errno", a.value);
	if (a.value == 0) {
		demand_whole(a, sheet, whole);
		return;
	}
	demand("CONTRACT 2", a.faulted, "nothing had failed, and print_tickets "
	       "said %s", said(a.value));
	demand_error(a, sheet);
	if (file_text(sheet))
		demand_beginning("CONTRACT 6", sheet, file_text(sheet), whole);
}

/* What a failed call leaves behind must not make the next one fail. One that left
 * something open is told that, and not what follows from it. */
static void demand_next(const char *whole)
{
	struct answer a = ask("print_tickets", "ss", "list.txt", "sheet.txt");
	const char *held = file_text("sheet.txt");
	if (a.faulted)
		return;		/* its transfers come short, too */
	demand("CONTRACT 2", a.value == 0 && held && strcmp(held, whole) == 0,
	       "the next print_tickets, in which no call fails, says %s%s: what "
	       "one call meets must not be remembered in the next",
	       said(a.value), a.value == 0 ? ", and the sheet is another one" : "");
}

START_TEST(two_seats)
{
	static const char whole[] = "1 A7\n2 B12\n";
	write_file("list.txt", "A7\nB12\n");
	print("list.txt", "sheet.txt", whole);
	if (fault_fell() && !all_fail() && !anything_live())
		demand_next(whole);
}
END_TEST

START_TEST(one_seat)
{
	situation("when the list has one seat, of one letter");
	write_file("list.txt", "A\n");
	print("list.txt", "sheet.txt", "1 A\n");
}
END_TEST

START_TEST(percent_signs)
{
	situation("when a seat has percent signs in its name");
	write_file("list.txt", "5%% off\n100%%\n");
	print("list.txt", "sheet.txt", "1 5%% off\n2 100%%\n");
}
END_TEST

START_TEST(descriptor_0)
{
	situation("when descriptor 0 is free, and the first open gets it");
	write_file("list.txt", "A7\nB12\n");
	ask("free_descriptor_0", "");
	print("list.txt", "sheet.txt", "1 A7\n2 B12\n");
}
END_TEST

START_TEST(no_seats)
{
	situation("when the list is empty");
	write_file("list.txt", "");
	print("list.txt", "sheet.txt", "");
}
END_TEST

START_TEST(a_long_list)
{
	static char seats[8192], whole[16384];
	char *seat = seats, *ticket = whole;
	for (int i = 1; i <= 900; i++) {
		seat += sprintf(seat, "R%d\n", i % 37);
		ticket += sprintf(ticket, "%d R%d\n", i, i % 37);
	}
	situation("when the list is long");
	write_file("list.txt", seats);
	print("list.txt", "sheet.txt", whole);
}
END_TEST

START_TEST(the_same_sheet_again)
{
	situation("when the same sheet is printed twice");
	write_file("list.txt", "A7\nB12\n");
	write_file("short", "a seat of 20 letters\n");
	write_file("sheet.txt", "1 old\n2 older\n3 oldest\n4 oldest of all\n");
	print("list.txt", "sheet.txt", "1 A7\n2 B12\n");
	print("short", "sheet.txt", "1 a seat of 20 letters\n");
}
END_TEST

/* Prints what cannot be opened, for want of a folder. */
static void demand_absence(const char *list, const char *sheet)
{
	struct answer a = ask("print_tickets", "ss", list, sheet);
	demand("CONTRACT 3", a.value == -ENOENT, "print_tickets said %s "
	       "instead of -ENOENT", said(a.value));
}

START_TEST(after_a_printing_that_failed)
{
	situation("when a sheet is printed after two that could not be");
	write_file("list.txt", "A7\nB12\n");
	demand_absence("nowhere/list.txt", "sheet.txt");
	demand_absence("list.txt", "nowhere/sheet.txt");
	print("list.txt", "sheet.txt", "1 A7\n2 B12\n");
}
END_TEST

START_TEST(an_old_sheet_and_no_list)
{
	static const char old[] = "1 C3\n2 C4\n";
	situation("when the list is not there, and an old sheet is");
	write_file("sheet.txt", old);
	demand_absence("nowhere/list.txt", "sheet.txt");
	const char *held = file_text("sheet.txt");
	demand("CONTRACT 6", !held || !*held || strcmp(held, old) == 0, "the sheet "
	       "should be missing, empty or what it was, and is \"%s\"",
	       shown(held ? held : ""));
}
END_TEST

START_TEST(no_list)
{
	situation("when the list is not there");
	demand_absence("nowhere/list.txt", "sheet.txt");
}
END_TEST

START_TEST(no_folder_for_the_sheet)
{
	situation("when the folder of the sheet is not there");
	write_file("list.txt", "A7\nB12\n");
	demand_absence("list.txt", "nowhere/sheet.txt");
}
END_TEST

START_TEST(full_disk)
{
	situation("when the disk is full (the sheet is /dev/full)");
	write_file("list.txt", "A7\nB12\n");
	struct answer a = ask("print_tickets", "ss", "list.txt", "/dev/full");
	demand("CONTRACT 5", a.value < 0, "the tickets are lost, and "
	       "print_tickets said %s: the close could tell", said(a.value));
}
END_TEST

void judge_suite(struct suite *suite)
{
	add_scenario(suite, two_seats, SWEPT);
	add_scenario(suite, no_seats, PLAIN);
	add_scenario(suite, one_seat, PLAIN);
	add_scenario(suite, percent_signs, PLAIN);
	add_scenario(suite, a_long_list, PLAIN);
	add_scenario(suite, descriptor_0, PLAIN);
	add_scenario(suite, the_same_sheet_again, PLAIN);
	add_scenario(suite, no_list, PLAIN);
	add_scenario(suite, no_folder_for_the_sheet, PLAIN);
	add_scenario(suite, full_disk, PLAIN);
	add_scenario(suite, after_a_printing_that_failed, PLAIN);
	add_scenario(suite, an_old_sheet_and_no_list, PLAIN);
}
