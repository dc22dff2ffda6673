/* suite.c - what copy.h promises, asked of file_copy. */
#include "oracle/judge.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const old = "old\n";
static const char *const two_lines = "one\ntwo\n";

/* Whether FILE holds TEXT and nothing else. */
static bool holds(const char *file, const char *text)
{
	const char *held = file_text(file);
	return held && strcmp(held, text) == 0;
}

/* Whether CALL opens a file by its name, or reads FROM: if it fails, TO has not
 * been touched yet. Of other calls no clause says when they are made. */
static bool comes_before_to(enum call call)
{
	static const enum call before[] = {
		CALL_open, CALL_openat, CALL_creat, CALL_fopen, CALL_read,
		CALL_pread, CALL_readv, CALL_fread, CALL_fgets, CALL_fgetc,
		CALL_getc, CALL_fscanf, CALL_getline, CALL_getdelim,
	};
	for (size_t i = 0; i < sizeof(before) / sizeof(*before); i++)
		if (before[i] == call)
			return true;
	return strcmp(fault_source(), "from") == 0;
}

/* Demands what follows from a fault in the call that was answered: an error,
 * or that the copy was made in spite of it. */
static void demand_failure(struct answer a)
{
	const char *name = calls[a.fault_call].name;
	bool closing = calls[a.fault_call].role == ROLE_RELEASE;
	if (a.value == 0 && !closing && holds("to", two_lines))
		return;
	demand("CONTRACT 3", a.value != 0, "file_copy said 0 all the same: %s",
	       closing ? "a close that fails may have lost what was written" :
	       "there is no copy, and nobody knows");
	demand("CONTRACT 3", tells_errno(a), "%s left %s in errno, and "
	       "file_copy said %s: the error that came first is to be "
	       "returned", name, strerrorname_np(a.fault_err), said(a.value));
	demand("CONTRACT 4", !comes_before_to(a.fault_call) || holds("to", old),
	       "what the other file held is gone: it was opened before all had "
	       "been read");
}

/* Copies FROM to TO and demands that TO then holds TEXT. */
static void copy(const char *from, const char *to, const char *text)
{
	struct answer a = ask("file_copy", "ss", from, to);
	if (a.faulted) {
		demand_failure(a);
		return;
	}
	demand("CONTRACT 2", a.value == 0, "file_copy said %s", said(a.value));
	demand("CONTRACT 2", file_text(to) != NULL, "there is no file %s", to);
	demand("CONTRACT 2", holds(to, text), "the copy should hold \"%s\" and "
	       "nothing else: %s", shown(text), difference(file_text(to), text));
}

START_TEST(one_copy)
{
	write_file("from", two_lines);
	write_file("to", old);
	copy("from", "to", two_lines);
}
END_TEST

START_TEST(a_copy_of_a_copy)
{
	situation("when a copy is copied");
	write_file("from", two_lines);
	copy("from", "a", two_lines);
	write_file("from", "three\n");
	copy("a", "b", two_lines);
	copy("from", "a", "three\n");
}
END_TEST

START_TEST(an_empty_file)
{
	situation("when the file is empty");
	write_file("from", "");
	write_file("to", old);
	copy("from", "to", "");
}
END_TEST

START_TEST(many_bytes)
{
	enum { SIZE = 9001 };
	situation("when the file is long and holds bytes of every value");
	ask("fill", "si", "from", SIZE);
	struct answer a = ask("file_copy", "ss", "from", "to");
	demand("CONTRACT 2", a.value == 0, "file_copy said %s", said(a.value));
	a = ask("compare", "s", "to");
	long size = a.n > 1 ? strtol(a.text[1], NULL, 10) : 0;
	demand("CONTRACT 2", size == SIZE, "the copy has %ld of %d bytes", size,
	       SIZE);
	demand("CONTRACT 2", a.value < 0, "byte %ld of the copy is another one",
	       a.value);
}
END_TEST

START_TEST(no_such_file)
{
	situation("when there is no file to be copied");
	write_file("to", old);
	struct answer a = ask("file_copy", "ss", "from", "to");
	demand("CONTRACT 3", a.value == -ENOENT, "file_copy said %s instead of "
	       "-ENOENT", said(a.value));
	demand("CONTRACT 4", holds("to", old), "what the other file held is "
	       "gone");
}
END_TEST

START_TEST(no_such_folder)
{
	situation("when the folder of the copy is not there");
	write_file("from", two_lines);
	struct answer a = ask("file_copy", "ss", "from", "nowhere/to");
	demand("CONTRACT 3", a.value == -ENOENT, "file_copy said %s instead of "
	       "-ENOENT", said(a.value));
}
END_TEST

void judge_suite(struct suite *suite)
{
	add_scenario(suite, one_copy, SWEPT);
	add_scenario(suite, a_copy_of_a_copy, PLAIN);
	add_scenario(suite, an_empty_file, PLAIN);
	add_scenario(suite, many_bytes, PLAIN);
	add_scenario(suite, no_such_file, PLAIN);
	add_scenario(suite, no_such_folder, PLAIN);
}
