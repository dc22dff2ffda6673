/* test_runner_pool.c - what a learner's tests say is said of the version under way, and
 * they find nothing by which to know which one that is.
 *
 * What tests do to whole verdicts stands in cases/12_global/tests_*.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include "sandbox/cell.h"
#include "cells.h"
#include "build/build.h"
#include "mutation/runner_pool.h"

enum { HEARD_MAX = 64, COLLECT_MS = 20000, FIRST = 5, SECOND = 9 };

static struct exercise exercise = {
	.id = "planted",
	.subject = { { "code.c" }, 1 },
	.exports = { { "copy_line" }, 1 },
};

static const struct names tests_file = { { "tests.c" }, 1 };

/* What was heard, a line each: "NUMBER WORD WORD...". */
static char heard[HEARD_MAX][512];
static size_t n_heard;

static void hear(size_t number, const struct words *words, void *data)
{
	(void)data;
	if (n_heard == HEARD_MAX)
		return;
	char *line = heard[n_heard++];
	size_t n = (size_t)snprintf(line, 512, "%zu", number);
	for (size_t i = 0; i < words->n && n < 512; i++)
		n += (size_t)snprintf(line + n, 512 - n, " %s", words->word[i]);
}

/* How many lines that were heard begin with WORDS. */
static int count_heard(const char *words)
{
	int n = 0;
	for (size_t i = 0; i < n_heard; i++)
		n += strncmp(heard[i], words, strlen(words)) == 0;
	return n;
}

/* Demands that a line begins with WORDS; shows the first one instead. */
static void expect_heard(const char *words)
{
	ck_assert_msg(count_heard(words) > 0, "nobody says \"%s\", but %s",
		      words, n_heard ? heard[0] : "nothing");
}

/* The line that begins with WORDS and ends with END; NULL when there is none. */
static const char *heard_line(const char *words, const char *end)
{
	for (size_t i = 0; i < n_heard; i++) {
		size_t n = strlen(heard[i]), m = strlen(end);
		if (strncmp(heard[i], words, strlen(words)) == 0 && n >= m &&
		    strcmp(heard[i] + n - m, end) == 0)
			return heard[i];
	}
	return NULL;
}

/* Builds the library NAME of PART, whose C file FILE holds SOURCE. */
static void build(enum part part, const struct names *files, const char *source,
		  const char *name, char path[PATH_MAX])
{
	struct library library = { .part = part, .files = files };
	char objects[64];
	own_file(files->name[0], source);
	snprintf(objects, sizeof(objects), "%s.d", name);
	strcpy(library.source, own_folder);
	strcpy(library.objects, own(objects));
	strcpy(library.path, own(name));
	ck_assert_int_eq(make_folders(library.objects), 0);
	ck_assert_int_eq(build_libraries(workbook(), &exercise, NULL, &library,
					 1), 0);
	ck_assert_msg(!library.failed, "%s", library.diagnostics);
	strcpy(path, library.path);
	libraries_release(&library, 1);
}

/* Two versions, the first of which is named after a secret. */
struct stage {
	struct sandbox sandbox;
	char root[PATH_MAX], work[PATH_MAX], counters[PATH_MAX];
	char tests[PATH_MAX], first[PATH_MAX], second[PATH_MAX];
	int folder[COUNTERS_FOLDERS];
};

static void build_all(struct stage *s, const char *tests)
{
	build(PART_TESTS, &tests_file, tests, "tests.so", s->tests);
	build(PART_SUBJECT, &exercise.subject,
	      "int copy_line(const char *a, const char *b)\n"
	      "{\n\treturn a == b ? 1 : 0;\n}\n", "secret_first.so", s->first);
	build(PART_SUBJECT, &exercise.subject,
	      "int copy_line(const char *a, const char *b)\n"
	      "{\n\treturn a == b ? 1 : 2;\n}\n", "secret_second.so", s->second);
}

static void lay_out(struct stage *s)
{
	strcpy(s->root, workbook());
	strcpy(s->work, own("work"));
	strcpy(s->counters, own("counters"));
	ck_assert_int_eq(make_folders(s->work), 0);
	for (int i = 0; i < COUNTERS_FOLDERS; i++) {
		const char *path = own(i ? "counters/1" : "counters/0");
		ck_assert_int_eq(make_folders(path), 0);
		ck_assert_int_eq(chmod(path, 0777), 0);
		s->folder[i] = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		ck_assert_int_ge(s->folder[i], 0);
	}
}

/* Tries both versions; the first one's counters are wanted. */
static void try_versions(const struct stage *s)
{
	static struct runner_pool pool;
	struct runner_pool_plan plan = {
		.root = s->root, .work = s->work, .tests = s->tests,
		.sandbox = &s->sandbox, .counters = s->counters,
		.counters_folder = { s->folder[0], s->folder[1] },
	};
	struct version_order order = { .subject = s->first, .skip = "", .told = true };
	n_heard = 0;
	ck_assert_int_eq(runner_pool_open(&plan, &pool), 0);
	ck_assert_int_eq(runner_pool_order(&pool, FIRST, &order), 0);
	order.subject = s->second;
	order.counters = -1;
	order.told = false;
	ck_assert_int_eq(runner_pool_order(&pool, SECOND, &order), 0);
	ck_assert_int_eq(runner_pool_collect(&pool, COLLECT_MS, hear, NULL), 0);
	runner_pool_close(&pool);
}

/* Tries TESTS on both versions in each sort of cell, and calls CHECK after each. */
static void each_sort(const char *tests, void (*check)(void))
{
	static struct stage s;
	ck_assert_int_eq(adopt_orphans(), 0);
	lay_out(&s);
	build_all(&s, tests);
	for (int sort = SANDBOX_LANDLOCK; sort <= SANDBOX_BUBBLEWRAP; sort++) {
		if (!enter_sandbox(s.root, (enum sandbox_sort)sort, &s.sandbox))
			continue;
		try_versions(&s);
		check();
	}
}

/* What every library of tests begins with. */
#define BEGIN								\
	"#include <check.h>\n#include <dirent.h>\n#include <stdio.h>\n"	\
	"#include <stdlib.h>\n#include <string.h>\n#include <unistd.h>\n" \
	"#include <sys/stat.h>\n"					\
	"int copy_line(const char *a, const char *b);\n"
#define REGISTER(name)							\
	"void learner_tests(TCase *tests)\n"				\
	"{\n\ttcase_add_test(tests, " name ");\n}\n"

/* --- tests ------------------------------------------------------------------------ */

static void check_ordinary(void)
{
	expect_heard("5 test 0 zero accepts");
	ck_assert_ptr_nonnull(heard_line("9 test 0 zero rejects ", " tests.c 11 0 "
		"Assertion 'copy_line(\"a\", \"b\") == 0' failed: "
		"copy_line(\"a\", \"b\") == 2, 0 == 0"));
	expect_heard("5 done 1");
	expect_heard("9 done 1");
	expect_heard("5 ended 0");
	expect_heard("9 ended 0");
	ck_assert_uint_eq(n_heard, 6);
}

START_TEST(a_result_is_said_of_its_version)
{
	each_sort(BEGIN
		  "START_TEST(zero)\n{\n"
		  "\tck_assert_int_eq(copy_line(\"a\", \"b\"), 0);\n}\n"
		  "END_TEST\n" REGISTER("zero"), check_ordinary);
}
END_TEST

/* A forged line may be told of the version under way, but of no other, and it ends
 * none of the others. */
static void check_forged(void)
{
	ck_assert_int_eq(count_heard("7"), 0);
	ck_assert_int_eq(count_heard("5 ended"), 1);
	ck_assert_int_eq(count_heard("9 ended"), 1);
	ck_assert_int_eq(count_heard("5 test 0 zero forged"), 0);
	ck_assert_int_eq(count_heard("5 version"), 0);
	ck_assert_int_eq(count_heard("9 version"), 0);
	ck_assert_int_eq(count_heard("9 test 0 zero accepts"), 0);
}

/* The constructor forges for version 9 only while it is in 5: the two may be
 * tried by one runner, one after the other, or by two. */
START_TEST(no_line_is_believed_of_another_version)
{
	each_sort(BEGIN
		  "__attribute__((constructor)) static void forge(void)\n{\n"
		  "\tstatic const char lines[] = \"ended 0\\nversion 9\\n\"\n"
		  "\t\t\"version 7\\nended 0\\nended 7\\n\";\n"
		  "\tfor (int fd = 0; fd < 32; fd++)\n"
		  "\t\tif (write(fd, lines, sizeof(lines) - 1) < 0)\n"
		  "\t\t\tcontinue;\n}\n"
		  "START_TEST(zero)\n{\n"
		  "\tck_assert_int_eq(copy_line(\"a\", \"b\"), 0);\n}\n"
		  "END_TEST\n" REGISTER("zero"), check_forged);
}
END_TEST

static void check_accepted(void)
{
	expect_heard("5 test 0 knows accepts");
	expect_heard("9 test 0 knows accepts");
}

/* The names that the versions have outside are the secret. */
START_TEST(no_test_learns_the_name_of_a_version)
{
	each_sort(BEGIN
		  "static int holds(const char *path)\n{\n"
		  "\tstatic char text[1 << 20];\n"
		  "\tFILE *in = fopen(path, \"r\");\n"
		  "\tsize_t n = in ? fread(text, 1, sizeof(text) - 1, in) : 0;\n"
		  "\tif (in)\n\t\tfclose(in);\n"
		  "\tfor (size_t i = 0; i + 6 < n; i++)\n"
		  "\t\tif (memcmp(text + i, \"secret\", 6) == 0)\n"
		  "\t\t\treturn 1;\n"
		  "\treturn 0;\n}\n"
		  "START_TEST(knows)\n{\n"
		  "\tck_assert(!holds(\"/proc/self/maps\"));\n"
		  "\tck_assert(!holds(\"/proc/self/environ\"));\n"
		  "\tck_assert(!holds(\"/proc/self/cmdline\"));\n"
		  "\textern char **environ;\n"
		  "\tfor (char **e = environ; *e; e++)\n"
		  "\t\tck_assert_ptr_null(strstr(*e, \"secret\"));\n"
		  "\tck_assert_ptr_null(getenv(\"CK_RUN_CASE\"));\n}\n"
		  "END_TEST\n" REGISTER("knows"), check_accepted);
}
END_TEST

/* Nothing that is open has a name but the way to nowhere, and a file of Check's own:
 * neither the folders of counters, nor the shelf. The one socket leads to the
 * process that holds the orders; two pipes are for the result. */
START_TEST(no_test_holds_a_descriptor_of_a_file_or_of_the_orders)
{
	each_sort(BEGIN
		  "START_TEST(knows)\n{\n"
		  "\tint sockets = 0, n = 0;\n"
		  "\tfor (int fd = 0; fd < 256; fd++) {\n"
		  "\t\tchar path[64], to[512] = \"\";\n"
		  "\t\tsnprintf(path, sizeof(path), \"/proc/self/fd/%d\", fd);\n"
		  "\t\tif (readlink(path, to, sizeof(to) - 1) < 0)\n"
		  "\t\t\tcontinue;\n"
		  "\t\tn++;\n"
		  "\t\tsockets += strncmp(to, \"socket:\", 7) == 0;\n"
		  "\t\tif (*to == '/' && !strstr(to, \"/check_\"))\n"
		  "\t\t\tck_assert_str_eq(to, \"/dev/null\");\n\t}\n"
		  "\tck_assert_int_eq(sockets, 1);\n"
		  "\tck_assert_int_le(n, 7);\n}\n"
		  "END_TEST\n" REGISTER("knows"), check_accepted);
}
END_TEST

START_TEST(what_is_on_the_shelf_tells_nothing_by_its_name)
{
	each_sort(BEGIN
		  "START_TEST(knows)\n{\n"
		  "\tDIR *shelf = NULL;\n\tint seen = 0;\n"
		  "\tfor (int up = 0; !shelf && up < 4; up++) {\n"
		  "\t\tshelf = opendir(\"shelf\");\n"
		  "\t\tck_assert_int_eq(chdir(\"..\"), 0);\n\t}\n"
		  "\tck_assert_ptr_nonnull(shelf);\n"
		  "\tfor (struct dirent *e; (e = readdir(shelf));)\n"
		  "\t\tif (*e->d_name != '.' && ++seen)\n"
		  "\t\t\tck_assert_uint_eq(strspn(e->d_name,\n"
		  "\t\t\t\t\"0123456789abcdef\"), 16);\n"
		  "\tclosedir(shelf);\n"
		  "\tck_assert_int_gt(seen, 1);\n}\n"
		  "END_TEST\n" REGISTER("knows"), check_accepted);
}
END_TEST

static void check_left(void)
{
	expect_heard("5 ended 0");
	expect_heard("9 ended 0");
	expect_heard("5 test 0 dies crashes");
	expect_heard("9 test 0 dies crashes");
}

START_TEST(a_test_that_crashes_ends_itself_alone)
{
	each_sort(BEGIN
		  "START_TEST(dies)\n{\n\tabort();\n}\n"
		  "END_TEST\n" REGISTER("dies"), check_left);
}
END_TEST

static void check_rounds(void)
{
	ck_assert_ptr_nonnull(heard_line("5 test 0 counts accepts ", ""));
	const char *rejects = strstr(heard_line("9 test 0 counts rejects ", ""),
				     "rejects");
	int line, round;
	ck_assert_int_eq(sscanf(rejects, "rejects %*d %d %d ", &line, &round), 2);
	ck_assert_int_eq(line, 11);
	ck_assert_int_eq(round, 4);
}

/* What a round left behind, in memory or in its folder, no other round finds; the first
 * one that rejects is the last. */
START_TEST(each_round_of_a_loop_test_starts_anew)
{
	each_sort(BEGIN
		  "static int rounds;\n"
		  "static int left(void) { return access(\"left\", F_OK) == 0; }\n"
		  "START_TEST(counts)\n{\n"
		  "\tck_assert_int_eq(rounds++, 0);\n"
		  "\tck_assert(!left());\n"
		  "\tfclose(fopen(\"left\", \"w\"));\n"
		  "\tck_assert(_i < 4 || copy_line(\"a\", \"b\") != 2);\n}\n"
		  "END_TEST\n"
		  "void learner_tests(TCase *tests)\n"
		  "{\n\ttcase_add_loop_test(tests, counts, 2, 7);\n}\n",
		  check_rounds);
}
END_TEST

static void check_printed(void)
{
	ck_assert_ptr_nonnull(heard_line("5 printed 0 one two\nthree\n", ""));
	ck_assert_int_eq(count_heard("9 printed"), 0);
}

/* It is told of the versions for which that was ordered. */
START_TEST(what_a_test_prints_is_told)
{
	each_sort(BEGIN
		  "START_TEST(talks)\n{\n"
		  "\tprintf(\"one two\\n\");\n"
		  "\tfprintf(stderr, \"three\\n\");\n}\n"
		  "END_TEST\n" REGISTER("talks"), check_printed);
}
END_TEST

static void check_flood(void)
{
	ck_assert_ptr_nonnull(heard_line("5 test 0 floods accepts ", ""));
	ck_assert_ptr_nonnull(heard_line("9 test 0 floods accepts ", ""));
	ck_assert_int_eq(count_heard("5 printed 0 xxxx"), 1);
}

/* No output keeps a test from its end. */
START_TEST(a_test_may_print_more_than_anybody_keeps)
{
	each_sort(BEGIN
		  "START_TEST(floods)\n{\n"
		  "\tfor (int i = 0; i < 3000; i++)\n"
		  "\t\tck_assert_int_gt(printf(\"xxxx%0100d\\n\", i), 0);\n}\n"
		  "END_TEST\n" REGISTER("floods"), check_flood);
}
END_TEST

static void check_helper(void)
{
	const char *line = heard_line("9 test 0 asks rejects ", "");
	unsigned caller = 0;
	ck_assert_ptr_nonnull(line);
	line = strstr(line, " tests.c 11 ");
	ck_assert_ptr_nonnull(line);
	ck_assert_int_eq(sscanf(line, " tests.c 11 %u", &caller), 1);
	ck_assert_uint_ne(caller, 0);
}

/* The address is that of the call in the test. */
START_TEST(the_caller_of_a_helper_is_told)
{
	each_sort(BEGIN
		  "static void expect(int a)\n{\n"
		  "\tck_assert_int_eq(a, 1);\n}\n"
		  "START_TEST(asks)\n{\n"
		  "\texpect(copy_line(\"a\", \"b\") ? 0 : 1);\n}\n"
		  "END_TEST\n" REGISTER("asks"), check_helper);
}
END_TEST

static void check_slow(void)
{
	expect_heard("5 test 0 spins slow ");
	expect_heard("9 test 0 spins slow ");
}

START_TEST(a_test_that_takes_too_long_is_called_slow)
{
	each_sort(BEGIN
		  "START_TEST(spins)\n{\n\tfor (volatile int i = 0;; i++)\n\t\t;\n}\n"
		  "END_TEST\n" REGISTER("spins"), check_slow);
}
END_TEST

TEST_PROGRAM("test runners",
	     each_round_of_a_loop_test_starts_anew,
	     what_a_test_prints_is_told,
	     a_test_may_print_more_than_anybody_keeps,
	     the_caller_of_a_helper_is_told,
	     a_test_that_takes_too_long_is_called_slow,
	     a_result_is_said_of_its_version,
	     no_line_is_believed_of_another_version,
	     no_test_learns_the_name_of_a_version,
	     no_test_holds_a_descriptor_of_a_file_or_of_the_orders,
	     what_is_on_the_shelf_tells_nothing_by_its_name,
	     a_test_that_crashes_ends_itself_alone)
