/* suite.c - what volume.h promises, asked of volume_bind. Nobody hands in a
 * volume.c: it decides which broken versions are broken, and that the correct
 * ones are correct. */
#include "oracle/judge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { UNTOLD = -4711 };

static const char first[] = "one\nand two\n", last[] = "three\n",
		  whole[] = "one\nand two\nthree\n", old[] = "the old one\n";

/* Value N of an answer as a number. */
static long number(struct answer a, size_t n)
{
	return n < a.n ? strtol(a.text[n], NULL, 10) : 0;
}

/* Demands that FILE holds TEXT; NULL stands for no file. */
static void demand_file(const char *clause, const char *file, const char *text)
{
	const char *held = file_text(file);
	demand(clause, !text == !held, "%s is %s", file,
	       held ? "there" : "not there");
	demand(clause, !text || !held || strcmp(held, text) == 0,
	       "%s holds \"%.*s\"", file, held ? (int)strcspn(held, "\n") : 0,
	       held ? held : "");
}

/* Demands that a binding went well. */
static void demand_success(struct answer a, const char *text, long lines)
{
	demand("CONTRACT 1", a.value == 0, "volume_bind returned %ld", a.value);
	demand("CONTRACT 1", number(a, 1) == lines, "*ret_lines is %ld instead "
	       "of %ld", number(a, 1), lines);
	demand_file("CONTRACT 1", "volume", text);
	demand_file("CONTRACT 4", "volume.new", NULL);
}

/* Demands that a binding failed with ERR and left things as they were. */
static void demand_failure(struct answer a, long err, const char *before)
{
	demand("CONTRACT 2", a.value == err, "volume_bind returned %ld instead "
	       "of %ld", a.value, err);
	demand("CONTRACT 2", number(a, 1) == UNTOLD, "it failed, and *ret_lines "
	       "was changed");
	demand_file("CONTRACT 3", "volume", before);
}

/* Binds two chapters, and demands what follows from how that went: true when
 * the volume is there. A removal may have failed only when calls after the
 * first did. */
static bool bind_two(const char *before)
{
	struct answer a = ask("volume_bind", "siss", "volume", UNTOLD, "first",
			      "last");
	if (!a.faulted) {
		demand_success(a, whole, 3);
		return true;
	}
	demand_failure(a, -a.fault_err, before);
	if (number(a, 2) == 1)
		demand_file("CONTRACT 4", "volume.new", NULL);
	return false;
}

/* Writes both chapters, and the volume that was there before. */
static void write_all(void)
{
	write_file("first", first);
	write_file("last", last);
	write_file("volume", old);
}

START_TEST(two_chapters)
{
	write_all();
	bind_two(old);
}
END_TEST

START_TEST(one_after_the_other)
{
	write_file("first", first);
	write_file("last", last);
	bool bound = bind_two(NULL);
	if (file_text("volume.new"))
		return;
	bind_two(bound ? whole : NULL);
}
END_TEST

START_TEST(a_chapter_without_lines)
{
	write_file("none", "");
	write_file("last", last);
	demand_success(ask("volume_bind", "sissss", "volume", UNTOLD, "none",
			   "last", "none", "last"), "three\nthree\n", 2);
}
END_TEST

START_TEST(no_chapters)
{
	demand_success(ask("volume_bind", "si", "volume", UNTOLD), "", 0);
}
END_TEST

/* Asks for a volume one chapter of which is not there. */
static void bind_missing(const char *one, const char *other)
{
	write_all();
	struct answer a = ask("volume_bind", "siss", "volume", UNTOLD, one,
			      other);
	demand_failure(a, -ENOENT, old);
	demand_file("CONTRACT 4", "volume.new", NULL);
	bind_two(old);
}

START_TEST(no_first_chapter)
{
	bind_missing("nowhere", "last");
}
END_TEST

START_TEST(no_last_chapter)
{
	bind_missing("first", "nowhere");
}
END_TEST

START_TEST(someone_else_at_work)
{
	write_all();
	write_file("volume.new", last);
	struct answer a = ask("volume_bind", "siss", "volume", UNTOLD, "first",
			      "last");
	demand_failure(a, -EEXIST, old);
	demand_file("CONTRACT 5", "volume.new", last);
}
END_TEST

START_TEST(a_directory_in_its_place)
{
	write_all();
	struct answer a = ask("volume_bind", "siss", ".", UNTOLD, "first",
			      "last");
	demand_failure(a, -EINVAL, old);
	demand_file("CONTRACT 4", "..new", NULL);
}
END_TEST

void judge_suite(struct suite *suite)
{
	add_scenario(suite, two_chapters, SWEPT);
	add_scenario(suite, one_after_the_other, SWEPT);
	add_scenario(suite, a_chapter_without_lines, PLAIN);
	add_scenario(suite, no_chapters, PLAIN);
	add_scenario(suite, no_first_chapter, PLAIN);
	add_scenario(suite, no_last_chapter, PLAIN);
	add_scenario(suite, someone_else_at_work, PLAIN);
	add_scenario(suite, a_directory_in_its_place, PLAIN);
}
