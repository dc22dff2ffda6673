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

/* Whether the call that failed first asked for memory, which may have been done
 * without until a later one failed. */
static bool done_without(struct answer a)
{
	return all_fail() && a.value < 0 && calls[a.fault_call].got == KIND_HEAP;
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
	demand("CONTRACT 3", tells_errno(a) || done_without(a), "%s left %s in errno, and "
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

/* What a failed call leaves behind must not make the next one fail. One that left
 * something open is told that, and not what follows from it. */
static void demand_next(void)
{
	struct answer a = ask("file_copy", "ss", "from", "to");
	if (a.faulted)
		return;		/* its transfers come short, too */
	demand("CONTRACT 2", a.value == 0 && holds("to", two_lines), "the next "
	       "file_copy, in which no call fails, %s %s: what one call meets must "
	       "not be remembered in the next", a.value == 0 ? "copies something "
	       "else and says" : "says", said(a.value));
}

START_TEST(one_copy)
{
	write_file("from", two_lines);
	write_file("to", old);
	copy("from", "to", two_lines);
	if (fault_fell() && !all_fail() && !anything_live())
		demand_next();
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

/* Copies a file of SIZE bytes of every value. */
static void copy_bytes(int size)
{
	ask("fill", "si", "from", size);
	struct answer a = ask("file_copy", "ss", "from", "to");
	demand("CONTRACT 2", a.value == 0, "the file has %d bytes, and file_copy "
	       "said %s", size, said(a.value));
	a = ask("compare", "s", "to");
	long held = a.n > 1 ? strtol(a.text[1], NULL, 10) : 0;
	demand("CONTRACT 2", held == size, "the copy has %ld of %d bytes", held,
	       size);
	demand("CONTRACT 2", a.value < 0, "byte %ld of %d in the copy is another "
	       "one", a.value, size);
}

START_TEST(many_bytes)
{
	situation("when the file is long and holds bytes of every value");
	copy_bytes(9001);
}
END_TEST

/* Blocks tend to have one of these sizes, or the file a byte less or more. */
START_TEST(files_of_many_sizes)
{
	static const int sizes[] = { 1, 512, 1000, 1024, 4095, 4096, 4097, 8192,
				     65536 };
	situation("when the file is as long as a block, or a byte off");
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		copy_bytes(sizes[i]);
}
END_TEST

START_TEST(over_a_longer_file)
{
	situation("when the copy was longer before");
	write_file("from", two_lines);
	write_file("to", "a line that is longer\nand another one\n");
	copy("from", "to", two_lines);
}
END_TEST

START_TEST(descriptor_0)
{
	situation("when descriptor 0 is free, and the first open gets it");
	write_file("from", two_lines);
	ask("free_descriptor_0", "");
	copy("from", "to", two_lines);
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

START_TEST(after_a_copy_that_failed)
{
	situation("when a file is copied after two that could not be");
	write_file("from", two_lines);
	struct answer a = ask("file_copy", "ss", "nowhere", "to");
	demand("CONTRACT 3", a.value == -ENOENT, "file_copy said %s instead of "
	       "-ENOENT", said(a.value));
	a = ask("file_copy", "ss", "from", "nowhere/to");
	demand("CONTRACT 3", a.value == -ENOENT, "file_copy said %s instead of "
	       "-ENOENT", said(a.value));
	copy("from", "to", two_lines);
}
END_TEST

void judge_suite(struct suite *suite)
{
	add_scenario(suite, one_copy, SWEPT);
	add_scenario(suite, a_copy_of_a_copy, PLAIN);
	add_scenario(suite, an_empty_file, PLAIN);
	add_scenario(suite, over_a_longer_file, PLAIN);
	add_scenario(suite, many_bytes, PLAIN);
	add_scenario(suite, files_of_many_sizes, PLAIN);
	add_scenario(suite, descriptor_0, PLAIN);
	add_scenario(suite, no_such_file, PLAIN);
	add_scenario(suite, no_such_folder, PLAIN);
	add_scenario(suite, after_a_copy_that_failed, PLAIN);
}
