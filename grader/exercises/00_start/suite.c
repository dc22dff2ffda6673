/* suite.c - what note.h promises, asked of note_save. */
#include "oracle/judge.h"

#include <stdio.h>
#include <string.h>

enum { LONGEST = 3000, QUOTED = 40 };	/* bytes of a text, and of one that is quoted */

/* Whether FILE holds TEXT and a newline, and nothing else. */
static bool holds(const char *file, const char *text)
{
	const char *held = file_text(file);
	size_t n = strlen(text);
	return held && strncmp(held, text, n) == 0 &&
	       strcmp(held + n, "\n") == 0;
}

/* Demands that FILE holds TEXT. What is still open may not have been flushed,
 * and that it is open is told anyway. */
static void demand_note(const char *file, const char *text)
{
	const char *held = file_text(file);
	char whole[LONGEST + 2];
	if (live_now(KIND_STREAM) + live_now(KIND_DESCRIPTOR) > 0)
		return;
	demand("CONTRACT 2", held != NULL, "note_save said 0, and there is no "
	       "file %s", file);
	snprintf(whole, sizeof(whole), "%s\n", text);
	demand("CONTRACT 2", strlen(text) <= QUOTED || holds(file, text), "%s should "
	       "hold a line of %zu bytes: %s", file, strlen(whole),
	       difference(held, whole));
	demand("CONTRACT 2", holds(file, text), "%s should hold \"%s\" and "
	       "nothing else: %s", file, shown(whole), difference(held, whole));
}

/* Demands what follows from a fault in the call that was answered. A call that
 * was made again and then went well is no failure, but for a close. */
static void demand_failure(struct answer a, const char *file, const char *text)
{
	bool closing = calls[a.fault_call].role == ROLE_RELEASE;
	if (a.value == 0 && !closing && holds(file, text))
		return;
	demand("CONTRACT 3", a.value != 0, "note_save said 0 all the same: the "
	       "note %s lost and nobody knows", closing ? "may be" : "is");
	demand("CONTRACT 3", a.value == -1, "note_save said %ld instead of -1",
	       a.value);
}

/* Saves TEXT in FILE and demands that it went as it had to. */
static void save(const char *file, const char *text)
{
	struct answer a = ask("note_save", "ss", file, text);
	if (a.faulted) {
		demand_failure(a, file, text);
		return;
	}
	demand("CONTRACT 2", a.value == 0, "note_save said %ld instead of 0",
	       a.value);
	demand_note(file, text);
}

/* Saves a note of LENGTH bytes, none of them like the one before it. */
static void save_long(size_t length)
{
	static char text[LONGEST + 1];
	for (size_t i = 0; i < length; i++)
		text[i] = (char)('a' + i % 26);
	text[length] = '\0';
	save("a.note", text);
}

/* Saves to where that cannot go well. */
static void fail_to_save(const char *file, const char *how)
{
	struct answer a = ask("note_save", "ss", file, "buy milk");
	demand("CONTRACT 3", a.value == -1, "%s, and note_save said %ld "
	       "instead of -1", how, a.value);
}

/* What a failed call leaves behind must not make the next one fail. One that left
 * something open is told that, and not what follows from it. */
START_TEST(a_note)
{
	save("a.note", "buy milk");
	if (!fault_fell() || all_fail() || anything_live())
		return;
	struct answer a = ask("note_save", "ss", "a.note", "sleep");
	if (a.faulted)
		return;		/* its transfers come short, too */
	demand("CONTRACT 2", a.value == 0 && holds("a.note", "sleep"), "the next "
	       "note_save, in which no call fails, %s: what one call meets must "
	       "not be remembered in the next", a.value == 0 ? "does not save" :
	       "says -1");
}
END_TEST

START_TEST(many_notes)
{
	situation("when one note is saved after the other");
	for (int i = 0; i < 4; i++)
		save(i % 2 ? "b.note" : "a.note", i < 2 ? "buy milk" : "sleep");
}
END_TEST

START_TEST(over_a_longer_note)
{
	situation("when a longer note stood in the file before");
	write_file("a.note", "buy milk, bread and honey\nand tea\n");
	save("a.note", "buy milk");
}
END_TEST

START_TEST(a_note_with_percent_signs)
{
	situation("when the note has percent signs in it");
	save("a.note", "buy 50%% less, 100%% of it");
}
END_TEST

/* Buffers tend to have one of these sizes, with or without a byte more. */
START_TEST(long_notes)
{
	static const size_t sizes[] = {
		63, 64, 79, 80, 99, 100, 127, 128, 255, 256, 511, 512, 1023,
		1024, 2047, 2048, 3000,
	};
	situation("when the note is long");
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		save_long(sizes[i]);
}
END_TEST

START_TEST(descriptor_0)
{
	situation("when descriptor 0 is free, and the open gets it");
	ask("free_descriptor_0", "");
	save("a.note", "buy milk");
}
END_TEST

START_TEST(after_a_note_that_was_not_saved)
{
	situation("when a note is saved after one that could not be");
	fail_to_save("nowhere/a.note", "there is no file");
	save("a.note", "buy milk");
	fail_to_save("/dev/full", "the note is lost");
	save("a.note", "sleep");
}
END_TEST

START_TEST(an_empty_note)
{
	situation("when the note is empty");
	save("a.note", "");
}
END_TEST

START_TEST(no_such_folder)
{
	situation("when the folder of the note is not there");
	fail_to_save("nowhere/a.note", "there is no file");
}
END_TEST

START_TEST(full_disk)
{
	situation("when the disk is full (the note is /dev/full)");
	fail_to_save("/dev/full", "the note is lost");
}
END_TEST

void judge_suite(struct suite *suite)
{
	add_scenario(suite, a_note, SWEPT);
	add_scenario(suite, many_notes, PLAIN);
	add_scenario(suite, over_a_longer_note, PLAIN);
	add_scenario(suite, an_empty_note, PLAIN);
	add_scenario(suite, a_note_with_percent_signs, PLAIN);
	add_scenario(suite, long_notes, PLAIN);
	add_scenario(suite, descriptor_0, PLAIN);
	add_scenario(suite, no_such_folder, PLAIN);
	add_scenario(suite, full_disk, PLAIN);
	add_scenario(suite, after_a_note_that_was_not_saved, PLAIN);
}
