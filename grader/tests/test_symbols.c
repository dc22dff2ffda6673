/* test_symbols.c - of what objects call, only what nobody watches is told. */
#include <errno.h>
#include "suite.h"
#include "ledger/ledger.h"
#include "base/process.h"
#include "build/symbols.h"

/* The names that were told, each followed by a space. */
static char told[512];

static void tell(const char *name, void *data)
{
	ck_assert_ptr_eq(data, told);
	ck_assert_uint_lt(strlen(told) + strlen(name) + 2, sizeof(told));
	strcat(told, name);
	strcat(told, " ");
}

/* Compiles SOURCE as the grader compiles what was handed in: NAME.o. */
static const char *object_of(const char *name, const char *source)
{
	char file[64];
	snprintf(file, sizeof(file), "%s.o", name);
	const char *path = own(file);
	snprintf(file, sizeof(file), "%s.c", name);
	const char *const argv[] = {
		"gcc", "-w", "-O0", "-g", "-fPIC", "-fno-builtin", "--coverage",
		"-fsanitize-coverage=trace-pc", "-c", own_file(file, source),
		"-o", path, NULL
	};
	struct program program = { .argv = argv, .output_max = 4096 };
	struct ended ended;
	ck_assert_int_eq(process_run(&program, &ended), 0);
	ck_assert_msg(ended_well(&ended), "%s", ended.err);
	ended_release(&ended);
	return path;
}

/* Demands that SOURCE, beside its OWN functions, calls just EXPECTED. */
static void expect_told(const char *source, const struct names *own_names,
			const char *expected)
{
	struct names objects = { { object_of("code", source) }, 1 };
	told[0] = '\0';
	ck_assert_int_eq(symbols_unwatched(&objects, own_names, tell, told), 0);
	ck_assert_str_eq(told, expected);
}

static const struct names nothing = { .n = 0 };

START_TEST(what_is_watched_or_harmless_is_not_told)
{
	expect_told("#include <fcntl.h>\n"
		    "#include <stdio.h>\n"
		    "#include <stdlib.h>\n"
		    "#include <string.h>\n"
		    "#include <unistd.h>\n"
		    "int f(void)\n{\n"
		    "\tFILE *a = fopen(\"a\", \"w\");\n"
		    "\tchar *b = malloc(strlen(\"abc\"));\n"
		    "\tint c = open(\"a\", O_RDONLY), d[2];\n"
		    "\tfprintf(stderr, \"%d\", pipe(d));\n"
		    "\tprintf(\"x\");\n"
		    "\tfree(b);\n"
		    "\tclose(c);\n"
		    "\treturn a ? fclose(a) : 0;\n}\n", &nothing, "");
}
END_TEST

START_TEST(what_nobody_watches_is_told_by_its_name)
{
	expect_told("int fork(void), splice(int, int, int);\n"
		    "int f(void) { return fork() + fork(); }\n",
		    &nothing, "fork ");
	expect_told("int splice(int, int, int);\n"
		    "int (*f(void))(int, int, int) { return splice; }\n",
		    &nothing, "splice ");
}
END_TEST

START_TEST(other_names_of_a_watched_call_are_watched_too)
{
	expect_told("int open64(const char *, int, ...), fdatasync(int);\n"
		    "void *fopen64(const char *, const char *);\n"
		    "int f(void)\n{\n"
		    "\treturn open64(\"a\", 0) + fdatasync(0) +\n"
		    "\t       (fopen64(\"a\", \"r\") == 0);\n}\n",
		    &nothing, "");
}
END_TEST

START_TEST(the_exercises_own_functions_are_not_told)
{
	static const struct names day = { { "day_run", "day_end" }, 2 };
	static const char source[] = "int day_end(void), day_ends(void);\n"
				     "static int mine(void) { return 1; }\n"
				     "int helper(void) { return mine(); }\n"
				     "int day_run(void)\n{\n"
				     "\treturn day_end() + helper();\n}\n"
				     "int f(void) { return day_ends(); }\n";
	expect_told(source, &day, "day_ends ");
	expect_told(source, &nothing, "day_end day_ends ");
}
END_TEST

START_TEST(what_the_compiler_put_in_is_not_told)
{
	expect_told("int f(int a)\n{\n"
		    "\tchar b[500] = { 0 };\n"
		    "\treturn a ? b[a] : 1;\n}\n", &nothing, "");
}
END_TEST

START_TEST(a_redirected_call_is_still_a_watched_one)
{
	expect_told("void *brakes_malloc(unsigned long);\n"
		    "int wrapped_day_run(void);\n"
		    "int f(void)\n{\n"
		    "\treturn brakes_malloc(1) && wrapped_day_run();\n}\n",
		    &nothing, "");
}
END_TEST

START_TEST(every_row_of_the_table_is_known)
{
	char source[16384] = "";
	for (int i = 0; i < CALL_COUNT; i++)
		if (!calls[i].pretend)
			sprintf(source + strlen(source), "void %s(void);\n"
				"void a%d(void) { %s(); }\n", calls[i].name, i,
				calls[i].name);
	ck_assert_uint_lt(strlen(source), sizeof(source));
	expect_told(source, &nothing, "");
}
END_TEST

START_TEST(what_one_object_defines_another_may_call)
{
	struct names objects = { {
		object_of("one", "int two(void), fork(void);\n"
			  "int one(void) { return two() + fork(); }\n"),
		object_of("two", "int one(void), three(void);\n"
			  "int two(void) { return one() + three(); }\n"),
	}, 2 };
	ck_assert_int_eq(symbols_unwatched(&objects, &nothing, tell, told), 0);
	ck_assert_str_eq(told, "fork three ");
	struct names alone = { { objects.name[1] }, 1 };
	told[0] = '\0';
	ck_assert_int_eq(symbols_unwatched(&alone, &nothing, tell, told), 0);
	ck_assert_str_eq(told, "one three ");
}
END_TEST

START_TEST(what_is_no_object_file_is_refused)
{
	struct names text = { { own_file("text.o", "no object\n") }, 1 };
	struct names empty = { { own_file("empty.o", "") }, 1 };
	struct names none = { { own("none.o") }, 1 };
	ck_assert_int_eq(symbols_unwatched(&none, &nothing, tell, told),
			 -ENOENT);
	ck_assert_int_lt(symbols_unwatched(&text, &nothing, tell, told), 0);
	ck_assert_int_lt(symbols_unwatched(&empty, &nothing, tell, told), 0);
	ck_assert_str_eq(told, "");
}
END_TEST

TEST_PROGRAM("symbols",
	     what_is_watched_or_harmless_is_not_told,
	     what_nobody_watches_is_told_by_its_name,
	     other_names_of_a_watched_call_are_watched_too,
	     the_exercises_own_functions_are_not_told,
	     what_the_compiler_put_in_is_not_told,
	     a_redirected_call_is_still_a_watched_one,
	     every_row_of_the_table_is_known,
	     what_one_object_defines_another_may_call,
	     what_is_no_object_file_is_refused)
