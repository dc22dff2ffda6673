/* test_coverage.c - counts of lines and branches are the true ones, and no data
 * is never taken for zero. */
#include <errno.h>
#include "suite.h"
#include "mutation/coverage.h"

/* What is counted: main runs the loop of count() five times, and unused()
 * never. The lines are numbered by the array. */
static const char *const program_lines[] = {
	/*  1 */ "static int unused(int n)",
	/*  2 */ "{",
	/*  3 */ "	return n + 1;",
	/*  4 */ "}",
	/*  5 */ "",
	/*  6 */ "static int count(int n)",
	/*  7 */ "{",
	/*  8 */ "	int odd = 0;",
	/*  9 */ "	for (int i = 0; i < n; i++)",
	/* 10 */ "		if (i % 2)",
	/* 11 */ "			odd++;",
	/* 12 */ "	if (odd < 0) return unused(odd);",
	/* 13 */ "	return odd;",
	/* 14 */ "}",
	/* 15 */ "",
	/* 16 */ "int main(void)",
	/* 17 */ "{",
	/* 18 */ "	return count(5) == 2 ? 0 : 1;",
	/* 19 */ "}",
	NULL
};

/* Runs ARGV, with ENV added, in the folder of this test; it must end well. */
static void run(const char *const argv[], const char *const env[])
{
	struct program program = { .argv = argv, .dir = own_folder,
				   .env = env, .output_max = 4096 };
	struct ended ended;
	ck_assert_int_eq(process_run(&program, &ended), 0);
	ck_assert_msg(ended_well(&ended), "%s", ended.err);
	ended_release(&ended);
}

/* Writes the program, LINE of it replaced by TEXT, and builds it: its notes
 * stand in objects/. */
static void build_program(int line, const char *text)
{
	FILE *out = fopen(own("count.c"), "w");
	ck_assert_ptr_nonnull(out);
	for (int i = 0; program_lines[i]; i++)
		fprintf(out, "%s\n", i + 1 == line ? text : program_lines[i]);
	ck_assert_int_eq(fclose(out), 0);
	ck_assert_int_eq(make_folders(own("objects")), 0);
	const char *const compile[] = { "gcc", "-w", "-O0", "--coverage", "-c",
		own("count.c"), "-o", own("objects/count.o"), NULL };
	const char *const link[] = { "gcc", "--coverage",
		own("objects/count.o"), "-o", own("count"), NULL };
	run(compile, NULL);
	run(link, NULL);
	ck_assert_int_eq(coverage_prepare(own("objects"), own("counters")), 0);
}

/* Runs the program so that its counters stand in counters/. */
static void run_program(void)
{
	const char *const argv[] = { own("count"), NULL };
	char prefix[PATH_MAX + 16];
	snprintf(prefix, sizeof(prefix), "GCOV_PREFIX=%s", own("counters"));
	const char *const env[] = { prefix, "GCOV_PREFIX_STRIP=999", NULL };
	run(argv, env);
}

/* What gcovr makes of FOLDER. */
static int cover(const char *folder, json_t **ret_files)
{
	struct gcovr gcovr;
	struct sandbox sandbox = { .sort = SANDBOX_LIMITS, .root = workbook() };
	struct cell cell = { .enclosure = CELL_ENCLOSURE, .sandbox = &sandbox };
	int rc = coverage_start(folder, &cell, &gcovr);
	return rc < 0 ? rc : coverage_finish(&gcovr, ret_files);
}

/* The lines of the program after a run of it; *ret_files owns them. */
static const json_t *covered_lines(json_t **ret_files)
{
	run_program();
	ck_assert_int_eq(cover(own("counters"), ret_files), 0);
	const json_t *lines = coverage_lines(*ret_files, own("count.c"));
	ck_assert_ptr_nonnull(lines);
	return lines;
}

START_TEST(each_line_has_run_as_often_as_it_did)
{
	static const long truth[20] = {
		[1] = 0, [3] = 0, [6] = 1, [8] = 1, [9] = 6, [10] = 5,
		[11] = 2, [12] = 1, [13] = 1, [16] = 1, [18] = 1,
	};
	json_t *files;
	build_program(0, NULL);
	const json_t *lines = covered_lines(&files);
	for (int line = 1; line < 20; line++) {
		if (truth[line] || line == 1 || line == 3)
			ck_assert_msg(coverage_line(lines, line) == truth[line],
				      "line %d ran %ld times", line,
				      coverage_line(lines, line));
	}
	ck_assert_int_eq(coverage_line(lines, 5), -1);
	ck_assert_int_eq(coverage_line(lines, 2), -1);
	ck_assert_int_eq(coverage_line(lines, 4711), -1);
	json_decref(files);
}
END_TEST

/* Whether the two branches of LINE were taken A and B times, in whichever
 * order the compiler laid them. */
static bool branches_are(const json_t *lines, int line, long a, long b)
{
	long first = coverage_branch(lines, line, 0);
	long second = coverage_branch(lines, line, 1);
	return (first == a && second == b) || (first == b && second == a);
}

START_TEST(each_branch_was_taken_as_often_as_it_was)
{
	json_t *files;
	build_program(0, NULL);
	const json_t *lines = covered_lines(&files);
	ck_assert(branches_are(lines, 9, 5, 1));
	ck_assert(branches_are(lines, 10, 2, 3));
	ck_assert(branches_are(lines, 12, 1, 0));
	ck_assert_int_eq(coverage_branch(lines, 12, 2), -1);
	ck_assert_int_eq(coverage_branch(lines, 8, 0), -1);
	ck_assert_int_eq(coverage_branch(lines, 4711, 0), -1);
	json_decref(files);
}
END_TEST

/* Counts the taken branches by their line. */
static void note_taken(int line, int index, void *data)
{
	int *taken = data;
	ck_assert_int_ge(index, 0);
	ck_assert_int_lt(line, 20);
	taken[line]++;
}

START_TEST(only_taken_branches_are_told)
{
	json_t *files;
	int taken[20] = { 0 };
	build_program(0, NULL);
	const json_t *lines = covered_lines(&files);
	coverage_taken(lines, note_taken, taken);
	ck_assert_int_eq(taken[9], 2);
	ck_assert_int_eq(taken[10], 2);
	ck_assert_int_eq(taken[12], 1);
	ck_assert_int_eq(taken[3] + taken[8] + taken[13], 0);
	json_decref(files);
}
END_TEST

START_TEST(markers_of_the_learners_exclude_nothing)
{
	static const char *const markers[] = {
		"	return n + 1; /* GCOVR_EXCL_LINE */",
		"	return n + 1; /* GCOV_EXCL_LINE LCOV_EXCL_LINE */",
		"	/* GCOVR_EXCL_START */ return n + 1;",
	};
	for (size_t i = 0; i < sizeof(markers) / sizeof(*markers); i++) {
		json_t *files;
		remove_tree(own("counters"));
		build_program(3, markers[i]);
		const json_t *lines = covered_lines(&files);
		ck_assert_msg(coverage_line(lines, 3) == 0, "%s", markers[i]);
		json_decref(files);
	}
}
END_TEST

START_TEST(a_configuration_of_the_learners_is_not_read)
{
	json_t *files;
	build_program(0, NULL);
	own_file("counters/gcovr.cfg", "exclude = .*\n");
	const json_t *lines = covered_lines(&files);
	ck_assert_int_eq(coverage_line(lines, 13), 1);
	json_decref(files);
}
END_TEST

START_TEST(modules_in_the_folder_of_counters_are_not_loaded)
{
	json_t *files;
	build_program(0, NULL);
	own_file("counters/json.py", "raise SystemExit(9)\n");
	own_file("counters/gcovr.py", "raise SystemExit(9)\n");
	ck_assert_int_eq(coverage_line(covered_lines(&files), 11), 2);
	json_decref(files);
}
END_TEST

/* A gcovr that is a script, and whose modules cannot be loaded but by it. */
static void put_script(void)
{
	char path[2 * PATH_MAX];
	ck_assert_int_eq(make_folders(own("bin")), 0);
	ck_assert_int_eq(make_folders(own("modules/gcovr")), 0);
	own_file("modules/gcovr/__init__.py", "");
	own_file("modules/gcovr/__main__.py", "raise ImportError\n");
	own_file("bin/gcovr", "#!/usr/bin/python3\n"
		 "print('{\"files\": [{\"file\": \"a.c\", \"lines\": []}]}')\n");
	ck_assert_int_eq(chmod(own("bin/gcovr"), 0755), 0);
	snprintf(path, sizeof(path), "%s:%s", own("bin"), getenv("PATH"));
	ck_assert_int_eq(setenv("PATH", path, 1), 0);
	ck_assert_int_eq(setenv("PYTHONPATH", own("modules"), 1), 0);
}

START_TEST(a_gcovr_that_cannot_be_loaded_is_started_by_its_script)
{
	json_t *files = NULL;
	build_program(0, NULL);
	run_program();
	put_script();
	ck_assert_int_eq(cover(own("counters"), &files), 0);
	ck_assert_ptr_nonnull(coverage_lines(files, "/a.c"));
	json_decref(files);
}
END_TEST

START_TEST(another_path_has_no_lines)
{
	json_t *files;
	build_program(0, NULL);
	covered_lines(&files);
	ck_assert_ptr_null(coverage_lines(files, own("other.c")));
	ck_assert_ptr_null(coverage_lines(files, "count.c"));
	ck_assert_int_eq(coverage_line(NULL, 1), -1);
	ck_assert_int_eq(coverage_branch(NULL, 1, 0), -1);
	json_decref(files);
}
END_TEST

START_TEST(a_folder_without_data_is_no_data_and_never_zero)
{
	json_t *files = NULL;
	ck_assert_int_eq(make_folders(own("empty")), 0);
	ck_assert_int_eq(cover(own("empty"), &files), -ENODATA);
	ck_assert_ptr_null(files);
}
END_TEST

START_TEST(code_that_never_ran_has_run_0_times)
{
	json_t *files;
	build_program(0, NULL);
	ck_assert_int_eq(cover(own("counters"), &files), 0);
	const json_t *lines = coverage_lines(files, own("count.c"));
	ck_assert_ptr_nonnull(lines);
	ck_assert_int_eq(coverage_line(lines, 13), 0);
	json_decref(files);
}
END_TEST

START_TEST(a_missing_gcovr_is_said_so)
{
	json_t *files = NULL;
	build_program(0, NULL);
	run_program();
	ck_assert_int_eq(setenv("PATH", own("none"), 1), 0);
	ck_assert_int_eq(cover(own("counters"), &files), -ENOENT);
	ck_assert_ptr_null(files);
}
END_TEST

START_TEST(only_notes_are_linked_into_the_folder_of_counters)
{
	struct stat status;
	build_program(0, NULL);
	ck_assert_int_eq(lstat(own("counters/count.gcno"), &status), 0);
	ck_assert(S_ISLNK(status.st_mode));
	ck_assert_int_eq(lstat(own("counters/count.o"), &status), -1);
	ck_assert_int_eq(coverage_prepare(own("none"), own("more")), -ENOENT);
}
END_TEST

TEST_PROGRAM("coverage",
	     each_line_has_run_as_often_as_it_did,
	     each_branch_was_taken_as_often_as_it_was,
	     only_taken_branches_are_told,
	     markers_of_the_learners_exclude_nothing,
	     a_configuration_of_the_learners_is_not_read,
	     modules_in_the_folder_of_counters_are_not_loaded,
	     a_gcovr_that_cannot_be_loaded_is_started_by_its_script,
	     another_path_has_no_lines,
	     a_folder_without_data_is_no_data_and_never_zero,
	     code_that_never_ran_has_run_0_times,
	     a_missing_gcovr_is_said_so,
	     only_notes_are_linked_into_the_folder_of_counters)
